import { formatCount, plural } from '../../count.ts';
import type { IndexLine } from '../../history/store/entry.ts';
import { FACTOR_NAMES, FACTORS, type Factor } from '../../suite/benchmark.ts';
import { judgeLineName, judgeLineOf } from '../../verdict/judge-summary.ts';
import { levelOf } from '../../verdict/signs/level.ts';
import { formatPoints, formatScore, UNKNOWN } from '../format.ts';
import { type Chapter, clip, dataTable, html, type Markup } from '../html/markup.ts';
import { isPageOf, writePage } from '../html/skeleton.ts';
import { type ChartPoint, drawLine, MAX_DRAWN } from './chart.ts';
import type { HistoryPage } from './page.ts';
import { commitLink, recordsChapter } from './records.ts';

const GENERATOR = 'sos-bench history page';
const STYLE = `
.history .band{stroke:none}.history path.line{fill:none;stroke-linecap:round;stroke-linejoin:round}.history .m.line{fill:var(--link)}
@media (max-width:780px){.tiles li{flex-basis:100%}}
`;
const MAX_JUDGED = 12;
const MAX_ROWS = 50;
const MAX_NAME = 80;
const MAX_NOTE = 300;

/** Whether a text begins as a page of `renderHistoryPage` does. */
export function isHistoryPage(text: string): boolean {
  return isPageOf(GENERATOR, text);
}

/**
 * The trend of main's records as one HTML file: each factor with its interval band, releases and accepted drops, since when it is at its level, and
 * the newest records. It has no script, asks no server for anything, and shows what comes from records as text.
 */
export function renderHistoryPage(page: HistoryPage): string {
  return writePage({
    generator: GENERATOR,
    title: 'SOS-Bench: the trend of main',
    style: STYLE,
    header: writeHeader(page),
    chapters: [
      factorsChapter(page),
      judgesChapter(page),
      recordsChapter(page),
      waiversChapter(page),
      faultsChapter(page),
      guideChapter(page),
    ].filter((chapter) => chapter !== null),
  });
}

function writeHeader(page: HistoryPage): Markup {
  const { lines, store, repository, now } = page;
  const newest = lines.at(-1);
  const what = repository === null ? store : new URL(repository).pathname.slice(1);
  return html`<header>
<p class="product">SOS-Bench</p>
<h1>The trend of main</h1>
<p>${clip(what, MAX_NAME)}: ${plural(lines.length, 'record')}${newest !== undefined && html` of suite ${clip(newest.suite, MAX_NAME)}, the newest ${newest.created.slice(0, 10)}, ${commitLink(page, newest.sha)}`}. Made ${now.toISOString().slice(0, 10)}.</p>
${newest === undefined ? html`<div class="verdict open"><p>There is no record yet. The first push to the default branch makes one.</p></div>` : html`<ul class="tiles">${FACTORS.map((factor) => tileOf(page, factor))}</ul>`}
</header>`;
}

function tileOf(page: HistoryPage, factor: Factor): Markup {
  const { lines } = page;
  const measured = lines.flatMap((line) => {
    const own = scoreOf(line, factor);
    return own === undefined || own.score === null ? [] : [{ ...own, score: own.score, line }];
  });
  const last = measured.at(-1);
  const level = levelOf(measured);
  const since = level === null ? null : measured[level.first]!.line;
  return html`<li><b>${FACTOR_NAMES[factor]}</b><span class="big">${last === undefined ? UNKNOWN : formatScore({ score: last.score, ci: null })}</span>${last !== undefined && html`<span class="soft">${last.ci !== null && `95% ${formatScore(last).replace(/^\S+ /, '')}`}${last.line !== lines.at(-1) && `, of ${last.line.created.slice(0, 10)}`}</span>`}${since !== null && level !== null && html`<span class="since">${level.change === null ? html`At this level in all ${plural(measured.length, 'record')}, since ${since.created.slice(0, 10)}` : html`At this level since ${since.created.slice(0, 10)}, ${commitLink(page, since.sha)}; the record before was ${formatPoints(Math.abs(level.change))} points ${level.change < 0 ? 'higher' : 'lower'}`}</span>`}</li>
`;
}

function scoreOf({ factors }: IndexLine, factor: Factor) {
  return factors.find(({ id }) => id === factor);
}

/** Each record's date, and what is marked at it. */
function pointsOf(
  { lines, releases, waivers }: HistoryPage,
  pick: (line: IndexLine) => Pick<ChartPoint, 'score' | 'ci'> | undefined,
  isAbout: (waiver: HistoryPage['waivers'][number]) => boolean,
): ChartPoint[] {
  const accepted = waivers.filter(isAbout).map(({ created }) => Date.parse(created));
  return lines.map((line, index) => {
    const [before, at] = [lines[index - 1]?.created, Date.parse(line.created)];
    const release = releases.get(line.sha);
    const isWaived = before !== undefined && accepted.some((time) => Date.parse(before) < time && time <= at);
    return {
      ...(pick(line) ?? { score: null, ci: null }),
      date: line.created.slice(0, 10),
      mark:
        release !== undefined
          ? { kind: 'release' as const, text: release }
          : isWaived
            ? { kind: 'waiver' as const, text: 'W' }
            : null,
    };
  });
}

