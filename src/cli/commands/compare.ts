import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderComment } from '../../report/comment.ts';
import { renderCompareTable } from '../../report/table.ts';
import { policyOf } from '../../settings/policy.ts';
import { settingsOf } from '../../settings/table.ts';
import { compare } from '../../verdict/compare.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { World } from '../world.ts';

export function registerCompare(program: Command, world: World, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('compare');
  const command = program.command('compare').description("Compare a candidate's record with a baseline's.");
  addSettings(command, keys)
    .requiredOption('--baseline <RECORD>', "Record folder of the main branch's model.")
    .requiredOption('--candidate <RECORD>', "Record folder of the pull request's model.")
    .addOption(
      new Option('--format <FORMAT>', 'How to print.').choices(['table', 'markdown']).default('table'),
    )
    .option('--json', 'Print the verdict as one JSON document.')
    .action(async (options: Record<string, unknown> & { baseline: string; candidate: string }) => {
      const settings = await readSettings(keys, options, world.cwd);
      const baseline = await readRecord(resolve(world.cwd, options.baseline));
      const candidate = await readRecord(resolve(world.cwd, options.candidate));
      const verdict = compare(baseline, candidate, { policy: policyOf(settings) });
      if (options.json) world.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
      else if (options.format === 'markdown') {
        const reproduce = `sos-bench compare --baseline ${options.baseline} --candidate ${options.candidate}`;
        world.stdout.write(renderComment(verdict, { now: world.now(), reproduce }));
      } else world.stdout.write(renderCompareTable(verdict, { colour: world.stdout.isTTY ?? false }));
      finish(verdict.passed ? EXIT.passed : EXIT.failedPolicy);
    });
}
