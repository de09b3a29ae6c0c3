import type { Command } from 'commander';
import { runDemo } from '../../demo/demo.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { renderCompareTable } from '../../report/tables/table.ts';
import { settingsOf } from '../../settings/table.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';
import { progressOf, tableOptions } from '../terminal.ts';

const DEFAULTS = { output: 'sos-bench-demo' };

export function registerDemo(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('demo');
  const command = program
    .command('demo')
    .description('Show the whole job on this machine: a small model, a damaged copy of it, and the verdict.');
  addSettings(command, keys, DEFAULTS)
    .option('--json', 'Print the verdict on the damaged model as one JSON document.')
    .action(async (options: Record<string, unknown>) => {
      const settings = await readSettings(keys, options, runtime.cwd, DEFAULTS);
      const { verdict, control, shortcomings } = await interruptible(runtime, (signal) =>
        runDemo(settings, {
          cwd: runtime.cwd,
          environment: runtime.environment,
          progress: progressOf(runtime),
          signal,
          now: runtime.now,
          origin: { commit: null, branch: null, event: 'demo' },
        }),
      );
      const human = options.json ? runtime.stderr : runtime.stdout;
      human.write(
        `\nThe damaged model against main:\n${renderCompareTable(verdict, tableOptions(human, runtime.environment))}`,
      );
      human.write(
        `\nMain against a second run of itself: ${control.verdict}, ${control.passed ? 'passed' : 'failed'}\n`,
      );
      human.write(`\nRecords, comment.md and verdict.json are in ${settings.output}\n`);
      if (options.json) runtime.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
      for (const shortcoming of shortcomings) runtime.stderr.write(`error: ${shortcoming}\n`);
      finish(shortcomings.length === 0 ? EXIT.passed : EXIT.failedPolicy);
    });
}
