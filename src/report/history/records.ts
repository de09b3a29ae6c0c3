import { isCommitId } from '../../commit-id.ts';
import { plural } from '../../count.ts';
import type { Entry } from '../../history/store/entry.ts';
import { FACTOR_NAMES, FACTORS } from '../../suite/benchmark.ts';
import { formatScore, UNKNOWN } from '../format.ts';
import { type Chapter, clip, dataTable, html, link, type Markup } from '../html/markup.ts';
import { describeVerdict } from '../outcome-words.ts';
import type { HistoryPage } from './page.ts';

const SHORT = 10;
const MAX_NAME = 60;

/** The newest records, newest first, with their commits and runs; null where there is none. */
export function recordsChapter(page: HistoryPage): Chapter | null {
  const { recent, lines, releases } = page;
  if (recent.length === 0) return null;
  const columns = [
    { title: 'Recorded', kind: 'text' },
    { title: 'Commit', kind: 'text' },
    ...FACTORS.map((id) => ({ title: FACTOR_NAMES[id], kind: 'number' }) as const),
    { title: 'Against the record before', kind: 'text' },
    { title: 'Run', kind: 'text' },
    { title: 'Suite', kind: 'text' },
  ] as const;
  const rows = recent.map(({ line, read }) => [
    line.created.slice(0, 16).replace('T', ' '),
    html`${commitLink(page, line.sha)}${releases.has(line.sha) && html` <b>${clip(releases.get(line.sha)!, MAX_NAME)}</b>`}`,
    ...FACTORS.map((id) => {
      const { score = null, ci = null } = line.factors.find((factor) => factor.id === id) ?? {};
      return formatScore({ score, ci });
    }),
    read?.entry ? verdictOf(read.entry) : 'its entry cannot be read',
    runLink(page, read?.entry ?? null),
    clip(line.suite, MAX_NAME),
  ]);
  const more = lines.length - recent.length;
  const body = html`${dataTable(`The newest ${plural(rows.length, 'record')}; times in UTC, scores with 95% intervals`, columns, rows)}${more > 0 && html`<p>and ${plural(more, 'older record')}: <code>sos-bench history list</code> has them.</p>`}`;
  return { id: 'records', title: 'Newest records', body };
}

function verdictOf({ verdict }: Entry): string {
  if (verdict === null) return 'not compared';
  return `${describeVerdict(verdict.verdict)}${verdict.passed ? '' : ', failed'}`;
}

/** A commit by its first digits, with its page where the repository is known. */
export function commitLink({ repository }: Pick<HistoryPage, 'repository'>, sha: string): Markup {
  const text = html`<code>${sha.slice(0, SHORT)}</code>`;
  return link(repository !== null && isCommitId(sha) ? `${repository}/commit/${sha}` : null, text);
}

function runLink({ repository }: HistoryPage, entry: Entry | null): Markup | string {
  const run = entry?.run ?? null;
  if (run === null) return UNKNOWN;
  return link(repository && `${repository}/actions/runs/${run.id}/attempts/${run.attempt}`, String(run.id));
}
