import type { Entry } from './entry.ts';

/** What the run says of itself, from the event and the API; never from the record. */
export interface RunContext {
  /** The repository the run belongs to, `owner/name`. */
  repository: string;
  /** The repository its commit is from; null when that was deleted. */
  headRepository: string | null;
  defaultBranch: string;
  /** The branch that was pushed to, or that the schedule ran on. */
  branch: string | null;
  event: string;
  headSha: string;
}

export const BASELINE_EVENTS: readonly string[] = ['push', 'schedule'];

/** Whether an entry may become a baseline. */
export type Admission = { admitted: true; reason: null } | { admitted: false; reason: string };

/**
 * Baselines come only from `push` and `schedule` runs on the default branch of the repository itself, of the very commit the
 * run was started for: whoever can open a pull request could otherwise choose what the next one is compared with.
 *
 * @param recordCommit the commit the record says it is of.
 */
export function admit(
  entry: Pick<Entry, 'sha' | 'repository' | 'branch' | 'event' | 'complete'>,
  recordCommit: string | null,
  context: RunContext,
): Admission {
  const admission = admitRun(context);
  if (!admission.admitted) return admission;
  const { repository, branch, event, headSha } = context;
  return firstFailed([
    [entry.sha === headSha, `the entry is of ${entry.sha}, the run of ${headSha}`],
    [
      recordCommit === headSha,
      `the record is of ${recordCommit ?? 'no known commit'}, the run of ${headSha}`,
    ],
    [entry.event === event, `the entry says event '${entry.event}', the run '${event}'`],
    [entry.branch === branch, `the entry says branch '${entry.branch}', the run '${branch}'`],
    [
      entry.repository === repository,
      `the entry says repository '${entry.repository}', the run '${repository}'`,
    ],
    [entry.complete, 'its evaluation is incomplete'],
  ]);
}

/** Whether a run may bring baselines at all, whatever it left. */
export function admitRun({
  repository,
  headRepository,
  defaultBranch,
  branch,
  event,
}: Omit<RunContext, 'headSha'>): Admission {
  return firstFailed([
    [
      BASELINE_EVENTS.includes(event),
      `the run was started by '${event}'; baselines come from push and schedule`,
    ],
    [
      headRepository === repository,
      `the commit is from ${headRepository ?? 'a deleted repository'}, not from ${repository}`,
    ],
    [branch === defaultBranch, `the run was on '${branch ?? 'no branch'}', not on '${defaultBranch}'`],
  ]);
}

function firstFailed(checks: readonly [boolean, string][]): Admission {
  const failed = checks.find(([holds]) => !holds);
  return failed ? { admitted: false, reason: failed[1] } : { admitted: true, reason: null };
}
