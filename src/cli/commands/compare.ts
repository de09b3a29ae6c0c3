import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { SosBenchError } from '../../error.ts';
import { planBeside } from '../../evaluate/planning/plan-beside.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { renderComment } from '../../report/comment/comment.ts';
import { renderCompareCsv } from '../../report/tables/csv.ts';
import { renderCompareTable } from '../../report/tables/table.ts';
import { readCalibration } from '../../settings/calibration-file.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { policyOf } from '../../settings/policy.ts';
import { settingsOf } from '../../settings/table.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { compare } from '../../verdict/compare.ts';
import { type ChangeModel, learnChanges } from '../../verdict/measure/borrowing/expected-change.ts';
import type { Verdict } from '../../verdict/schema.ts';
import { addSettings, inputFlag, readLocatedSettings } from '../flags.ts';
import type { Runtime } from '../runtime.ts';

interface CompareFlags extends Record<string, unknown> {
  baseline: string;
  candidate: string;
  anchor?: string;
  failOnDrift?: boolean;
  runSpread?: string;
  earlier?: string[];
  force?: boolean;
  format: 'table' | 'markdown' | 'csv';
  json?: boolean;
}

export function registerCompare(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const keys = settingsOf('compare');
  const command = program.command('compare').description("Compare a candidate's record with a baseline's.");
  addSettings(command, keys)
    .requiredOption('--baseline <RECORD>', "Record folder of the main branch's model.")
    .requiredOption('--candidate <RECORD>', "Record folder of the pull request's model.")
    .option(...inputFlag('anchor'))
    .option('--fail-on-drift', 'Fail on drift from the anchor, as on the main branch; else it is a warning.')
    .option(...inputFlag('run-spread'))
    .option(
      '--earlier <RECORD...>',
      'Records of main before the baseline, oldest first: what they changed teaches which answers a change turns.',
    )
    .option('--force', 'Compare what was evaluated in different ways all the same; the report warns of it.')
    .addOption(
      new Option('--format <FORMAT>', 'How to print.').choices(['table', 'markdown', 'csv']).default('table'),
    )
    .option('--json', 'Print the verdict as one JSON document.')
    .action(async (flags: CompareFlags) => {
      const { settings, locationOf, includePaths } = await readLocatedSettings(keys, flags, runtime.cwd);
      const read = (folder: string) => readRecord(resolve(runtime.cwd, folder));
      const [baseline, candidate] = [await read(flags.baseline), await read(flags.candidate)];
      const anchor = flags.anchor === undefined ? null : await read(flags.anchor);
      const earlier: LoadedRecord[] = [];
      for (const folder of flags.earlier ?? []) earlier.push(await read(folder));
      const records = [baseline, candidate, ...(anchor === null ? [] : [anchor])];
      await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records, locationOf });
      const plan = await planBeside(candidate, candidate.record.planHash);
      const verdict = compare(baseline, candidate, {
        policy: policyOf(settings),
        benchmarks: settings.benchmarks,
        force: flags.force ?? false,
        anchor,
        learned: earlier.length === 0 ? null : requireLearned([...earlier, baseline]),
        failOnDrift: flags.failOnDrift ?? false,
        calibration:
          flags.runSpread === undefined ? null : await readCalibration(resolve(runtime.cwd, flags.runSpread)),
        looks: plan && { plan, stopOn: settings['stop-on'] },
      });
      // Boundaries and drops of another's plan may be made to hold anything.
      if (verdict.looks !== undefined && candidate.record.planHash !== baseline.record.planHash)
        verdict.warnings.push(describeOwnPlan(plan!));
      runtime.stdout.write(print(verdict, flags, runtime));
      finish(verdict.passed ? EXIT.passed : EXIT.failedPolicy);
    });
}

function describeOwnPlan({ planHash, sequential }: Plan): string {
  return (
    `The looks are those of the plan in the candidate's folder (hash ${planHash}), and whoever made that record may have made the plan. ` +
    `To be sure, make it yourself with 'sos-bench plan --looks ${sequential!.looks}' and the settings of your main branch: the hash has to be the same.`
  );
}

/** Who names records to learn from is told where they teach nothing. */
function requireLearned(records: readonly LoadedRecord[]): ChangeModel {
  const learned = learnChanges(records);
  if (learned !== null) return learned;
  throw new SosBenchError('usage', 'the records of --earlier teach nothing of which answers a change turns', {
    hint:
      'it takes two models in succession (the last is the baseline), evaluated alike, with margins of the same questions of options ' +
      '(records that run left), and 50 answers that turned; leave --earlier out to do without',
  });
}

function print(verdict: Verdict, flags: CompareFlags, runtime: Runtime): string {
  if (flags.json) return `${JSON.stringify(verdict, null, 2)}\n`;
  switch (flags.format) {
    case 'csv':
      return renderCompareCsv(verdict);
    case 'markdown': {
      const only = verdict.asked === null ? '' : ` --benchmarks ${verdict.asked.join()}`;
      const reproduce = `sos-bench compare --baseline ${flags.baseline} --candidate ${flags.candidate}${only}`;
      return renderComment(verdict, { now: runtime.now(), reproduce });
    }
    case 'table':
      return renderCompareTable(verdict, { colour: runtime.stdout.isTTY ?? false });
  }
}
