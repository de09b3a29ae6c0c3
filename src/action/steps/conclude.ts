import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { escapeTerminal } from '../../report/escape.ts';
import { renderFailure } from '../../report/failure.ts';
import { writeHeadline } from '../../report/headline.ts';
import type { Verdict } from '../../verdict/schema.ts';
import type { ActionWorld } from '../world.ts';
import { describeFailure, failureOf } from './failure.ts';
import { writeJobSummary } from './publish.ts';

/** Says the verdict in the log, and how the step ends. */
export function conclude(verdict: Verdict | null): ExitCode {
  if (verdict === null) {
    core.notice('There is no baseline to compare with; the scores are in the job summary.');
    return EXIT.passed;
  }
  const { title, text } = writeHeadline(verdict, escapeTerminal);
  if (verdict.passed) {
    core.info(`${title}. ${text}`);
    return EXIT.passed;
  }
  core.error(`${verdict.verdict}: ${title}. ${text}`, { title: `SOS-Bench: ${verdict.verdict}` });
  return EXIT.failedPolicy;
}

/** Says what could not be done, in the log and in the job summary. */
export async function reportFailure(error: unknown, world: ActionWorld): Promise<ExitCode> {
  core.error(describeFailure(error), {
    title: error instanceof SosBenchError ? 'SOS-Bench could not run' : 'SOS-Bench: this should not happen',
  });
  await writeJobSummary(renderFailure(failureOf(error)), world);
  return EXIT.notDone;
}
