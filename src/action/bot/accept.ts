import { SosBenchError } from '../../error.ts';
import { readSections } from '../../github/comment/comment-legs.ts';
import { findReports } from '../../github/comment/our-comments.ts';
import { MAX_WAIVER_DAYS } from '../../history/store/waiver-file.ts';
import { addWaiver } from '../../history/store/waivers.ts';
import { escapeMarkdown } from '../../markdown/escape.ts';
import { readLosses } from '../../report/comment/losses.ts';
import { formatPoints } from '../../report/format.ts';
import { DEFAULT_CONFIG_FILE, resolveSettings } from '../../settings/resolve.ts';
import { FACTORS, type Factor } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { findGroup } from '../../suite/groups.ts';
import type { AcceptedLoss, Waiver } from '../../verdict/schema.ts';
import { readInput } from '../inputs.ts';
import { storeOf } from '../steps/compare/store.ts';
import { fetchBaseFile } from '../trust/base-file.ts';
import { findTrust, NO_CHECKOUT } from '../trust/trust.ts';
import { type Asked, MAX_WARNING, type Reply, reportsOf } from './asked.ts';

const DAY_MS = 86_400_000;

/**
 * Keeps a waiver: of what the report that is shown says was lost, and for no more than that loss may be. The author of a pull
 * request accepts nothing for it, unless the policy of the base lets that count.
 */
export async function accept(
  asked: Asked,
  { subject, reason }: { subject: string; reason: string },
): Promise<Reply> {
  const { event, inputs, connection, runtime, pull } = asked;
  const by = event.comment.author ?? '';
  const store = await storeOf(inputs, runtime, connection, NO_CHECKOUT);
  if (store === null) return refused('There is no store to keep the waiver in.');
  const isAuthor = pull.author === null || pull.author.toLowerCase() === by.toLowerCase();
  if (isAuthor && !(await mayAuthorAccept(asked))) {
    return refused(
      'The author of a pull request cannot accept its drops: someone else with write access has to. ' +
        '(`author-may-accept: true` in the configuration of the base lets it count.)',
    );
  }
  const shown = await findShown(asked, subject);
  if (typeof shown === 'string') return refused(shown);
  const now = runtime.now();
  const expires = new Date(now.getTime() + readDays() * DAY_MS);
  const factor = FACTORS.find((id) => id === subject);
  const waiver: Waiver = {
    id: `comment-${event.comment.id}`,
    target: factor ? { kind: 'factor', id: factor satisfies Factor } : { kind: 'benchmark', id: subject },
    reason,
    by,
    created: now.toISOString(),
    expires: expires.toISOString(),
    commit: pull.headSha,
    pull: pull.number,
    comment: event.comment.id,
    head: shown.head,
    accepted: shown.losses,
  };
  try {
    await addWaiver(store, waiver);
  } catch (error) {
    if (!(error instanceof SosBenchError) || error.code !== 'store-unsupported') throw error;
    const why = escapeMarkdown(`${error.message}. The way on: ${error.hint}`, MAX_WARNING);
    return refused(`Nothing was accepted: ${why}.`);
  }
  const sizes = shown.losses.map(
    ({ id, loss, limit }) =>
      `${nameOf(id)} up to ${formatPoints(limit)} points (${formatPoints(loss)} were lost)`,
  );
  const until = expires.toISOString().slice(0, 10);
  return {
    done: true,
    text:
      `The drop that [the report](${shown.url}) on \`${shown.head}\` shows is accepted until ${until}: ${sizes.join(', ')}. This holds for ` +
      'this pull request, and for the base branch after its merge, while the model loses no more than that. The next report shows it; ' +
      '`/sos-bench run` makes one now. Editing or deleting your comment ends the waiver.',
  };
}

interface Shown {
  head: string;
  url: string;
  losses: AcceptedLoss[];
}

/** Whether the branch that judges a pull request lets its author accept its drops. */
async function mayAuthorAccept({ client, connection, inputs, pull }: Asked): Promise<boolean> {
  const { base } = await findTrust(connection, { baseBranches: inputs.baseBranches, pull, newest: true });
  if (base === null) return false;
  const { content, at } = await fetchBaseFile(client, DEFAULT_CONFIG_FILE, base);
  const source = { path: `${DEFAULT_CONFIG_FILE} (at ${at})`, required: false, content };
  const settings = await resolveSettings(['author-may-accept'], {}, source, {});
  return settings['author-may-accept'];
}

/**
 * What the newest report that shows a drop of it says; in words why there is none. Reports of other commits than the newest report's do not
 * count: what an earlier head lost, or was made to lose, would be the measure for this one.
 */
async function findShown({ client, pull, inputs }: Asked, subject: string): Promise<Shown | string> {
  const found = await findReports(client, pull.number, reportsOf(inputs));
  if (found.length === 0) {
    return 'There is no report on this pull request yet: only a drop that a report shows can be accepted.';
  }
  const { sha } = found[0]!.stamp;
  for (const { url, body } of found.filter(({ stamp }) => stamp.sha === sha)) {
    const losses = readAllLosses(body).filter(
      ({ id }) => id === subject || (findBenchmark(id) ?? findGroup(id))?.factor === subject,
    );
    if (losses.length > 0) return { head: sha, url, losses };
  }
  return (
    `No report on \`${sha.slice(0, 12)}\`, the commit that was reported last, shows a drop of ${nameOf(subject)} that fails it: there is nothing to accept. ` +
    'A report that an earlier version wrote has to be made again (`/sos-bench run`).'
  );
}

/** Of several jobs that share a report, the largest of each benchmark: the comment shows them all. */
function readAllLosses(body: string): AcceptedLoss[] {
  const sections = readSections(body);
  if (sections.length === 0) return readLosses(body);
  const largest = new Map<string, AcceptedLoss>();
  for (const loss of sections.flatMap(({ text }) => readLosses(text))) {
    const known = largest.get(loss.id);
    if (known === undefined || loss.limit > known.limit) largest.set(loss.id, loss);
  }
  return [...largest.values()];
}

function nameOf(id: string): string {
  return (findBenchmark(id) ?? findGroup(id))?.name ?? escapeMarkdown(id);
}

function readDays(): number {
  const text = readInput('waiver-days');
  const days = Number(text);
  if (days > 0 && days <= MAX_WAIVER_DAYS) return days;
  throw new SosBenchError('usage', `waiver-days is '${text}'`, {
    hint: `it is above 0 and at most ${MAX_WAIVER_DAYS}`,
  });
}

function refused(text: string): Reply {
  return { done: false, text };
}
