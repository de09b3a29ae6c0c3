import type { Client } from '../client.ts';
import type { Need } from '../commands/permission.ts';
import { createOnce } from '../comment/create-once.ts';
import { checkSha, compareRuns } from '../comment/marker.ts';
import { ask, type Posted, post } from '../post.ts';
import {
  type CheckOutput,
  type CheckRun,
  type CheckState,
  type CheckSubject,
  createRun,
  listPulls,
  listRuns,
  ownSummary,
  updateRun,
  wholeStamp,
} from './check-api.ts';
import { awaitedLegs, isSameReport, isStoodFor } from './check-legs.ts';
import {
  CONCLUSIONS,
  type Conclusion,
  newestRuns,
  newestSections,
  present,
  putTogether,
  type SectionRun,
  sectionKey,
} from './check-sections.ts';

/** How a check is to end. */
export interface Conclude {
  conclusion: Conclusion;
  output: CheckOutput;
}

export type CheckPosted = Posted<{
  id: number;
  /** Title of what another job of the same run has said in this very check, and what still stands there since it is worse. */
  keptWorse?: string;
}>;

/** Most rounds of looking at all check runs of a commit and setting them right. */
const ROUNDS = 6;

/** Opens the check before the work begins, so that a required check never stays away. Opening twice gives the same one. */
export async function openCheck(
  client: Client,
  subject: CheckSubject,
  output: CheckOutput,
): Promise<CheckPosted> {
  return post(needFor(subject, `open the check '${subject.name}'`), async () => {
    const state = { conclusion: null, said: null, output };
    const run = (await findOwn(client, subject)) ?? (await createCheck(client, subject, state));
    return { posted: true, id: run.id, url: run.url };
  });
}

/**
 * Concludes the check of this run and attempt, wherever it was opened; where it was not, it is made, concluded at once.
 *
 * A check belongs to a commit: where several reports share its name (two pull requests with one head, the claim of a fork and the
 * evaluation that confirms it), all end as the worst of them. Each keeps in its own check run what it said itself, and nobody else
 * writes that; so reports that end at once lose nothing, and the last one to look sets all of them right. Jobs of a matrix that
 * share a report have a check run each, and all stay open until each of them has reported.
 *
 * @param id from `openCheck`, where the caller still has it.
 * @param isOwn whether this very caller has concluded it before: else what stands there is another job's, and the worse stays.
 */
export async function concludeCheck(
  client: Client,
  subject: CheckSubject,
  { isOwn = false, ...given }: Conclude & { id?: number; isOwn?: boolean },
): Promise<CheckPosted> {
  return post(needFor(subject, `conclude the check '${subject.name}'`), async () => {
    const pulls = await listPulls(client, subject);
    const runs = await listRuns(client, subject);
    const known = runs.find((run) => (given.id === undefined ? isOf(run, subject) : run.id === given.id));
    const worse = isOwn ? null : worseThan(given.conclusion, known);
    const run =
      worse ??
      (await writeOwn(client, subject, { ...given, id: given.id ?? known?.id ?? null, runs, pulls }));
    await align(client, subject, run, pulls);
    return {
      ...{ posted: true, id: run.id, url: run.url },
      ...(worse === null ? {} : { keptWorse: worse.said!.title }),
    };
  });
}

/**
 * Concludes as cancelled the checks that older runs of this report opened on this sha and never concluded. Gives how
 * many there were.
 */
export async function sweepChecks(client: Client, subject: CheckSubject): Promise<Posted<{ swept: number }>> {
  return post(needFor(subject, `conclude old checks '${subject.name}'`), async () => {
    const { run, attempt } = subject.stamp;
    const stale = (await listRuns(client, subject)).filter(
      ({ status, stamp }) =>
        status !== 'completed' &&
        (stamp.run < run ? isOfReport(stamp, subject) : isSameSection(stamp, subject)) &&
        compareRuns(stamp, subject.stamp) < 0,
    );
    const output = {
      title: 'Cancelled',
      summary: () => `This run ended without a verdict. Run ${run}, attempt ${attempt}, took its place.`,
    };
    for (const run of stale) await updateRun(client, run, alone({ conclusion: 'cancelled', output }));
    return { posted: true, url: null, swept: stale.length };
  });
}

