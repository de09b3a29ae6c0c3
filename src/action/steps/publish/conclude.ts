import * as core from '@actions/core';
import { SosBenchError } from '../../../error.ts';
import { EXIT, type ExitCode } from '../../../exit-code.ts';
import { escapeTerminal } from '../../../markdown/escape.ts';
import { renderFailure } from '../../../report/comment/failure.ts';
import { writeHeadline } from '../../../report/comment/headline.ts';
import { logLine } from '../../../system/log-line.ts';
import type { ActionRuntime } from '../../runtime.ts';
import type { Report } from '../compare/judge.ts';
import { describeFailure, failureOf } from './failure.ts';
import { writeJobSummary } from './publish.ts';

/** Says the verdict in the log, and how the step ends. */
export function conclude({
  verdict,
  passed,
  objections,
}: Pick<Report, 'verdict' | 'passed' | 'objections'>): ExitCode {
  for (const { title, text } of objections) core.error(text, { title: `SOS-Bench: ${title}` });
  if (verdict === null) {
    const text = 'There is no baseline to compare with; the scores are in the job summary.';
    if (passed) {
      core.notice(text);
      return EXIT.passed;
    }
    if (objections.length > 0) return EXIT.failedPolicy;
    core.error(`no-baseline: ${text} The policy fails on that (fail-on).`, {
      title: 'SOS-Bench: no-baseline',
    });
    return EXIT.failedPolicy;
  }
  const { title, text } = writeHeadline(verdict, escapeTerminal);
  if (verdict.passed) {
    core.info(logLine(`${title}. ${text}`));
    return passed ? EXIT.passed : EXIT.failedPolicy;
  }
  core.error(`${verdict.verdict}: ${title}. ${text}`, { title: `SOS-Bench: ${verdict.verdict}` });
  return EXIT.failedPolicy;
}

/** Says what could not be done, in the log and in the job summary. */
export async function reportFailure(error: unknown, runtime: ActionRuntime): Promise<ExitCode> {
  core.error(describeFailure(error), {
    title: error instanceof SosBenchError ? 'SOS-Bench could not run' : 'SOS-Bench: internal error',
  });
  await writeJobSummary(`### 🔴 SOS-Bench: could not run\n\n${renderFailure(failureOf(error))}`, runtime);
  return EXIT.notDone;
}
