import type { EventContext, Pull } from '../../../github/event.ts';

/** The commit a report is about, and what it is to be merged into. */
export interface Subject {
  sha: string | null;
  /** Null where there is nothing to merge into: a push, a schedule. */
  base: { sha: string; branch: string } | null;
}

export function subjectOfPull({ headSha, baseSha, baseRef }: Pull): Subject {
  return { sha: headSha, base: { sha: baseSha, branch: baseRef } };
}

export function subjectOf(event: EventContext | null): Subject {
  if (event?.kind === 'pull') return subjectOfPull(event.pull);
  if (event?.kind === 'commit') return { sha: event.sha, base: event.base };
  return { sha: null, base: null };
}

/** Whether a run judges a state of the main branch, where drift fails it, and not a change that is to be merged. */
export function isOfMain(event: EventContext | null, subject: Subject): boolean {
  return event?.kind === 'commit' && event.isDefaultBranch && subject.base === null;
}
