import { SosBenchError } from '../../error.ts';
import { COMMENT_BUDGET } from '../../markdown/limits.ts';
import type { Client } from '../client.ts';
import type { Need, PullOrigin } from '../commands/permission.ts';
import { hasStatus, isTooLong, isUncertain } from '../failure.ts';
import { knowsRun } from '../known-run.ts';
import { type Posted, post } from '../post.ts';
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
import { compareRuns, type Stamp, writeMarker } from './marker.ts';
import {
  believer,
  create,
  find,
  type Look,
  type OurComment,
  ROUNDS,
  remove,
  SETTLE,
  update,
} from './our-comments.ts';

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
  origin?: PullOrigin;
}

export type CommentPosted = Posted<{
  how: 'created' | 'updated' | 'unchanged';
  /** Whether another text of the same run and attempt stood there: of another job that nothing tells apart from this one. */
  replaced?: boolean;
}>;

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
  let created: OurComment | null = null;
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
    const forged = new Set<OurComment>();
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

/** Of all comments that hold the report: which stays, with whose text. A forged one never counts as the newest. */
function assess(
  found: readonly OurComment[],
  forged: ReadonlySet<OurComment>,
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

function isSameRun(one: OurComment, stamp: Stamp): boolean {
  return compareRuns(one.stamp, stamp) === 0;
}

function supersededBy({ url, stamp }: OurComment): CommentPosted {
  const warning = `a newer run (${stamp.run}, attempt ${stamp.attempt}) has reported already: ${url}`;
  return { posted: false, code: 'superseded', warning };
}
