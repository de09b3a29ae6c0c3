import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { arenaHardId, fetchArenaHard } from '../../evaluate/judge/fetch-arena-hard.ts';
import { ENVIRONMENT_NAMES, prepareEnvironments } from '../../evaluate/prepare-environments.ts';
import { prefetch } from '../../evaluate/questions/prefetch.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { liveBenchRequest } from '../../settings/evaluation.ts';
import { settingsOf } from '../../settings/table.ts';
import { cacheRoot } from '../../system/paths.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';
import { progressOf } from '../terminal.ts';

export function registerPrefetch(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('prefetch');
  const command = program
    .command('prefetch')
    .description('Fetch data sets and a model, so that run works offline.');
  addSettings(command, keys)
    .option('--model <MODEL>', 'Model on the Hub: hf:ORG/NAME@REVISION.')
    .option(
      '--judge-benchmarks <ID,...>',
      'Questions of arena-hard-v0.1 or arena-hard-v2, with the answers of the model they are compared with: into the folder judge of datasets-dir, for judge-questions and judge-reference.',
    )
    .option(
      '--environments <NAME,...>',
      `Build these Python environments, and fetch nothing else: ${ENVIRONMENT_NAMES.join(', ')}. For an image of runners; no GPU is needed.`,
    )
    .option('--json', 'Print one JSON document.')
    .action(async (options: Record<string, unknown>) => {
      if (typeof options.environments === 'string') {
        await buildEnvironments(listOf(options.environments), options, runtime);
        finish(EXIT.passed);
        return;
      }
      const settings = await readSettings(keys, options, runtime.cwd);
      const judged = await interruptible(runtime, (signal) =>
        fetchJudged(options.judgeBenchmarks, settings['datasets-dir'], runtime.cwd, signal),
      );
      const report = await interruptible(runtime, (signal) =>
        prefetch(
          {
            model: typeof options.model === 'string' ? options.model : null,
            datasetsDir: settings['datasets-dir'] ?? null,
            suite: settings.suite,
            benchmarks: settings.benchmarks,
            includePaths: settings['include-path'],
            stages: settings.stages,
            livebench: liveBenchRequest(settings),
            python: settings.python,
            backend: settings.backend,
            server: settings.server,
            devices: settings.devices,
            device: settings.device ?? null,
            trustRemoteCode: settings['trust-remote-code'],
            allowPickle: settings['allow-pickle'],
          },
          {
            cwd: runtime.cwd,
            environment: runtime.environment,
            progress: progressOf(runtime),
            signal,
          },
        ),
      );
      const document = { ...report, ...(judged.length > 0 && { judge: judged }) };
      if (options.json) runtime.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
      for (const { questions, reference } of judged)
        runtime.stderr.write(`here: judge-questions ${questions}, judge-reference ${reference}\n`);
      // Words of a server, and names of files.
      const say = (text: string) => runtime.stderr.write(`${escapeTerminal(text, 1000)}\n`);
      const { datasets, custom, livebench, model } = report;
      const things = [...datasets, ...(livebench === null ? [] : [{ id: 'LiveBench', ...livebench }])];
      const lacking = things.filter(({ reason }) => reason !== null);
      for (const { id, reason } of things) say(`${reason === null ? 'here' : 'lacking'}: ${reason ?? id}`);
      for (const name of custom)
        say(`left out: ${name} (of include-path): a run with a network fetches its data`);
      if (model !== null) runtime.stderr.write(`here: ${model.repository}@${model.revision}\n`);
      if (things.length + custom.length + judged.length === 0 && model === null)
        runtime.stderr.write('nothing to fetch: the questions of these benchmarks come with this program\n');
      if (lacking.length > 0) {
        throw new SosBenchError(
          'data-missing',
          `${lacking.length} of ${plural(things.length, 'thing')} could not be fetched`,
          {
            hint: 'the others are there; the lines above say why, and run skips the benchmarks that lack their data',
          },
        );
      }
      finish(EXIT.passed);
    });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** @throws SosBenchError `usage` where something is named beside the environments, which would not be fetched. */
async function buildEnvironments(
  names: readonly string[],
  options: Record<string, unknown>,
  runtime: Runtime,
): Promise<void> {
  const beside = ['model', 'datasetsDir', 'judgeBenchmarks'].filter((key) => options[key] !== undefined);
  if (names.length === 0 || beside.length > 0)
    throw new SosBenchError(
      'usage',
      '--environments takes names of environments, and nothing is fetched beside them',
      {
        hint: `give one or more of ${ENVIRONMENT_NAMES.join(', ')}; fetch data and models by a command of its own`,
      },
    );
  const progress = progressOf(runtime);
  const built = await interruptible(runtime, (signal) =>
    prepareEnvironments(names, {
      cache: cacheRoot(runtime.environment),
      environment: runtime.environment,
      note: (text) => progress.note(text),
      signal,
    }),
  );
  if (options.json) runtime.stdout.write(`${JSON.stringify({ environments: built }, null, 2)}\n`);
  for (const { name, python } of built)
    runtime.stderr.write(`here: ${name} (${escapeTerminal(python, 1000)})\n`);
}

/** The questions of judge benchmarks that do not come with this program. */
async function fetchJudged(
  named: unknown,
  datasetsDir: string | undefined,
  cwd: string,
  signal: AbortSignal,
): Promise<{ id: string; questions: string; reference: string }[]> {
  if (typeof named !== 'string') return [];
  const ids = listOf(named).map(arenaHardId);
  if (datasetsDir === undefined)
    throw new SosBenchError('usage', '--judge-benchmarks needs --datasets-dir', {
      hint: 'say where to put the files: --datasets-dir DIR puts them into DIR/judge',
    });
  const folder = join(resolve(cwd, datasetsDir), 'judge');
  const fetched = [];
  for (const id of ids) fetched.push({ id, ...(await fetchArenaHard(id, { folder, signal })) });
  return fetched;
}
