import type { Command } from 'commander';
import { runDemo } from '../../demo/demo.ts';
import { describeEnd, describeTwoWays } from '../../demo/means-alone.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { renderCompareTable } from '../../report/tables/table.ts';
import { settingsOf } from '../../settings/table.ts';
import { interruptible } from '../../system/process/interruptible.ts';
import type { Verdict } from '../../verdict/schema.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';
import { progressOf, tableOptions } from '../terminal.ts';

const DEFAULTS = { output: 'sos-bench-demo' };

export function registerDemo(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('demo');
  const command = program
    .command('demo')
    .description(
      'Show the whole job on this machine: a small model, two damaged copies of it, and the verdicts.',
    );
  addSettings(command, keys, DEFAULTS)
    .option('--json', 'Print the verdict on the grossly damaged model as one JSON document.')
    .action(async (options: Record<string, unknown>) => {
      const settings = await readSettings(keys, options, runtime.cwd, DEFAULTS);
      const { verdict, mild, control, shortcomings } = await interruptible(runtime, (signal) =>
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
      const table = (found: Verdict) => renderCompareTable(found, tableOptions(human, runtime.environment));
      human.write(`\nThe grossly damaged model against main:\n${table(verdict)}`);
      human.write(`\nThe mildly damaged model against main:\n${table(mild.pairs)}`);
      human.write(`\nMain against a second run of itself: ${describeEnd(control)}\n`);
      human.write(`The grossly damaged model: ${describeEnd(verdict)}. Any comparison sees that.\n`);
      human.write(`The mildly damaged model: ${describeEnd(mild.pairs)}.\n`);
      for (const line of describeTwoWays(mild)) human.write(`${line}\n`);
      human.write(
        `\nIn ${settings.output}: records main, pr, mild and main-again; comment.md and verdict.json of pr, mild-comment.md and mild-verdict.json of mild\n`,
      );
      if (options.json) runtime.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
      for (const shortcoming of shortcomings) runtime.stderr.write(`error: ${shortcoming}\n`);
      finish(shortcomings.length === 0 ? EXIT.passed : EXIT.failedPolicy);
    });
}
