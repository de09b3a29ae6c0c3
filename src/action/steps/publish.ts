import * as core from '@actions/core';
import {
  type CheckSubject,
  type Conclusion,
  concludeCheck,
  openCheck,
  sweepChecks,
} from '../../github/check-run.ts';
import { postComment } from '../../github/comment.ts';
import type { EventContext, Pull } from '../../github/event.ts';
import type { Posted } from '../../github/post.ts';
import { writeHeadline } from '../../report/headline.ts';
import { type Connection, originOf, stampOf } from '../connection.ts';
import type { DoorInputs } from '../inputs.ts';
import type { ActionWorld } from '../world.ts';
import type { Report } from './judge.ts';

/** A report's place on GitHub: a pull request, and the commit the check stands on. */
export interface Place {
  pull: Pull | null;
  sha: string;
}

/** Where the report goes; null where the event has no commit to report on. */
export function placeOf(event: EventContext | null): Place | null {
  if (event?.kind === 'pull') return { pull: event.pull, sha: event.pull.headSha };
  if (event?.kind === 'commit' && event.event === 'merge_group') return { pull: null, sha: event.sha };
  return null;
}

/** A check that was opened, to be concluded whatever happens. */
export interface OpenCheck {
  conclude(conclusion: Conclusion, title: string, summary: (budget: number) => string): Promise<void>;
}

const NO_CHECK: OpenCheck = { conclude: async () => undefined };

/** Opens the check before the work begins, and ends those that older runs left open. */
export async function beginCheck(
  inputs: DoorInputs,
  connection: Connection,
  place: Place | null,
): Promise<OpenCheck> {
  const { event, client } = connection;
  if (!inputs.check || client === null || event === null || place === null) return NO_CHECK;
  const subject = checkSubject(inputs, connection, event, place);
  const running = { title: 'Evaluating', summary: () => 'The model is being evaluated.' };
  const opened = await openCheck(client, subject, running);
  warnUnlessPosted(opened);
  if (!opened.posted) return NO_CHECK;
  core.info(`The check '${subject.name}' is open.`);
  warnUnlessPosted(await sweepChecks(client, subject));
  return {
    async conclude(conclusion, title, summary) {
      const output = { title, summary };
      warnUnlessPosted(await concludeCheck(client, subject, { conclusion, output, id: opened.id }));
    },
  };
}

/** Which check the inputs mean, of this run. */
export function checkSubject(
  inputs: DoorInputs,
  { runUrl }: Connection,
  event: EventContext,
  place: Place,
): CheckSubject {
  return {
    name: inputs.checkName,
    stamp: stampOf(event, inputs.reportId, place.sha),
    ...(runUrl === null ? {} : { detailsUrl: runUrl }),
    ...(place.pull === null ? {} : { origin: originOf({ pull: place.pull }) }),
  };
}

/** Posts the report on the pull request; its address, or null where it could not be posted. */
export async function postReport(
  inputs: DoorInputs,
  { event, client }: Connection,
  place: Place | null,
  report: Report,
): Promise<string | null> {
  if (!inputs.comment || client === null || event === null || place === null || place.pull === null)
    return null;
  const posted = await postComment(client, {
    pull: place.pull.number,
    stamp: stampOf(event, inputs.reportId, place.sha),
    render: report.render,
    origin: originOf({ pull: place.pull }),
  });
  warnUnlessPosted(posted);
  return posted.posted ? posted.url : null;
}

/** How a verdict concludes a check: nothing to compare with decides nothing. */
export function conclusionOf({ verdict }: Report): { conclusion: Conclusion; title: string } {
  if (verdict === null) return { conclusion: 'neutral', title: 'No baseline' };
  const { title } = writeHeadline(verdict, (text) => text);
  if (!verdict.passed) return { conclusion: 'failure', title };
  const undecided = verdict.verdict === 'no-baseline' || verdict.verdict === 'not-comparable';
  return { conclusion: undecided ? 'neutral' : 'success', title };
}

/** A step without a summary file (another CI, an old runner) still has its log. */
export async function writeJobSummary(markdown: string, { environment }: ActionWorld): Promise<void> {
  if (!environment.GITHUB_STEP_SUMMARY) return;
  try {
    await core.summary.addRaw(markdown, true).write();
  } catch (error) {
    core.warning(`the job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}

/** What could not be posted is said, and changes no verdict. */
export function warnUnlessPosted(posted: Posted): void {
  if (!posted.posted) core.warning(posted.warning, { title: 'SOS-Bench: not posted' });
}
