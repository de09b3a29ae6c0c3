import { basename, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { withLocalJudge } from '../../evaluate/local-judge/local-judge.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { type HeadToHeadOutcome, planHeadToHead, runHeadToHead } from '../../judge/ask/head-to-head-run.ts';
import type { PairJudge } from '../../judge/ask/judge.ts';
import type { JudgeManner } from '../../judge/ask/request-verdict.ts';
import { JUDGE_RETRY_POLICY, serverJudge } from '../../judge/ask/server-judge.ts';
import { encodeGames } from '../../record/games.ts';
import {
  describeHeadToHead,
  describeJudgePlan,
  headToHeadDocument,
} from '../../report/tables/head-to-head.ts';
import { judgeRequest } from '../../settings/evaluation.ts';
import { type KeyOf, type Settings, settingsOf } from '../../settings/table.ts';
import { writeFileAtomic } from '../../system/files/files.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import { keepHeapSmallest } from '../../system/process/small-heap.ts';
import { createProgress, type Progress } from '../../system/progress.ts';
import { addSettings, readSettings } from '../flags.ts';
import { areRecords, judgeRecords } from '../judge-records.ts';
import type { Runtime } from '../runtime.ts';

interface JudgeOptions {
  baseline: string;
  candidate: string;
  output: string;
  repeat?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function registerJudge(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('judge');
  const command = program
    .command('judge')
    .description("Have a model judge two models' answers to the same questions, each pair in both orders.")
    .requiredOption(
      '--baseline <FILE>',
      "Main's answers: JSON lines with id and answer, or as Arena-Hard has them; or the folder of main's record, whose model's answers are in answers-dir.",
    )
    .requiredOption('--candidate <FILE>', 'The answers that are held against them, likewise.');
  addSettings(command, keys)
    .addOption(
      new Option(
        '--output <DIR>',
        'Folder for games and result; a run there goes on with what is judged.',
      ).default('sos-bench-judge'),
    )
    .option('--repeat', 'Ask a tenth of the games twice, to see how often the judge disagrees with itself.')
    .option('--dry-run', 'Print games, tokens and cost, and ask nothing.')
    .option('--json', 'Print one JSON document.')
    .action(async (raw: Record<string, unknown>) => {
      keepHeapSmallest();
      const options = raw as unknown as JudgeOptions;
      const settings = await readSettings(keys, raw, runtime.cwd);
      const at = (path: string) => resolve(runtime.cwd, path);
      const records = { baseline: at(options.baseline), candidate: at(options.candidate) };
      if (await areRecords(records.baseline, records.candidate)) {
        return finish(await judgeFolders(records, settings, options, runtime));
      }
      const named = requireJudge(settings, options);
      const prompt = settings['judge-prompt'];
      const budget = {
        maxTokens: settings['judge-max-tokens'] ?? null,
        maxCost: settings['judge-max-cost'] ?? null,
        prices: settings['judge-prices'] ?? null,
      };
      const files = { questions: at(named.questions), ...records };
      const planned = await planHeadToHead(files, {
        mode: settings['judge-mode'],
        prompt: prompt === undefined ? undefined : at(prompt),
        verdictTokens: settings['judge-verdict-tokens'],
        repeat: options.repeat === true,
        budget,
      });
      for (const line of describeJudgePlan(planned, budget)) runtime.stderr.write(`${line}\n`);
      if (options.dryRun) {
        if (options.json) runtime.stdout.write(`${JSON.stringify(planned.estimate, null, 2)}\n`);
        return finish(EXIT.passed);
      }
      const folder = at(options.output);
      const progress = createProgress(runtime.stderr);
      const outcome = await interruptible(runtime, async (signal) => {
        const asking = { settings, named, manner: planned.manner, folder, progress, signal };
        try {
          return await withJudge(asking, runtime, (judge) =>
            runHeadToHead(planned, {
              judge,
              benchmark: basename(named.questions).replace(/\.jsonl$/, ''),
              ...{ folder, concurrency: settings['judge-concurrency'], budget, signal },
              onGame: (judged, total, used) =>
                progress.update({
                  ...{ fraction: judged / total, eta: null },
                  label: `${judged} of ${total} games, ${used.input + used.output} tokens`,
                }),
            }),
          );
        } finally {
          progress.stop();
        }
      });
      const document = headToHeadDocument(planned, outcome);
      const json = `${JSON.stringify(document, null, 2)}\n`;
      requireWhole(outcome, folder, named.server !== null);
      await writeFileAtomic(join(folder, 'games.parquet'), encodeGames([outcome.board], 'head-to-head'));
      await writeFileAtomic(join(folder, 'judge.json'), json);
      runtime.stdout.write(options.json ? json : `${describeHeadToHead(planned, outcome).join('\n')}\n`);
      finish(outcome.result.status === 'done' ? EXIT.passed : EXIT.failedPolicy);
    });
}

/** Judges the kept answers of two records' models. */
async function judgeFolders(
  records: { baseline: string; candidate: string },
  settings: Pick<Settings, KeyOf<'judge'>>,
  options: JudgeOptions,
  runtime: Runtime,
): Promise<ExitCode> {
  for (const flag of ['repeat', 'dryRun'] as const)
    if (options[flag])
      throw new SosBenchError(
        'usage',
        `--${flag === 'repeat' ? flag : 'dry-run'} is for two files of answers`,
        {
          hint: 'leave it out; sos-bench plan --stages judge prints games, tokens and cost',
        },
      );
  const request = judgeRequest(settings);
  if (request.server !== null) {
    const { host } = new URL(request.server);
    runtime.stderr.write(`The questions and both models' answers go to ${host}, and nowhere else.\n`);
  }
  const machine = {
    ...{ python: settings.python, device: settings.device ?? null, devices: settings.devices },
    ...{ tensorParallel: settings['tensor-parallel'] ?? null, stallTimeout: STALL_SECONDS },
  };
  const progress = createProgress(runtime.stderr);
  const { planned, outcome } = await interruptible(runtime, (signal) =>
    judgeRecords(records, request, { progress, signal, machine }, runtime),
  ).finally(() => progress.stop());
  runtime.stdout.write(
    options.json
      ? `${JSON.stringify(headToHeadDocument(planned, outcome), null, 2)}\n`
      : `${describeHeadToHead(planned, outcome).join('\n')}\n`,
  );
  return outcome.result.status === 'done' ? EXIT.passed : EXIT.failedPolicy;
}

type JudgeSettings = Pick<Settings, KeyOf<'judge'>>;

interface NamedJudge {
  /** Null for a model of this machine. */
  server: string | null;
  model: string;
  questions: string;
}

interface Asking {
  settings: JudgeSettings;
  named: NamedJudge;
  manner: JudgeManner;
  folder: string;
  progress: Progress;
  signal: AbortSignal;
}

/** The judge that the settings name: one behind a server, or a model of this machine, which is gone when `use` has ended. */
async function withJudge<Result>(
  { settings, named, manner, folder, progress, signal }: Asking,
  runtime: Runtime,
  use: (judge: PairJudge) => Promise<Result>,
): Promise<Result> {
  const { server, model } = named;
  const { cwd, environment, now, second } = runtime;
  if (server !== null) {
    progress.note(`The questions and both models' answers go to ${new URL(server).host}, and nowhere else.`);
    const endpoint = { url: server, key: environment.JUDGE_API_KEY || null, model };
    const retryPolicy = { ...JUDGE_RETRY_POLICY, ...(second && { backoff: [second] }) };
    return await use(serverJudge({ endpoint, manner, retryPolicy }));
  }
  const local = {
    ...{ model, modelArgs: settings['judge-model-args'], python: settings.python },
    ...{ device: settings.device ?? null, devices: settings.devices },
    tensorParallel: settings['tensor-parallel'] ?? null,
    ...{ stallTimeout: STALL_SECONDS, mode: settings['judge-mode'], manner, folder },
    concurrency: settings['judge-concurrency'],
  };
  const origin = { commit: null, branch: null, event: null };
  return await withLocalJudge(local, { cwd, environment, progress, signal, now, origin }, use);
}

/** As of a run's workers. */
const STALL_SECONDS = 1800;

/** @throws SosBenchError `usage`. */
function requireJudge(settings: JudgeSettings, { dryRun }: JudgeOptions): NamedJudge {
  const needed = ['judge-questions', ...(dryRun ? [] : (['judge-model'] as const))] as const;
  const missing = needed.filter((key) => settings[key] === undefined);
  if (missing.length > 0) {
    throw new SosBenchError('usage', `${missing.map((key) => `--${key}`).join(' and ')} must be given`, {
      hint: 'for example --judge-questions questions.jsonl --judge-server https://judge.example.com/v1 --judge-model NAME; without --judge-server the model is one of this machine',
    });
  }
  if (settings['judge-max-cost'] !== undefined && settings['judge-prices'] === undefined) {
    throw new SosBenchError('usage', 'judge-max-cost needs judge-prices: we have no list of prices', {
      hint: 'say what a million tokens cost, for example --judge-prices 3/15',
    });
  }
  const server = settings['judge-server']?.replace(/\/+$/, '') ?? null;
  if (server !== null && settings['judge-mode'] === 'choice') {
    throw new SosBenchError(
      'usage',
      'judge-mode choice is for a judge of this machine: a chat server does not tell how likely each verdict is',
      { hint: 'leave judge-server out and give a model as judge-model, or take --judge-mode verdict' },
    );
  }
  return { server, model: settings['judge-model'] ?? '', questions: settings['judge-questions']! };
}

/** @throws SosBenchError where games were left unasked. */
function requireWhole(
  { stopped, unasked, result }: HeadToHeadOutcome,
  folder: string,
  isServer: boolean,
): void {
  if (stopped === null) return;
  const left = `judged and kept in ${folder}: ${plural(result.games, 'game')}; left: ${unasked}`;
  const again = 'run the same command again: nothing is asked twice';
  if (stopped.kind === 'interrupted')
    throw new SosBenchError('interrupted', `stopped: ${left}`, { hint: again });
  if (stopped.kind === 'limit') {
    throw new SosBenchError('run-incomplete', `the next game could exceed ${stopped.limit}: ${left}`, {
      hint: `raise ${stopped.limit}, or ${again}`,
    });
  }
  const message = `${stopped.message}; ${left}`;
  if (isServer)
    throw new SosBenchError('server-failed', message, {
      hint: `see to the judge's server, judge-model and JUDGE_API_KEY, then ${again}`,
    });
  throw new SosBenchError('worker-failed', message, {
    hint: `see ${join(folder, 'logs')}; where memory ran out, take another device or judge-model-args dtype=bfloat16 or max_length=4096; then ${again}`,
  });
}