function factorsChapter(page: HistoryPage): Chapter | null {
  if (page.lines.length === 0) return null;
  const charts = FACTORS.map((factor) =>
    drawLine(
      FACTOR_NAMES[factor],
      pointsOf(
        page,
        (line) => scoreOf(line, factor),
        ({ target }) => target.kind === 'benchmark' || target.id === factor,
      ),
    ),
  );
  const more = page.lines.length - MAX_DRAWN;
  const body = html`<p>Scores in points with 95% intervals, record by record. A diamond with a name is a release; W: somebody accepted a drop before that record.${more > 0 && ` The newest ${formatCount(MAX_DRAWN)} are drawn.`}</p>${charts.some(Boolean) ? charts : html`<p>No record has a score of a factor.</p>`}`;
  return { id: 'factors', title: 'Factors', body };
}

function judgesChapter(page: HistoryPage): Chapter | null {
  const judged = new Map(
    page.lines.flatMap(({ judge = [] }) =>
      judge.map((own) => [judgeLineOf(own), judgeLineName(own)] as const),
    ),
  );
  if (judged.size === 0) return null;
  const charts = [...judged].slice(0, MAX_JUDGED).map(([line, name]) =>
    drawLine(
      clip(name, MAX_NAME),
      pointsOf(
        page,
        ({ judge = [] }) => judge.find((own) => judgeLineOf(own) === line),
        () => false,
      ),
    ),
  );
  const more = judged.size - charts.length;
  const body = html`<p>What judges prefer is in no factor and in no verdict: 50 is as good as the reference.</p>${charts}${more > 0 && html`<p>and ${plural(more, 'more line')}, which <code>history export</code> has.</p>`}`;
  return { id: 'judges', title: 'Judges', body };
}

function waiversChapter(page: HistoryPage): Chapter | null {
  const { waivers, now } = page;
  if (waivers.length === 0) return null;
  const newest = waivers.toSorted((a, b) => (a.created < b.created ? 1 : -1));
  const rows = newest
    .slice(0, MAX_ROWS)
    .map(({ target, by, created, expires, reason, pull, commit }) => [
      created.slice(0, 10),
      clip(target.kind === 'factor' ? FACTOR_NAMES[target.id] : target.id, MAX_NAME),
      clip(by, MAX_NAME),
      html`${pull !== undefined && `#${pull}, `}${commitLink(page, commit)}`,
      Date.parse(expires) <= now.getTime()
        ? `until ${expires.slice(0, 10)}`
        : `in force until ${expires.slice(0, 10)}`,
      clip(reason, MAX_NOTE),
    ]);
  const columns = ['When', 'Accepted drop', 'By', 'For', 'State', 'Reason'].map(
    (title) => ({ title, kind: 'text' }) as const,
  );
  const more = newest.length - rows.length;
  const body = html`${dataTable('Drops that somebody accepted, newest first', columns, rows)}${more > 0 && html`<p>and ${plural(more, 'older one')}.</p>`}<p>As they are stored; each report checks by itself whether one is valid.</p>`;
  return { id: 'accepted', title: 'Accepted drops', body };
}

/** What is not on the page: entries that cannot be read, and other suites. */
function faultsChapter({ notes, recent, others }: HistoryPage): Chapter | null {
  const unread = recent.flatMap(({ line, read }) => {
    if (read?.entry != null) return [];
    return [`${line.sha.slice(0, 12)}: ${read?.problem ?? 'the index lists it, but there is no entry'}`];
  });
  const listed = [
    ...[...notes, ...unread],
    ...others.map(
      ({ suite, entries }) =>
        `${plural(entries, 'record')} of suite ${clip(suite, MAX_NAME)}: another line, see history page --suite.`,
    ),
  ];
  if (listed.length === 0) return null;
  const more = listed.length - MAX_ROWS;
  const body = html`<ul>${listed.slice(0, MAX_ROWS).map((text) => html`<li>${clip(text, MAX_NOTE)}</li>`)}</ul>${more > 0 && html`<p>and ${plural(more, 'more')}.</p>`}`;
  return { id: 'faults', title: 'What is not shown', body };
}

function guideChapter({ lines }: HistoryPage): Chapter | null {
  if (lines.length === 0) return null;
  const texts = [
    'Scores are of preset paper, in points of 100, higher is better. An interval is of one score by itself; a pull request is judged by the paired difference, which is much more precise.',
    'At this level since: the first record after the last one whose score differs from the newest beyond chance. Chance is read off the steps from record to record (their median), or off the intervals where there are fewer than ten, at 5% for all records together. It describes the line and decides nothing; small shifts go unseen.',
    'A gap is a record in which that factor was not measured.',
  ];
  return {
    id: 'guide',
    title: 'How to read this',
    body: html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`,
  };
}
