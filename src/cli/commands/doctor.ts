import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Check } from '../../doctor/check.ts';
import { checkRepository } from '../../doctor/repository/check-repository.ts';
import { type Intent, runChecks } from '../../doctor/run-checks.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { readConfigFile } from '../../settings/config-file.ts';
import { JUDGE_PARTS, judgeRequest, liveBenchRequest, without } from '../../settings/evaluation.ts';
import { carriedTo, nameSettings } from '../../settings/named.ts';
import { DEFAULT_CONFIG_FILE } from '../../settings/resolve.ts';
import { settingsOf } from '../../settings/table.ts';
import { addSettings, readSettings } from '../flags.ts';
import { findRepository } from '../init/find-repository.ts';
import { readWorkflows } from '../init/read-workflows.ts';
import type { Runtime } from '../runtime.ts';

/** Settings that have no field of their own among what is looked at. */
const PARTS = [
  'include-path',
  'livebench-dir',
  'livebench-ref',
  'livebench-release',
  'allow-unsafe-code',
  ...JUDGE_PARTS,
] as const;

export function registerDoctor(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('doctor');
  const command = program
    .command('doctor')
    .description('Look at what a run needs: Python, GPUs, disk, Hub, model, data.');
  addSettings(command, keys)
    .option('--model <MODEL>', 'Model that a run would evaluate.')
    .option('--output <DIR>', 'Folder that a run would write to.')
    .option('--store <STORE>', 'Where records of main would be kept: branch or artifacts.')
    .option(
      '--start-server',
      'Start the server that LiveBench would be asked through, and have it answer a question.',
    )
    .option(
      '--repository <OWNER/NAME>',
      'Look at what is set in this repository on GitHub for the workflows of the checkout that stands here, and at nothing of this machine.',
    )
    .option('--json', 'Print one JSON document.')
    .action(async (options: Record<string, unknown>) => {
      const tell = (checks: readonly Check[]) => {
        runtime.stdout.write(options.json ? `${JSON.stringify({ checks }, null, 2)}\n` : render(checks));
        finish(checks.some(({ status }) => status === 'fail') ? EXIT.notDone : EXIT.passed);
      };
      if (typeof options.repository === 'string') {
        const { root, repository, apiUrl } = await findRepository(runtime);
        const workflows = await readWorkflows(root);
        tell(
          await checkRepository({
            ...{ repository: options.repository, workflows },
            environment: runtime.environment,
            apiUrl: repository === options.repository ? apiUrl : null,
          }),
        );
        return;
      }
      const settings = await readSettings(keys, options, runtime.cwd);
      const file = await readConfigFile({
        path: resolve(runtime.cwd, String(options.config ?? DEFAULT_CONFIG_FILE)),
        required: false,
      });
      const optional = (key: 'model' | 'output') => {
        const value = options[key] ?? file.values[key];
        return typeof value === 'string' ? value : null;
      };
      const stop = new AbortController();
      const release = runtime.onInterrupt(() => stop.abort());
      const checks = await runChecks(
        {
          model: optional('model'),
          output: optional('output'),
          store: typeof options.store === 'string' ? options.store : null,
          ...carriedTo<Intent>()(nameSettings(without(keys, PARTS), settings)),
          includePaths: settings['include-path'],
          livebench: liveBenchRequest(settings),
          judge: settings.stages.includes('judge') ? judgeRequest(settings) : null,
          startServer: options.startServer === true,
        },
        { ...runtime, signal: stop.signal, note: (text) => runtime.stderr.write(`${text}\n`) },
      ).finally(release);
      tell(checks);
    });
}

const MAX_CHARACTERS = 1000;

function render(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const lines = checks.map(({ id, status, message, hint }) => {
    const first = `${status.padEnd(4)}  ${id.padEnd(width)}  ${escapeTerminal(message, MAX_CHARACTERS)}\n`;
    return hint === null
      ? first
      : `${first}${' '.repeat(width + 8)}hint: ${escapeTerminal(hint, MAX_CHARACTERS)}\n`;
  });
  return lines.join('');
}
