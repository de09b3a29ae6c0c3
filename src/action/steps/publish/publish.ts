import * as core from '@actions/core';
import { SosBenchError } from '../../../error.ts';
import type { CheckSubject } from '../../../github/check/check-api.ts';
import { concludeCheck, isUndecided, openCheck, sweepChecks } from '../../../github/check/check-run.ts';
import type { Conclusion } from '../../../github/check/check-sections.ts';
import { postComment } from '../../../github/comment/comment.ts';
import { markOutdated } from '../../../github/comment/mark-outdated.ts';
import type { SectionOf } from '../../../github/comment/marker.ts';
import type { EventContext, Pull } from '../../../github/event.ts';
import type { Posted } from '../../../github/post.ts';
import { renderFailure } from '../../../report/comment/failure.ts';
import { writeHeadline } from '../../../report/comment/headline.ts';
import { writeLosses } from '../../../report/comment/losses.ts';
import { inputDefault } from '../../../settings/action-inputs.ts';
import { isTrustedBranch, parseBaseBranches } from '../../../settings/trust/base.ts';
import { type Connection, originOf, stampOf } from '../../connection.ts';
import { type ActionInputs, readInput, readSettingInput } from '../../inputs.ts';
import { names, readMatrix } from '../../leg.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { type Claimant, findClaimant, isAskedFor } from '../compare/claim.ts';
import type { Report } from '../compare/judge.ts';
import { failureOf } from './failure.ts';

/** Where a report goes on GitHub: a pull request, and the commit the check stands on. */
export interface ReportTarget {
  pull: Pull | null;
  sha: string;
  /** Whose claim the record is; null where it is nobody's. */
  claimant: Claimant | null;
  /** Whether somebody who may write had just this commit evaluated: then the report may stand for claims. */
  isAskedFor: boolean;
  /** The branch that it goes into. */
  into: string;
}

/** Where the report goes; null where the event has no commit to report on. */
export function reportTargetOf(event: EventContext | null): ReportTarget | null {
  if (event?.kind === 'pull') return reportTargetOfPull(event, event.pull, true);
  if (event?.kind === 'commit' && event.event === 'merge_group' && event.base !== null) {
    const into = event.base.branch;
    return { pull: null, sha: event.sha, claimant: null, isAskedFor: false, into };
  }
  return null;
}

/** @param isKnown whether the run says which commit it evaluated. */
export function reportTargetOfPull(event: EventContext | null, pull: Pull, isKnown: boolean): ReportTarget {
  return {
    pull,
    sha: pull.headSha,
    claimant: findClaimant(event, pull, isKnown),
    isAskedFor: isAskedFor(event, isKnown),
    into: pull.baseRef,
  };
}

/**
 * Whether a target's report counts for the check of its commit: the check is the same for all pull requests that have the commit as
 * their head, and one into a branch that anybody may push to must not turn it green.
 */
export function hasCheck(inputs: ActionInputs, event: EventContext, { into }: ReportTarget): boolean {
  if (trustedBase(inputs, event)(into)) return true;
  core.notice(
    `No check is set: ${into} is neither the default branch nor one that base-branches lists, and a check counts for the commit wherever it goes.`,
  );
  return false;
}

function trustedBase(
  { baseBranches }: ActionInputs,
  { defaultBranch }: EventContext,
): (branch: string) => boolean {
  const listed = parseBaseBranches(baseBranches ?? '');
  return (branch) => isTrustedBranch(branch, defaultBranch, listed);
}

/** A report that was begun, to be ended whatever happens. */
export interface CheckHandle {
  conclude(conclusion: Conclusion, title: string, summary: (budget: number) => string): Promise<void>;
  /** Ends it without a report: in the check, and on the comment that stands there of an older commit. */
  fail(error: unknown): Promise<void>;
}

/**
 * Opens the check before the work begins, and ends those that older runs left open. One that could not be opened is made when
 * it is concluded.
 */
export async function beginCheck(
  inputs: ActionInputs,
  connection: Connection,
  target: ReportTarget | null,
): Promise<CheckHandle> {
  const conclude = await openOwn(inputs, connection, target);
  return {
    conclude,
    async fail(error) {
      const isCancelled = error instanceof SosBenchError && error.code === 'interrupted';
      const title = isCancelled ? 'Cancelled' : 'Could not run';
      const summary = renderFailure(failureOf(error), title);
      await conclude(isCancelled ? 'cancelled' : 'failure', title, () => summary);
      await markOld(inputs, connection, target, isCancelled ? 'was cancelled' : 'could not be done');
    },
  };
}

async function openOwn(
  inputs: ActionInputs,
  connection: Connection,
  target: ReportTarget | null,
): Promise<CheckHandle['conclude']> {
  const { event, client } = connection;
  const nothing = async () => undefined;
  if (!inputs.check || client === null || event === null || target === null) return nothing;
  if (!hasCheck(inputs, event, target)) return nothing;
  const subject = checkSubject(inputs, connection, event, target);
  const running = { title: 'Evaluating', summary: () => 'The model is being evaluated.' };
  const opened = await openCheck(client, subject, running);
  warnUnlessPosted(opened);
  // Told once; what else keeps a check from being opened may have passed when there is a verdict.
  if (!opened.posted && opened.code === 'permission-missing') return nothing;
  if (opened.posted) {
    core.info(`The check '${subject.name}' is open.`);
    warnUnlessPosted(await sweepChecks(client, subject));
  }
  let isOwn = false;
  return async (conclusion, title, summary) => {
    const known = opened.posted ? { id: opened.id } : {};
    const output = { title, summary };
    const concluded = await concludeCheck(client, subject, { conclusion, output, isOwn, ...known });
    warnUnlessPosted(concluded);
    isOwn = concluded.posted;
    if (concluded.posted && concluded.keptWorse !== undefined) {
      core.warning(
        `The check '${subject.name}' stays as another job of this run left it: ${concluded.keptWorse}. ${OWN_ID}`,
        { title: 'SOS-Bench: two jobs, one check' },
      );
    }
  };
}

