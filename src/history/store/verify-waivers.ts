import { SosBenchError } from '../../error.ts';
import type { Client } from '../../github/client.ts';
import { mayWrite } from '../../github/commands/authorise.ts';
import { parseComment } from '../../github/commands/commands.ts';
import { askUnless } from '../../github/post.ts';
import type { AcceptedLoss, Waiver } from '../../verdict/schema.ts';
import { MAX_WAIVER_DAYS } from './waiver-file.ts';
import { isActive } from './waivers.ts';

const DAY_MS = 86_400_000;

/** More than these are not asked about in one report: each takes requests, and anybody who may write to the store can add some. */
const MAX_ASKED = 50;

/** What a report is about, as far as waivers hold for it. */
export interface WaiverSubject {
  /** The pull request that is reported on; null on the main branch. */
  pull: number | null;
  /** The commit and branch that merged pull requests are looked for in; null in a pull request. */
  main: { sha: string; branch: string } | null;
}

export interface WaiverRules {
  now: Date;
  /** Whether a pull request's author may accept its drops: policy, read from the base. */
  authorMayAccept: boolean;
  /** Null where GitHub cannot be asked. */
  client: Client | null;
  /** Whether waivers that nobody can check count all the same: the operator's own word, where there is no client. */
  trustUnverified: boolean;
}

export interface FoundWaivers {
  waivers: Waiver[];
  /** Those that were ignored, by name and with the reason, in words for the report. */
  notes: string[];
}

interface WholeWaiver extends Waiver {
  pull: number;
  comment: number;
  accepted: AcceptedLoss[];
}

/**
 * Of the stored waivers those that hold for a report. Who may push can write to the store, so what an entry says counts only where
 * GitHub confirms it now: the comment that asked is there on that pull request, was never edited, accepts just that target, and its
 * author has write permission and is not the pull request's own. On the main branch the pull request has to be merged into it, and
 * the commit to have it.
 */
export async function findWaivers(
  stored: readonly Waiver[],
  subject: WaiverSubject,
  rules: WaiverRules,
): Promise<FoundWaivers> {
  const found: FoundWaivers = { waivers: [], notes: [] };
  const ask = askerOf(rules);
  let asked = 0;
  // The newest first: older ones are left out where there are too many.
  for (const waiver of stored.filter((one) => isActive(one, rules.now)).toReversed()) {
    const reason = await refuse(waiver, subject, ask, () => ++asked > MAX_ASKED);
    if (reason === 'elsewhere') continue;
    if (reason === null) found.waivers.unshift(waiver);
    else found.notes.unshift(`A waiver for ${waiver.target.id} by ${waiver.by} was ignored: ${reason}.`);
  }
  return found;
}

/** Why a waiver does not count; null where it does, `elsewhere` where the report is not about its pull request. */
async function refuse(
  waiver: Waiver,
  { pull, main }: WaiverSubject,
  ask: Asker,
  isTooMany: () => boolean,
): Promise<string | null> {
  const { created, expires } = waiver;
  if (!isWhole(waiver)) {
    return 'it names no pull request, comment or size, as those of earlier versions do; it has to be accepted again';
  }
  if (pull === null ? main === null : waiver.pull !== pull) return 'elsewhere';
  if (Date.parse(expires) - Date.parse(created) > MAX_WAIVER_DAYS * DAY_MS) {
    return `it lasts longer than ${MAX_WAIVER_DAYS} days`;
  }
  if (isTooMany()) return `there are more than ${MAX_ASKED} of them`;
  try {
    if (pull === null && main !== null && !(await ask.isMerged(waiver.pull, main))) return 'elsewhere';
    return await ask.why(waiver);
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return `it could not be checked (${error.message})`;
  }
}

function isWhole(waiver: Waiver): waiver is WholeWaiver {
  return waiver.pull !== undefined && waiver.comment !== undefined && (waiver.accepted ?? []).length > 0;
}

interface Asker {
  isMerged(pull: number, main: { sha: string; branch: string }): Promise<boolean>;
  why(waiver: WholeWaiver): Promise<string | null>;
}

