import { SosBenchError } from '../../error.ts';
import { COMMENT_BUDGET } from '../../markdown/limits.ts';
import type { Client } from '../client.ts';
import type { Need, Origin } from '../commands/permission.ts';
import { hasStatus, isTooLong, isUncertain } from '../failure.ts';
import { knowsRun } from '../known-run.ts';
import { ask, type Posted, post } from '../post.ts';
import {
  compareForLeg,
  composeSections,
  fitShare,
  holdsSections,
  type Leg,
  newestOfLegs,
  readSections,
  shareOf,
} from './comment-legs.ts';
import { compareRuns, readMarker, type Stamp, writeMarker } from './marker.ts';

export interface CommentRequest {
  pull: number;
  stamp: Stamp;
  /** The report in at most `budget` bytes; called again with less where GitHub finds it too long. */
  render: (budget: number) => string;
  /** Where several jobs of a run share the report: each has a section of the comment. */
  leg?: Leg | null;
  /**
   * Whether what a newer marker says of its run can be true; asked only of comments that would keep this one back. By default
   * whether GitHub knows that run.
   */
  isKnown?: (stamp: Stamp) => Promise<boolean>;
  origin?: Origin;
}

export type CommentPosted = Posted<{
  how: 'created' | 'updated' | 'unchanged';
  /** Whether another text of the same run and attempt stood there: of another job that nothing tells apart from this one. */
  replaced?: boolean;
}>;

/** A comment of ours that holds the report. */
interface Found {
  id: number;
  url: string;
  stamp: Stamp;
  body: string;
}

const PAGE = 100;

/** Most rounds of looking and writing. */
const ROUNDS = 6;

/** Seconds between writing and looking again: longer than another writer takes from its look to its write. */
const SETTLE = 2;

/** Where to look again: everywhere, from a page on, or at one comment alone. */
type Look = { at: 'all' } | { at: 'tail'; page: number } | { at: 'one'; id: number };

/**
 * Keeps one comment per report on a pull request, found by marker and author over all pages. The newest run's text
 * stands in the oldest comment; duplicates of ours go. Jobs that share a report write a section each, and leave those of the others;
 * a later attempt takes the place of its own section alone, a later run that of all.
 *
 * GitHub has no conditional write. So every writer looks, writes, waits and looks again until what it sees is right:
 * two that wrote at once both see it, and each repairs it the same way. On a quiet pull request that is one write and
 * one more look.
 */
export async function postComment(client: Client, request: CommentRequest): Promise<CommentPosted> {
  const need: Need = {
    doing: `post the report on pull request #${request.pull}`,
    permission: { 'pull-requests': 'write' },
    target: `pull request #${request.pull}`,
    ...(request.origin && { origin: request.origin }),
  };
  const marker = writeMarker(request.stamp);
  const { leg = null } = request;
  return post(need, async () => {
    const compose = (budget: number) => {
      if (leg === null)
        return `${marker}\n${request.render(budget - Buffer.byteLength(marker) - 1).trimEnd()}`;
      const share = shareOf(budget, leg);
      return fitShare(request.render(share).trim(), share);
    };
    try {
      return await converge(client, request, compose(COMMENT_BUDGET));
    } catch (error) {
      if (!isTooLong(error)) throw error;
      return converge(client, request, compose(COMMENT_BUDGET / 2));
    }
  });
}