/** Whether a report on the subject's pull request, of that name and commit, has left the check undecided or is a claim. */
export async function isUndecided(client: Client, subject: CheckSubject): Promise<boolean> {
  const runs = await ask(needFor(subject, `look for the check '${subject.name}'`), () =>
    listRuns(client, subject),
  );
  return runs.some(
    ({ stamp, said }) =>
      stamp.pull === (subject.section?.pull ?? null) &&
      (stamp.isClaim || said?.conclusion === 'action_required'),
  );
}

/** What became of the checks that a run's own job may have left open. */
export interface Settled {
  /** `left`: there was nothing to do; `made`: the job had opened none. */
  outcome: 'concluded' | 'made' | 'left';
  /** Checks of older runs that were left open. */
  swept: number;
}

/**
 * Ends what the job that did the work left open, for a job that runs after it whatever happened: this run's checks, of any
 * attempt, and those of older runs as `sweepChecks` does. What a concluded check says is never touched.
 *
 * @param missing what to say where this run has no check at all; null to make none.
 */
export async function settleChecks(
  client: Client,
  subject: CheckSubject,
  { open, missing }: { open: Conclude; missing: Conclude | null },
): Promise<Posted<Settled>> {
  return post(needFor(subject, `conclude the check '${subject.name}'`), async () => {
    const { leg } = wholeStamp(subject);
    const own = (await listRuns(client, subject)).filter(
      ({ stamp }) =>
        stamp.run === subject.stamp.run &&
        (leg === null ? isOfReport(stamp, subject) : isSameSection(stamp, subject)),
    );
    const written = new Map(own.map((run) => [run.id, run]));
    const settle = async (run: CheckRun) => written.set(run.id, await updateRun(client, run, alone(open)));
    const unfinished = own.filter(({ status }) => status !== 'completed');
    const silent = unfinished.filter(({ said }) => said === null);
    // The jobs of a matrix first: what stands for all of them may need nothing then.
    for (const run of silent.filter(({ stamp }) => stamp.leg !== null)) await settle(run);
    for (const run of silent.filter(({ stamp }) => stamp.leg === null)) {
      if (!isStoodFor(run, newestRuns([...written.values()]))) await settle(run);
    }
    const isAwaiting = own.some(
      ({ stamp }) => awaitedLegs(stamp, newestRuns([...written.values()])) !== null,
    );
    const make = own.length === 0 ? missing : isAwaiting && leg === null ? open : null;
    const made = make && (await createCheck(client, subject, alone(make)));
    const last = made ?? [...written.values()].at(-1);
    if (last !== undefined && (made !== null || unfinished.length > 0)) {
      await align(client, subject, last, await listPulls(client, subject));
    }
    const outcome = unfinished.length > 0 ? 'concluded' : made !== null ? 'made' : 'left';
    const swept = await sweepChecks(client, subject);
    return swept.posted ? { posted: true, url: null, outcome, swept: swept.swept } : swept;
  });
}

function needFor({ stamp, origin }: CheckSubject, doing: string): Need {
  checkSha(stamp.sha);
  return {
    doing,
    permission: { checks: 'write' },
    target: `commit ${stamp.sha.slice(0, 12)}`,
    ...(origin && { origin }),
  };
}

/** Writes what this report says, ended as all say together: a commit's check is not green for as long as a worse one is looked up. */
async function writeOwn(
  client: Client,
  subject: CheckSubject,
  {
    conclusion,
    output,
    id,
    runs,
    pulls,
  }: Conclude & { id: number | null; runs: readonly CheckRun[]; pulls: readonly number[] | null },
): Promise<CheckRun> {
  const own: SectionRun = {
    id: id ?? Number.MAX_SAFE_INTEGER,
    stamp: wholeStamp(subject),
    said: { conclusion, title: output.title, ...(wholeStamp(subject).leg === null && { isReport: true }) },
  };
  const state = together([...runs.filter((run) => run.id !== id), own], own, pulls, output.summary);
  const run =
    id === null ? await createCheck(client, subject, state) : await updateRun(client, { ...own, id }, state);
  // One that was made when the answer was lost may be open still.
  const isDone = run.status === 'completed' || state.conclusion === null;
  return isDone ? run : await updateRun(client, run, state);
}

