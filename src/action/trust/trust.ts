import type { EventContext, Pull } from '../../github/event.ts';
import { askUnless } from '../../github/post.ts';
import { findJudge, parseBaseBranches, type RunTrigger } from '../../settings/trust/base.ts';
import type { Connection } from '../connection.ts';
import type { Subject } from '../steps/compare/subject.ts';
import type { Base } from './base-file.ts';

/** Who judges this run. Every entry point asks it once, and decides by it what it may believe. */
export interface Trust {
  /** Whether the workspace holds what a change claims. */
  isChange: boolean;
  /** What the change is called in a sentence. */
  what: 'pull request' | 'change';
  /** The commit whose files judge; null where the checkout itself does, or where none is known. */
  base: Base | null;
  /** How a workflow names that commit, for hints. */
  expression: string;
  /** What the reader of the report should know. */
  notes: string[];
}

/** A run that is not a change's: the checkout is trusted. */
const OWN: Trust = { isChange: false, what: 'change', base: null, expression: 'github.sha', notes: [] };

/** A run that has no business with the workspace. */
export const NO_CHECKOUT: Trust = { ...OWN, isChange: true };

/**
 * Who judges this run: see docs/trust.md.
 *
 * @param pull the pull request that is reported on, where the event is not its own.
 * @param newest whether the newest commit of the branch is asked for, where there is a token: the policy is always that one's.
 * @throws SosBenchError as every request to GitHub.
 */
export async function findTrust(
  { event, client }: Pick<Connection, 'event' | 'client'>,
  {
    baseBranches,
    pull = null,
    newest = false,
  }: { baseBranches: string | null; pull?: Pull | null; newest?: boolean },
): Promise<Trust> {
  if (event === null) return OWN;
  const judge = findJudge(factsOf(event, pull), parseBaseBranches(baseBranches ?? ''));
  if (judge.kind === 'checkout') return OWN;
  const what = pull !== null || event.kind === 'pull' ? 'pull request' : 'change';
  const found: Trust = { isChange: true, what, base: null, expression: expressionOf(event), notes: [] };
  const { branch } = judge;
  const isMoving = judge.kind === 'tip' || (newest && isOfPull(event, pull));
  const tip = isMoving && branch !== null && client !== null ? await findTip(client, branch) : null;
  if (tip !== null && branch !== null) return { ...found, base: { sha: tip, branch } };
  if (judge.kind === 'commit') return { ...found, base: { sha: judge.sha, branch: judge.branch } };
  found.notes.push(
    `This ${what} does not go into the default branch or one of base-branches, and without a github-token the tip of the ` +
      'default branch could not be read: it was judged by the inputs of the workflow alone.',
  );
  return found;
}

/** The commit that a report is about, with the base that judges it: a change into another branch is compared with the default branch. */
export function judgedBy(trust: Trust, subject: Subject): Subject {
  return subject.base === null || trust.base === null ? subject : { ...subject, base: trust.base };
}

function expressionOf(event: EventContext): string {
  if (event.kind === 'pull') return 'github.event.pull_request.base.sha';
  return event.kind === 'commit' && event.base !== null ? 'github.event.merge_group.base_sha' : 'github.sha';
}

function isOfPull(event: EventContext, pull: Pull | null): boolean {
  return pull !== null || event.kind === 'pull';
}

function factsOf(event: EventContext, pull: Pull | null): RunTrigger {
  const { event: name, defaultBranch } = event;
  const own = pull ?? (event.kind === 'pull' ? event.pull : null);
  if (own !== null) {
    const into = { sha: own.baseSha, branch: own.baseRef };
    return { event: name, defaultBranch, sha: null, branch: null, into };
  }
  if (event.kind === 'commit')
    return { event: name, defaultBranch, sha: event.sha, branch: event.branch, into: event.base };
  return { event: name, defaultBranch, sha: null, branch: null, into: null };
}

/** The newest commit of a branch; null where there is no such branch any more. */
async function findTip(client: NonNullable<Connection['client']>, branch: string): Promise<string | null> {
  const need = {
    doing: `find the tip of ${branch}`,
    permission: { contents: 'read' } as const,
  };
  return await askUnless(need, [404, 409, 422], async () => {
    const { data } = await client.rest.git.getRef({ ...client.repository, ref: `heads/${branch}` });
    return data.object.sha;
  });
}