/** @param text the whole comment; of one of several jobs what its section holds. */
async function converge(client: Client, request: CommentRequest, text: string): Promise<CommentPosted> {
  const { pull, stamp, leg = null } = request;
  let replaced = false;
  let how: 'created' | 'updated' | 'unchanged' = 'unchanged';
  let look: Look = { at: 'all' };
  let created: Found | null = null;
  /** What GitHub keeps of a text need not be the text to the letter. */
  const stored = { text: '', as: '' };
  const believe = believer(request.isKnown ?? ((seen) => knowsRun(client, seen, stamp)));
  /** Address of our text, once GitHub has confirmed it. */
  let written: string | null = null;
  let tail = 1;
  let slowest = 0;
  for (let round = 1; ; round++) {
    const started = performance.now();
    const seen = await find(client, { pull, reports: [stamp.report] }, look).catch((error: unknown) => {
      // It was written; that nobody can look after it now does not undo that.
      if (written === null) throw error;
      return null;
    });
    if (seen === null) return { posted: true, url: written, how };
    const { found, nextPage } = seen;
    slowest = Math.max(slowest, performance.now() - started);
    if (look.at !== 'one') tail = nextPage;
    // A listing may lag behind: what GitHub said it created is there.
    if (created !== null && !found.some(({ id }) => id === created?.id)) found.push(created);
    const newer = found.filter((one) => compareRuns(one.stamp, stamp) > 0);
    const own = { text, leg };
    const forged = new Set<Found>();
    for (const one of newer) if (!(await believe(one.stamp))) forged.add(one);
    const { kept, duplicates, newest, superseded, wanted, holds } = assess(found, forged, stamp, own);
    replaced ||=
      round === 1 &&
      newest !== undefined &&
      isSameRun(newest, stamp) &&
      !holds(newest.body) &&
      // A job of a matrix leaves what the others of it wrote, in sections.
      (leg === null || readSections(newest.body).length === 0);
    if (kept === undefined && look.at === 'one' && round < ROUNDS) {
      look = { at: 'all' };
      continue;
    }
    const isRight =
      kept !== undefined && (holds(kept.body) || (stored.text === wanted && kept.body === stored.as));
    if (isRight && duplicates.length === 0) {
      return superseded
        ? supersededBy(newest!)
        : { posted: true, url: kept.url, how, ...(replaced && { replaced }) };
    }
    if (round > ROUNDS) {
      throw new SosBenchError('github-refused', `others keep changing the comment on pull request #${pull}`, {
        hint: 'let reports of one pull request run one after the other, in a concurrency group',
      });
    }
    try {
      if (kept === undefined) {
        how = 'created';
        const { comment, author } = await create(client, pull, wanted, stamp);
        created = comment;
        written = comment.url;
        Object.assign(stored, { text: wanted, as: comment.body });
        const wasMistaken = author !== null && (await client.learnLogin(author));
        // Under the name that was looked for there could be none; under the right one there may.
        look = wasMistaken ? { at: 'all' } : { at: 'tail', page: tail };
      } else {
        if (!isRight) {
          if (!superseded && how === 'unchanged') how = 'updated';
          Object.assign(stored, { text: wanted, as: await update(client, kept.id, wanted) });
          if (!superseded) written = kept.url;
        }
        for (const { id } of duplicates) await remove(client, id);
        created = null;
        look = { at: 'one', id: kept.id };
      }
      await client.pause(SETTLE, 2 * slowest);
    } catch (error) {
      const isGone = kept !== undefined && hasStatus(error, 404);
      if (round === ROUNDS || !(isGone || isUncertain(error))) throw error;
      // Whether it was done shows in the next look.
      look = kept === undefined ? { at: 'tail', page: tail } : { at: 'all' };
      created = null;
      await client.pause(SETTLE * round, 2 * slowest);
    }
  }
}

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
  const known: Found[] = [];
  for (const one of sorted) if (await believe(one.stamp)) known.push(one);
  return known.length > 0 ? known : sorted;
}

export interface OutdatedRequest {
  pull: number;
  /** Of the run that could not report. */
  stamp: Stamp;
  /** Why, as markdown in one line, from the report's own commit. */
  describe: (reported: Stamp) => string;
  origin?: Origin;
}

const OUTDATED = ['<!-- sos-bench:outdated -->', '<!-- /sos-bench:outdated -->'] as const;

/**
 * Says at the head of the report that stands on a pull request that it is of an older commit than the one a later run could not
 * report on. Where none stands, where it is of that commit, or of a newer run, nothing is done: there is never a second comment.
 * The next report takes the place of all of it.
 */
export async function markOutdated(
  client: Client,
  { pull, stamp, describe, origin }: OutdatedRequest,
): Promise<Posted<{ how: 'marked' | 'left' }>> {
  const need: Need = {
    doing: `mark the report on pull request #${pull} as outdated`,
    permission: { 'pull-requests': 'write' },
    target: `pull request #${pull}`,
    ...(origin && { origin }),
  };
  const believe = believer((seen) => knowsRun(client, seen, stamp));
  const believes = async (one: Found) => compareRuns(one.stamp, stamp) <= 0 || (await believe(one.stamp));
  return post<{ how: 'marked' | 'left' }>(need, async () => {
    for (let round = 1; ; round++) {
      const { found } = await find(client, { pull, reports: [stamp.report] }, { at: 'all' });
      const sorted = found.toSorted((a, b) => compareRuns(b.stamp, a.stamp));
      const believed = await Promise.all(sorted.map(believes));
      const kept = sorted.find((_, index) => believed[index]);
      const isOlder =
        kept !== undefined && compareRuns(kept.stamp, stamp) < 0 && kept.stamp.sha !== stamp.sha;
      if (!isOlder) return { posted: true, url: kept?.url ?? null, how: 'left' };
      const marked = mark(kept.body, describe(kept.stamp));
      if (kept.body === marked) return { posted: true, url: kept.url, how: 'marked' };
      try {
        await update(client, kept.id, marked);
        return { posted: true, url: kept.url, how: 'marked' };
      } catch (error) {
        // Whether it was done shows in the next look.
        if (round === ROUNDS || !isUncertain(error)) throw error;
        await client.pause(SETTLE * round);
      }
    }
  });
}

