import type { Client } from '../client.ts';
import type { Need } from '../commands/permission.ts';
import { hasStatus } from '../failure.ts';
import { knowsRun } from '../known-run.ts';
import { ask } from '../post.ts';
import { compareRuns, readMarker, type Stamp } from './marker.ts';

/** A comment of ours that holds the report. */
export interface OurComment {
  id: number;
  url: string;
  stamp: Stamp;
  body: string;
}

const PAGE = 100;

/** Most rounds of looking and writing. */
export const ROUNDS = 6;

/** Seconds between writing and looking again: longer than another writer takes from its look to its write. */
export const SETTLE = 2;

/** Where to look again: everywhere, from a page on, or at one comment alone. */
export type Look = { at: 'all' } | { at: 'tail'; page: number } | { at: 'one'; id: number };

/** Which of our reports of these ids stand on a pull request, by marker and author; the newest run's first. */
export async function findReports(
  client: Client,
  pull: number,
  reports: readonly string[],
): Promise<{ stamp: Stamp; url: string; body: string }[]> {
  const need: Need = {
    doing: `look for the report on pull request #${pull}`,
    permission: { 'pull-requests': 'read' },
    target: `pull request #${pull}`,
  };
  const { found } = await ask(need, () => find(client, { pull, reports }, { at: 'all' }));
  const sorted = found.toSorted((a, b) => compareRuns(b.stamp, a.stamp));
  const seen = new Set<string>();
  const twice = sorted.some(({ stamp }) => seen.has(stamp.report) || !seen.add(stamp.report));
  if (!twice) return sorted;
  // Each report has one comment; where there are two, one may have been made up.
  const believe = believer((stamp) => knowsRun(client, stamp));
  const known: OurComment[] = [];
  for (const one of sorted) if (await believe(one.stamp)) known.push(one);
  return known.length > 0 ? known : sorted;
}

/** Asks about each run once. What cannot be asked is not believed: the real report is posted all the same. */
export function believer(isKnown: (stamp: Stamp) => Promise<boolean>): (stamp: Stamp) => Promise<boolean> {
  const answers = new Map<string, Promise<boolean>>();
  return (stamp) => {
    const key = `${stamp.run}/${stamp.attempt}`;
    const answer = answers.get(key) ?? isKnown(stamp).catch(() => false);
    answers.set(key, answer);
    return answer;
  };
}

/** Our comments that hold one of the reports, and the page on which a new comment would stand. */
export async function find(
  client: Client,
  { pull, reports }: { pull: number; reports: readonly string[] },
  look: Look,
): Promise<{ found: OurComment[]; nextPage: number }> {
  const repository = client.repository;
  if (look.at === 'one') {
    try {
      const { data } = await client.rest.issues.getComment({ ...repository, comment_id: look.id });
      return { found: await pick(client, [data], reports), nextPage: 1 };
    } catch (error) {
      if (hasStatus(error, 404)) return { found: [], nextPage: 1 };
      throw error;
    }
  }
  const page = look.at === 'tail' ? look.page : 1;
  const comments = await client.paginate(client.rest.issues.listComments, {
    ...repository,
    issue_number: pull,
    per_page: PAGE,
    page,
  });
  return {
    found: await pick(client, comments, reports),
    nextPage: page + Math.floor(comments.length / PAGE),
  };
}

interface ApiComment {
  id: number;
  html_url: string;
  body?: string | undefined;
  user: { login: string } | null;
  performed_via_github_app?: { slug?: string } | null | undefined;
}

/** Who we are is asked only where a comment claims to be ours. */
async function pick(
  client: Client,
  comments: readonly ApiComment[],
  reports: readonly string[],
): Promise<OurComment[]> {
  const found: OurComment[] = [];
  for (const { id, html_url: url, body = '', user, performed_via_github_app: app } of comments) {
    const stamp = readMarker(body);
    if (stamp === null || !reports.includes(stamp.report) || user === null) continue;
    // Written in that account's name by another app.
    if (app?.slug !== undefined && !sameLogin(`${app.slug}[bot]`, user.login)) continue;
    if (sameLogin(user.login, await client.authorLogin())) found.push({ id, url, stamp, body });
  }
  return found;
}

export async function create(client: Client, pull: number, body: string, stamp: Stamp) {
  const { data } = await client.rest.issues.createComment({ ...client.repository, issue_number: pull, body });
  const comment: OurComment = { id: data.id, url: data.html_url, stamp, body: data.body ?? body };
  return { comment, author: data.user?.login ?? null };
}

/** Not repeated blindly: by then a newer run's text may stand there. Gives the text as GitHub stored it. */
export async function update(client: Client, id: number, body: string): Promise<string> {
  const { data } = await client.rest.issues.updateComment({
    ...client.repository,
    comment_id: id,
    body,
    request: { retries: 0 },
  });
  return data.body ?? body;
}

export async function remove(client: Client, id: number): Promise<void> {
  try {
    await client.rest.issues.deleteComment({ ...client.repository, comment_id: id, request: { retries: 0 } });
  } catch (error) {
    // Another writer was faster.
    if (!hasStatus(error, 404)) throw error;
  }
}

function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