/** The check run where another job of the same run and attempt has ended it worse. */
function worseThan(conclusion: Conclusion, known: CheckRun | undefined): CheckRun | null {
  if (known?.said == null) return null;
  return CONCLUSIONS.indexOf(known.said.conclusion) < CONCLUSIONS.indexOf(conclusion) ? known : null;
}

/** Sets right, after a write, all check runs of the commit that do not say what all say together. */
async function align(
  client: Client,
  subject: CheckSubject,
  written: CheckRun,
  pulls: readonly number[] | null,
): Promise<void> {
  for (let round = 1; round <= ROUNDS; round++) {
    const listed = await listRuns(client, subject);
    // A listing may lag behind: what GitHub said it has is there.
    const runs = [
      ...listed.filter(({ id }) => id !== written.id),
      listed.find(({ id }) => id === written.id) ?? written,
    ];
    const newest = newestRuns(runs);
    const current = newestSections(runs);
    let wrong = 0;
    for (const run of runs) {
      const isForAll = newest.includes(run) && isStoodFor(run, newest);
      // Who still works concludes its own; what a later run of the same report took the place of is history.
      if (!isForAll && (run.said === null || !current.includes(run))) continue;
      const state = together(runs, run, pulls, () => ownSummary(run), subject.section?.pull ?? null);
      if (run.conclusion === state.conclusion && run.title === state.output.title) continue;
      await updateRun(client, run, state);
      wrong++;
    }
    if (wrong === 0) return;
    await client.pause(1);
  }
}

/**
 * How a check run is written, given all of the commit's. One that a later run of its report took the place of stands alone; one whose
 * report waits for other jobs of its matrix stays open.
 */
function together(
  runs: readonly SectionRun[],
  own: SectionRun,
  pulls: readonly number[] | null,
  summary: CheckOutput['summary'],
  pull = own.stamp.pull,
): CheckState {
  const newest = newestRuns(runs);
  const isForAll = newest.includes(own) && isStoodFor(own, newest);
  const said = own.said;
  if (said !== null && !isForAll && !newestSections(runs).includes(own)) {
    return { conclusion: said.conclusion, said, output: { title: said.title, summary } };
  }
  const all = putTogether(runs, pulls, pull);
  if (isForAll) {
    const { title, others } = present(all, { ...own, said: null });
    return {
      conclusion: all.conclusion,
      said: { conclusion: all.conclusion, title },
      output: { title, summary },
      others,
    };
  }
  const { title, others } = present(all, own);
  const legs = own.stamp.leg === null ? null : awaitedLegs(own.stamp, newest);
  return legs === null
    ? { conclusion: all.conclusion, said, output: { title, summary }, others }
    : {
        conclusion: null,
        said,
        output: { title: `${legs.reported} of ${legs.of} jobs have reported`, summary },
        others,
      };
}

/** As a report says it by itself. */
function alone({ conclusion, output }: Conclude): CheckState & { conclusion: Conclusion } {
  return { conclusion, said: { conclusion, title: output.title }, output };
}

async function createCheck(client: Client, subject: CheckSubject, state: CheckState): Promise<CheckRun> {
  return createOnce(client, {
    find: () => findOwn(client, subject),
    create: () => createRun(client, subject, state),
  });
}

/** The check of exactly this run and attempt. */
async function findOwn(client: Client, subject: CheckSubject): Promise<CheckRun | null> {
  return (await listRuns(client, subject)).find((run) => isOf(run, subject)) ?? null;
}

function isOf({ stamp }: CheckRun, subject: CheckSubject): boolean {
  return isSameSection(stamp, subject) && compareRuns(stamp, subject.stamp) === 0;
}

/** Whether it is of the subject's report; what a version before sections left counts as of the same. */
function isSameSection(stamp: CheckRun['stamp'], subject: CheckSubject): boolean {
  const own = wholeStamp(subject);
  return (own.leg === null && isOld(stamp, own)) || sectionKey(stamp) === sectionKey(own);
}

/** Whether it is of the subject's report, by whichever job of a matrix. */
function isOfReport(stamp: CheckRun['stamp'], subject: CheckSubject): boolean {
  const own = wholeStamp(subject);
  return isOld(stamp, own) || isSameReport(stamp, own);
}

function isOld(stamp: CheckRun['stamp'], own: CheckRun['stamp']): boolean {
  return stamp.pull === null && stamp.report === own.report && stamp.leg === null;
}