/** Puts a note under the hidden first line, in place of an earlier one. */
function mark(body: string, note: string): string {
  const [begin, end] = OUTDATED;
  const first = body.indexOf('\n') + 1;
  const rest = body.slice(first);
  const old = rest.startsWith(begin) ? rest.indexOf(end) : -1;
  const report = old < 0 ? rest : rest.slice(old + end.length).trimStart();
  return `${body.slice(0, first)}${begin}\n\n${note}\n\n${end}\n\n${report}`;
}

/** Asks about each run once. What cannot be asked is not believed: the real report is posted all the same. */
function believer(isKnown: (stamp: Stamp) => Promise<boolean>): (stamp: Stamp) => Promise<boolean> {
  const answers = new Map<string, Promise<boolean>>();
  return (stamp) => {
    const key = `${stamp.run}/${stamp.attempt}`;
    const answer = answers.get(key) ?? isKnown(stamp).catch(() => false);
    answers.set(key, answer);
    return answer;
  };
}

/** Of all comments that hold the report: which stays, with whose text. A forged one never counts as the newest. */
function assess(
  found: readonly Found[],
  forged: ReadonlySet<Found>,
  stamp: Stamp,
  { text, leg }: { text: string; leg: Leg | null },
) {
  const [kept, ...duplicates] = found.toSorted((a, b) => a.id - b.id);
  const believed = found.filter((one) => !forged.has(one)).toSorted((a, b) => compareRuns(b.stamp, a.stamp));
  const [newest] = believed;
  const compare = leg === null ? compareRuns : compareForLeg;
  const isOlder = newest !== undefined && compare(newest.stamp, stamp) > 0;
  if (leg === null || isOlder) {
    const wanted = isOlder ? newest.body : text;
    return {
      kept,
      duplicates,
      newest,
      superseded: isOlder,
      wanted,
      holds: (body: string) => body === wanted,
    };
  }
  const own = { leg: leg.name, attempt: stamp.attempt, text };
  const others = believed
    .filter((one) => compare(one.stamp, stamp) === 0)
    .flatMap(({ body }) => readSections(body));
  const sections = newestOfLegs([own, ...others]);
  return {
    ...{ kept, duplicates, newest },
    superseded: !sections.includes(own),
    wanted: composeSections(stamp, leg.of, sections),
    holds: (body: string) => holdsSections(body, sections),
  };
}

function isSameRun(one: Found, stamp: Stamp): boolean {
  return compareRuns(one.stamp, stamp) === 0;
}

/** Our comments that hold one of the reports, and the page on which a new comment would stand. */
async function find(
  client: Client,
  { pull, reports }: { pull: number; reports: readonly string[] },
  look: Look,
): Promise<{ found: Found[]; nextPage: number }> {
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
): Promise<Found[]> {
  const found: Found[] = [];
  for (const { id, html_url: url, body = '', user, performed_via_github_app: app } of comments) {
    const stamp = readMarker(body);
    if (stamp === null || !reports.includes(stamp.report) || user === null) continue;
    // Written in that account's name by another app.
    if (app?.slug !== undefined && !sameLogin(`${app.slug}[bot]`, user.login)) continue;
    if (sameLogin(user.login, await client.authorLogin())) found.push({ id, url, stamp, body });
  }
  return found;
}

async function create(client: Client, pull: number, body: string, stamp: Stamp) {
  const { data } = await client.rest.issues.createComment({ ...client.repository, issue_number: pull, body });
  const comment: Found = { id: data.id, url: data.html_url, stamp, body: data.body ?? body };
  return { comment, author: data.user?.login ?? null };
}

/** Not repeated blindly: by then a newer run's text may stand there. Gives the text as GitHub stored it. */
async function update(client: Client, id: number, body: string): Promise<string> {
  const { data } = await client.rest.issues.updateComment({
    ...client.repository,
    comment_id: id,
    body,
    request: { retries: 0 },
  });
  return data.body ?? body;
}

async function remove(client: Client, id: number): Promise<void> {
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

function supersededBy({ url, stamp }: Found): CommentPosted {
  const warning = `a newer run (${stamp.run}, attempt ${stamp.attempt}) has reported already: ${url}`;
  return { posted: false, code: 'superseded', warning };
}
