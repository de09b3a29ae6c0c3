import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import {
  type CheckSubject,
  type Conclusion,
  concludeCheck,
  openCheck,
  sweepChecks,
} from '../../github/check-run.ts';
import { markOutdated, postComment } from '../../github/comment.ts';
import type { EventContext, Pull } from '../../github/event.ts';
import type { Posted } from '../../github/post.ts';
import { renderFailure } from '../../report/failure.ts';
import { writeHeadline } from '../../report/headline.ts';
import { writeLosses } from '../../report/losses.ts';
import { type Connection, originOf, stampOf } from '../connection.ts';
import type { DoorInputs } from '../inputs.ts';
import type { ActionWorld } from '../world.ts';
import { failureOf } from './failure.ts';
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

/** A report that was begun, to be ended whatever happens. */
export interface BegunReport {
  conclude(conclusion: Conclusion, title: string, summary: (budget: number) => string): Promise<void>;
  /** Ends it without a report: in the check, and on the comment that stands there of an older commit. */
  giveUp(error: unknown): Promise<void>;
}

/**
 * Opens the check before the work begins, and ends those that older runs left open. One that could not be opened is made when
 * it is concluded.
 */
export async function beginCheck(
  inputs: DoorInputs,
  connection: Connection,
  place: Place | null,
): Promise<BegunReport> {
  const conclude = await openOwn(inputs, connection, place);
  return {
    conclude,
    async giveUp(error) {
      const isCancelled = error instanceof SosBenchError && error.code === 'interrupted';
      const title = isCancelled ? 'Cancelled' : 'Could not run';
      const summary = renderFailure(failureOf(error), title);
      await conclude(isCancelled ? 'cancelled' : 'failure', title, () => summary);
      await markOld(inputs, connection, place, isCancelled ? 'was cancelled' : 'could not be done');
    },
  };
}

async function openOwn(
  inputs: DoorInputs,
  connection: Connection,
  place: Place | null,
): Promise<BegunReport['conclude']> {
  const { event, client } = connection;
  const nothing = async () => undefined;
  if (!inputs.check || client === null || event === null || place === null) return nothing;
  const subject = checkSubject(inputs, connection, event, place);
  const running = { title: 'Evaluating', summary: () => 'The model is being evaluated.' };
  const opened = await openCheck(client, subject, running);
  warnUnlessPosted(opened);
  // Told once; what else keeps a check from being opened may have passed when there is a verdict.
  if (!opened.posted && opened.code === 'permission-missing') return nothing;
  if (opened.posted) {
    core.info(`The check '${subject.name}' is open.`);
    warnUnlessPosted(await sweepChecks(client, subject));
  }
  return async (conclusion, title, summary) => {
    const known = opened.posted ? { id: opened.id } : {};
    const output = { title, summary };
    warnUnlessPosted(await concludeCheck(client, subject, { conclusion, output, ...known }));
  };
}

/** The comment of an older commit must not pass for one of this. */
async function markOld(
  inputs: DoorInputs,
  { event, client, runUrl }: Connection,
  place: Place | null,
  what: string,
): Promise<void> {
  if (!inputs.comment || client === null || event === null || place === null || place.pull === null) return;
  const log = runUrl === null ? '' : `: [its log](${runUrl})`;
  const outdated = await markOutdated(client, {
    pull: place.pull.number,
    stamp: stampOf(event, inputs.reportId, place.sha),
    describe: ({ sha }) =>
      `> [!WARNING]\n> **This report is of an older commit,** \`${sha.slice(0, 12)}\`. The run on ` +
      `\`${place.sha.slice(0, 12)}\` ${what}${log}.`,
    origin: originOf({ pull: place.pull }),
  });
  warnUnlessPosted(outdated);
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
    render: (budget) => withLosses(report, budget),
    origin: originOf({ pull: place.pull }),
  });
  warnUnlessPosted(posted);
  return posted.posted ? posted.url : null;
}

/** The comment, with the hidden line that `accept` reads. */
function withLosses({ verdict, render }: Report, budget: number): string {
  const line = verdict === null ? '' : writeLosses(verdict);
  return line === ''
    ? render(budget)
    : `${render(budget - Buffer.byteLength(line) - 2).trimEnd()}\n\n${line}\n`;
}

/** How a verdict concludes a check: nothing to compare with decides nothing. */
export function conclusionOf({ verdict, passed, objections }: Report): {
  conclusion: Conclusion;
  title: string;
} {
  const objection = objections.find(({ conclusion }) => conclusion === 'failure') ?? objections[0];
  const isPassed = verdict === null ? passed || objections.length > 0 : verdict.passed;
  if (objection !== undefined && isPassed) return objection;
  if (verdict === null) return { conclusion: passed ? 'neutral' : 'failure', title: 'No baseline' };
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
