import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { renderComment } from '../../report/comment/comment.ts';
import { renderCompareCsv } from '../../report/tables/csv.ts';
import { renderJunit } from '../../report/tables/junit.ts';
import { renderCompareTable } from '../../report/tables/table.ts';
import type { Verdict } from '../../verdict/schema.ts';
import { summarise } from '../../verdict/summary.ts';
import { addComparison, type ComparisonFlags, compareRecords, reproduceComparison } from '../comparison.ts';
import { addLogging, type LogFlags, logResults } from '../logging.ts';
import type { Runtime } from '../runtime.ts';
import { tableOptions } from '../terminal.ts';

interface CompareFlags extends ComparisonFlags, LogFlags {
  format: 'table' | 'markdown' | 'csv' | 'junit';
  json?: boolean;
}

export function registerCompare(program: Command, runtime: Runtime, finish: (code: ExitCode) => void): void {
  const command = program.command('compare').description("Compare a candidate's record with a baseline's.");
  addLogging(addComparison(command))
    .addOption(
      new Option('--format <FORMAT>', 'How to print.')
        .choices(['table', 'markdown', 'csv', 'junit'])
        .default('table'),
    )
    .option('--json', 'Print the verdict as one JSON document.')
    .action(async (flags: CompareFlags) => {
      const { verdict, candidate, preset } = await compareRecords(flags, runtime);
      runtime.stdout.write(print(verdict, flags, runtime));
      if (flags.log !== undefined)
        await logResults(
          { record: candidate.record, summary: summarise(candidate, preset), verdict },
          flags,
          runtime,
        );
      finish(verdict.passed ? EXIT.passed : EXIT.failedPolicy);
    });
}

function print(verdict: Verdict, flags: CompareFlags, runtime: Runtime): string {
  if (flags.json) return `${JSON.stringify(verdict, null, 2)}\n`;
  switch (flags.format) {
    case 'csv':
      return renderCompareCsv(verdict);
    case 'junit':
      return renderJunit(verdict);
    case 'markdown':
      return renderComment(verdict, { now: runtime.now(), reproduce: reproduceComparison(verdict, flags) });
    case 'table':
      return renderCompareTable(verdict, tableOptions(runtime.stdout, runtime.environment));
  }
}