function askerOf({ client, authorMayAccept, trustUnverified }: WaiverRules): Asker {
  if (client === null) {
    return {
      isMerged: async () => trustUnverified,
      why: async () =>
        trustUnverified
          ? null
          : 'there is no github-token to check it with; with `unverified-waivers: true` it counts without a check',
    };
  }
  const pulls = new Map<number, Promise<PullFacts | null>>();
  const fetchFacts = (pull: number) => {
    const answer = pulls.get(pull) ?? fetchPullFacts(client, pull);
    pulls.set(pull, answer);
    return answer;
  };
  return {
    async isMerged(pull, { sha, branch }) {
      const facts = await fetchFacts(pull);
      if (facts === null || facts.mergeSha === null || facts.base !== branch) return false;
      return facts.mergeSha === sha || (await isAncestor(client, facts.mergeSha, sha));
    },
    async why(waiver) {
      const problem = await findProblem(client, waiver);
      if (problem !== null) return problem;
      const facts = await fetchFacts(waiver.pull);
      if (facts === null) return 'its pull request is gone';
      const isAuthor = facts.author === null || sameLogin(facts.author, waiver.by);
      return isAuthor && !authorMayAccept
        ? 'it is by the author of the pull request, and the policy (author-may-accept) does not let that count'
        : null;
    },
  };
}

/** What is wrong with a waiver's comment, or with who wrote it. */
async function findProblem(client: Client, waiver: WholeWaiver): Promise<string | null> {
  const need = {
    doing: `read the comment of a waiver for ${waiver.target.id}`,
    permission: { 'pull-requests': 'read' } as const,
  };
  const found = await askUnless(need, [404, 410], () =>
    client.rest.issues.getComment({ ...client.repository, comment_id: waiver.comment }),
  );
  if (found === null) return 'the comment that asked for it is gone';
  const { user, created_at: written, updated_at: updated, body = '', issue_url: issue } = found.data;
  if (!issue.endsWith(`/issues/${waiver.pull}`)) return 'its comment is not on that pull request';
  if (user === null || !sameLogin(user.login, waiver.by)) return `its comment is not by ${waiver.by}`;
  // In whole seconds, as GitHub has them.
  if (Date.parse(updated) - Date.parse(written) >= 1000) return 'its comment was edited';
  if (!isAcceptance(body, waiver)) return `its comment does not accept ${waiver.target.id}`;
  const lasts = Date.parse(waiver.expires) - Date.parse(written);
  if (lasts > MAX_WAIVER_DAYS * DAY_MS + DAY_MS) return `it lasts longer than ${MAX_WAIVER_DAYS} days`;
  return (await mayWrite(client, user.login)) ? null : `${waiver.by} may not write to this repository`;
}

/** Whether a comment is the command that accepts just that, for that reason. */
function isAcceptance(body: string, { target, reason }: WholeWaiver): boolean {
  const comment = { id: 0, body, author: null, isBot: false, createdAt: '' };
  const parsed = parseComment({ action: 'created', isPull: true, comment }, [target.id]);
  if (parsed.kind !== 'command' || parsed.command.name !== 'accept') return false;
  return parsed.command.subject === target.id && parsed.command.reason === reason;
}

interface PullFacts {
  author: string | null;
  base: string;
  /** The commit of the base branch that it became; null where it is not merged. */
  mergeSha: string | null;
}

async function fetchPullFacts(client: Client, pull: number): Promise<PullFacts | null> {
  const need = {
    doing: `read pull request #${pull}`,
    permission: { 'pull-requests': 'read' } as const,
  };
  const found = await askUnless(need, [404, 410], () =>
    client.rest.pulls.get({ ...client.repository, pull_number: pull }),
  );
  if (found === null) return null;
  const { user, base, merged, merge_commit_sha: mergeSha } = found.data;
  return { author: user?.login ?? null, base: base.ref, mergeSha: merged ? mergeSha : null };
}

/** Whether a commit has another among its ancestors, by GitHub. */
async function isAncestor(client: Client, ancestor: string, sha: string): Promise<boolean> {
  const need = {
    doing: `compare ${ancestor.slice(0, 12)} with ${sha.slice(0, 12)}`,
    permission: { contents: 'read' } as const,
  };
  const found = await askUnless(need, [404, 422], () =>
    client.rest.repos.compareCommitsWithBasehead({
      ...client.repository,
      basehead: `${ancestor}...${sha}`,
      per_page: 1,
    }),
  );
  return found !== null && ['ahead', 'identical'].includes(found.data.status);
}

function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
