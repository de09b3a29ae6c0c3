import type { Client } from '../client.ts';
import type { Need, PullOrigin } from '../commands/permission.ts';
import { isUncertain } from '../failure.ts';
import { knowsRun } from '../known-run.ts';
import { type Posted, post } from '../post.ts';
import { compareRuns, type Stamp } from './marker.ts';
import { believer, find, type OurComment, ROUNDS, SETTLE, update } from './our-comments.ts';

export interface OutdatedRequest {
  pull: number;
  /** Of the run that could not report. */
  stamp: Stamp;
  /** Why, as markdown in one line, from the report's own commit. */
  describe: (reported: Stamp) => string;
  origin?: PullOrigin;
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
  const believes = async (one: OurComment) =>
    compareRuns(one.stamp, stamp) <= 0 || (await believe(one.stamp));
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