/** What jobs need that no matrix tells apart. */
const OWN_ID = 'Give each job a `report-id` of its own, or make them the jobs of one matrix.';

/** The comment of an older commit must not pass for one of this. */
async function markOld(
  inputs: ActionInputs,
  { event, client, runUrl }: Connection,
  target: ReportTarget | null,
  what: string,
): Promise<void> {
  if (!inputs.comment || client === null || event === null || target === null || target.pull === null) return;
  const log = runUrl === null ? '' : `: [its log](${runUrl})`;
  const outdated = await markOutdated(client, {
    pull: target.pull.number,
    stamp: stampOf(event, inputs.reportId, target.sha),
    describe: ({ sha }) =>
      `> [!WARNING]\n> **This report is of an older commit,** \`${sha.slice(0, 12)}\`. The run on ` +
      `\`${target.sha.slice(0, 12)}\` ${what}${log}.`,
    origin: originOf({ pull: target.pull }),
  });
  warnUnlessPosted(outdated);
}

/** Which check the inputs mean, of this run. */
export function checkSubject(
  inputs: ActionInputs,
  { runUrl }: Connection,
  event: EventContext,
  target: ReportTarget,
): CheckSubject {
  return {
    name: inputs.checkName,
    stamp: stampOf(event, inputs.reportId, target.sha),
    section: {
      pull: target.pull?.number ?? null,
      ...checkLeg(inputs),
      isClaim: target.claimant !== null,
      isConfirming: isConfirming(target),
    },
    isTrustedBase: trustedBase(inputs, event),
    ...(runUrl === null ? {} : { detailsUrl: runUrl }),
    ...(target.pull === null ? {} : { origin: originOf({ pull: target.pull }) }),
  };
}

/** Of jobs whose checks have names of their own none waits for another; one whose name tells some of them apart waits for those it sees. */
function checkLeg({ leg, checkName }: ActionInputs): Pick<SectionOf, 'leg' | 'legs'> {
  if (leg === null) return {};
  const named =
    checkName === inputDefault('check-name')
      ? 'nothing'
      : names(checkName, readMatrix(readInput('matrix')) ?? {});
  const legs = { all: 1, some: 0, nothing: leg.of }[named];
  return { leg: leg.name, ...(legs > 0 && { legs }) };
}

/** A report of a part of what the policy asks for decides nothing for the rest: not of some benchmarks, and not of the mini suite. */
function isConfirming({ isAskedFor }: ReportTarget): boolean {
  return isAskedFor && readSettingInput('benchmarks') === '' && readSettingInput('suite') !== 'mini';
}

/**
 * Concludes the check that a claim has left undecided, where this report may: of a whole evaluation that somebody asked for, of the
 * head. It has a check of its own beside, unless that is the same.
 */
export async function concludeClaim(
  inputs: ActionInputs,
  connection: Connection,
  target: ReportTarget | null,
  output: { conclusion: Conclusion; title: string; summary: (budget: number) => string },
): Promise<void> {
  const { event, client } = connection;
  if (!inputs.check || client === null || event === null || target === null || !isConfirming(target)) return;
  const name = readInput('claim-check');
  if (name === inputs.checkName || !trustedBase(inputs, event)(target.into)) return;
  const subject = { ...checkSubject(inputs, connection, event, target), name };
  const isClaimed = target.pull !== null && (target.pull.isFork || target.pull.isDependabot);
  if (!isClaimed && !(await isUndecided(client, subject))) return;
  const { conclusion, title, summary } = output;
  warnUnlessPosted(await concludeCheck(client, subject, { conclusion, output: { title, summary } }));
}

/** Posts the report on the pull request; its address, or null where it could not be posted. */
export async function postReport(
  inputs: ActionInputs,
  { event, client }: Connection,
  target: ReportTarget | null,
  report: Report,
): Promise<string | null> {
  if (!inputs.comment || client === null || event === null || target === null || target.pull === null)
    return null;
  const posted = await postComment(client, {
    pull: target.pull.number,
    stamp: stampOf(event, inputs.reportId, target.sha),
    render: (budget) => withLosses(report, budget),
    leg: inputs.leg,
    origin: originOf({ pull: target.pull }),
  });
  warnUnlessPosted(posted);
  if (posted.posted && posted.replaced) {
    core.warning(
      `Another job of this run has posted report '${inputs.reportId}'; its comment was replaced. ${OWN_ID}`,
      {
        title: 'SOS-Bench: two jobs, one comment',
      },
    );
  }
  return posted.posted ? posted.url : null;
}

/** The comment, with the hidden line that `accept` reads. */
function withLosses({ verdict, render }: Report, budget: number): string {
  const line = verdict === null ? '' : writeLosses(verdict);
  return line === ''
    ? render({ budget })
    : `${render({ budget: budget - Buffer.byteLength(line) - 2 }).trimEnd()}\n\n${line}\n`;
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
export async function writeJobSummary(markdown: string, { environment }: ActionRuntime): Promise<void> {
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
