/** The page of the trend, as text: what stands in it, what cannot, and how large it is. test/e2e/history-page.test.ts shows it in a browser. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { indexLine } from '../../../src/history/store/entry.ts';
import { drawLine } from '../../../src/report/history/chart.ts';
import { isHistoryPage, renderHistoryPage } from '../../../src/report/history/document.ts';
import { isReport } from '../../../src/report/html/document.ts';
import { entryOf, shaOf } from '../../support/entries.ts';
import { assertGolden } from '../../support/golden.ts';
import { historyPageOf, madeEntries } from '../../support/history-pages.ts';
import { HOSTILE } from '../../support/hostile-record.ts';

const textOf = (page: string) =>
  page
    .replace(/<(style|title)[^>]*>.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

const entries = madeEntries(90);
const page = renderHistoryPage(historyPageOf(entries));
const text = textOf(page);

test('each factor says where it is, and since when', () => {
  const fell = entries[60]!;
  assert.match(
    text,
    new RegExp(
      `Safety 47\\.\\d 95% \\[[^\\]]*\\] At this level since ${fell.created.slice(0, 10)}, ${fell.sha.slice(0, 10)} ?; the record before was \\d\\.\\d points higher`,
    ),
  );
  assert.match(
    text,
    /Instruction following 4\d\.\d 95% \[[^\]]*\] At this level in all 75 records, since 2026-06-04/,
  );
});

test('charts name releases and accepted drops, and say in words what they draw', () => {
  assert.equal(page.match(/<svg class="trend history"/g)!.length, 4);
  assert.match(
    page,
    /aria-label="Safety of 90 records, from \d+\.\d \(2026-06-01\) to \d+\.\d \(2026-06-23\); lowest /,
  );
  assert.match(text, /v1\.0/);
  assert.match(page, /class="inner"[^>]*>W</);
});

test('the newest records have their commits, runs and verdicts', () => {
  const newest = entries.at(-1)!;
  assert.ok(page.includes(`href="https://github.com/octo/models/commit/${newest.sha}"`));
  assert.ok(page.includes(`href="https://github.com/octo/models/actions/runs/${newest.run!.id}/attempts/1"`));
  assert.match(text, /equivalent, failed/);
  assert.match(text, /and 40 older records: sos-bench history list has them/);
});

test('accepted drops are listed with who accepted them, for what and why', () => {
  assert.match(text, /Safety octocat #12, [0-9a-f]{10} in force until .* agreed with the safety team/);
});

test('it has no script and no address that it asks for anything', () => {
  assert.match(
    page,
    /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'none'; /,
  );
  assert.doesNotMatch(page, /<script|<img|<link|src=|url\(/);
});

test('it knows its own pages, and takes no report for one', () => {
  assert.ok(isHistoryPage(page) && !isReport(page));
});

test('a chart with a gap, a band, a release and an accepted drop reads as its golden file', () => {
  const point = (score: number | null, mark: Parameters<typeof drawLine>[1][number]['mark'] = null) => ({
    ...{ score, ci: score === null ? null : ([score - 0.01, score + 0.01] as [number, number]) },
    ...{ date: '2026-06-01', mark },
  });
  const points = [
    point(0.5),
    point(0.52, { kind: 'release', text: 'v1' }),
    point(null),
    point(0.48, { kind: 'waiver', text: 'W' }),
    point(0.49),
  ];
  assertGolden('history-line.svg', drawLine('Safety', points)!.text);
  assert.equal(drawLine('Safety', [point(null)]), null);
});

describe('little is shown as well as much', () => {
  const cases: [string, Parameters<typeof historyPageOf>, RegExp][] = [
    ['no record', [[]], /There is no record yet\./],
    ['one record', [madeEntries(1)], /1 record of suite full.*At this level in all 1 record/],
    ['records without a score', [[entryOf(1, { factors: [] })]], /No record has a score of a factor/],
    [
      'an unknown repository',
      [madeEntries(3), { repository: null }],
      /branch 'sos-bench' of octo\/models: 3 records/,
    ],
  ];
  for (const [what, given, said] of cases)
    test(what, () => {
      const shown = renderHistoryPage(historyPageOf(...given));
      assert.match(textOf(shown).replaceAll('&#39;', "'"), said);
      assert.doesNotMatch(shown, /NaN|Infinity|undefined/);
      if (given[1]?.repository === null) assert.doesNotMatch(shown, /href="http/);
    });
});

test('what cannot be read is said, and other suites are named', () => {
  const own = madeEntries(2);
  const shown = textOf(
    renderHistoryPage(
      historyPageOf(own, {
        notes: ['the index of 2026-06 was broken or gone; it was made again from 2 entries'],
        recent: [
          { line: indexLine(own[1]!), read: { entry: null, problem: 'entry.json is not whole JSON' } },
          { line: indexLine(own[0]!), read: null },
        ],
        others: [{ suite: 'mini', entries: 3 }],
      }),
    ),
  );
  assert.match(shown, /the index of 2026-06 was broken or gone/);
  assert.match(shown, new RegExp(`${shaOf(1).slice(0, 12)}: entry.json is not whole JSON`));
  assert.match(shown, new RegExp(`${shaOf(0).slice(0, 12)}: the index lists it, but there is no entry`));
  assert.match(shown, /3 records of suite mini: another line/);
  assert.match(shown, /its entry cannot be read/);
});

test('hostile text in entries, waivers, releases and notes is text', () => {
  const name = HOSTILE.slice(0, 400);
  const hostile = entryOf(1, {
    suite: name,
    repository: name,
    branch: name,
    judge: [
      { benchmark: name, category: name, judge: name, reference: name, score: 0.5, ci: null, questions: 1 },
    ],
  });
  const { waivers } = historyPageOf(madeEntries(3));
  const shown = renderHistoryPage(
    historyPageOf([hostile, entryOf(2, { ...hostile, sha: shaOf(2), record: entryOf(2).record })], {
      ...{ store: HOSTILE, notes: [HOSTILE], others: [{ suite: HOSTILE, entries: 1 }] },
      releases: new Map([[shaOf(1), HOSTILE]]),
      waivers: [{ ...waivers[0]!, reason: HOSTILE, by: HOSTILE, target: { kind: 'benchmark', id: HOSTILE } }],
      repository: null,
    }),
  );
  for (const part of ['<a href="//evil', '<!-- sos-bench', '\u001b', '\u202e'])
    assert.ok(!shown.includes(part), part);
  assert.equal(shown.match(/<h1/g)!.length, 1);
});

test('a thousand records take less than a megabyte', () => {
  const bytes = Buffer.byteLength(renderHistoryPage(historyPageOf(madeEntries(1000))));
  assert.ok(bytes < 400_000, `${bytes} bytes`);
});
