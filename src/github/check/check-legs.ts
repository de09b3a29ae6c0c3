import { compareRuns, type RunStamp } from '../comment/marker.ts';

/** Of a section: which report and job it is of, and what that said; null while the work goes on. */
interface LegRun {
  stamp: RunStamp;
  said: { isReport?: boolean | undefined } | null;
}

/** How far the jobs are that share one report, in its newest run. */
export interface Legs {
  /** Those that have said what they found. */
  reported: number;
  of: number;
}

/**
 * The sections that count, of those that are the newest of their kind: without what an earlier run of the same report left, and
 * without what was opened or ended for all jobs of a report together, once each of them has spoken for itself.
 */
export function currentSections<Run extends LegRun>(newest: readonly Run[]): Run[] {
  return newest.filter(
    (run) =>
      !newest.some(({ stamp }) => isSameReport(stamp, run.stamp) && stamp.run > run.stamp.run) &&
      !isStoodFor(run, newest),
  );
}

/**
 * Whether the jobs of its report have taken a section's place: it names no leg, as that of a job before them, and all of them have
 * spoken since. One that was ended for jobs that were lost gives way as soon as these are run again. What a job beside the matrix
 * reported with the same id stays.
 */
export function isStoodFor({ stamp, said }: LegRun, newest: readonly LegRun[]): boolean {
  if (stamp.leg !== null || said?.isReport) return false;
  const legs = legsOf(stamp, newest);
  if (legs.length === 0 || legs.length < countOf(legs) || legs.some((leg) => leg.said === null)) return false;
  const isSince = (leg: LegRun) => leg.stamp.attempt >= stamp.attempt;
  return said === null ? legs.every(isSince) : legs.some(isSince);
}

/** What is still to come of the jobs that share a section's report; null where nothing is. */
export function awaitedLegs(stamp: RunStamp, newest: readonly LegRun[]): Legs | null {
  const legs = legsOf(stamp, newest);
  const [reported, of] = [legs.filter(({ said }) => said !== null).length, countOf(legs)];
  if (reported >= Math.max(of, legs.length)) return null;
  // Ended for all: no more will come.
  const isOver = newest.some(
    (run) =>
      run.stamp.leg === null &&
      run.said !== null &&
      !run.said.isReport &&
      run.stamp.run === stamp.run &&
      isSameReport(run.stamp, stamp) &&
      legs.every((leg) => compareRuns(leg.stamp, run.stamp) <= 0),
  );
  return isOver && legs.every(({ said }) => said !== null)
    ? null
    : { reported, of: Math.max(of, legs.length) };
}

/** Whether two sections are of one report on one pull request, by whatever run and job. */
export function isSameReport(a: RunStamp, b: RunStamp): boolean {
  return a.report === b.report && a.pull === b.pull && a.isClaim === b.isClaim;
}

/** The sections of the jobs that share the report in the same run. */
function legsOf(stamp: RunStamp, newest: readonly LegRun[]): LegRun[] {
  return newest.filter(
    (run) => run.stamp.leg !== null && run.stamp.run === stamp.run && isSameReport(run.stamp, stamp),
  );
}

function countOf(legs: readonly LegRun[]): number {
  return Math.max(0, ...legs.map(({ stamp }) => stamp.legs ?? 0));
}
