import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { TrendPoint } from '../../../src/report/comment/trend.ts';
import { isReport, renderReport } from '../../../src/report/html/document.ts';
import { rankFlips } from '../../../src/report/html/flips/telling.ts';
import { drawDifference } from '../../../src/report/html/forest.ts';
import { html } from '../../../src/report/html/markup.ts';
import type { ReportPage } from '../../../src/report/html/page.ts';
import { drawTrend } from '../../../src/report/html/trend.ts';
import type { JudgeScore } from '../../../src/verdict/judge-summary.ts';
import { assertGolden } from '../../support/golden.ts';
import { HOSTILE, poison, textPaths } from '../../support/hostile-record.ts';
import { makeRecord } from '../../support/records.ts';
import { allBenchmarks, madeTrend, pageOf, withMargins } from '../../support/report-pages.ts';
import * as scenarios from '../../support/scenarios.ts';

/** What a reader sees of a page, without markup, script and data. */
function textOf(page: string): string {
  return page
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

const { baseline, candidate } = scenarios.regression;
const regression = pageOf(withMargins(baseline, 1), withMargins(candidate, 1));

describe('the page of a regression', () => {
  const page = renderReport(regression);
  const text = textOf(page);

  test('says the verdict first, as the comment does', () => {
    assert.match(
      text,
      /SOS-Bench report .*The model got worse .*afety fell by 4\.9 points .*This fails the check\./,
    );
  });

  test('has each factor and benchmark with difference, interval, detectable drop and outcome in words', () => {
    const row = (name: string) =>
      new RegExp(`<th role="rowheader" scope="row">${name}</th>.*?</tr>`, 's').exec(page)![0];
    assert.match(textOf(row('BBQ')), /BBQ .*\u22125\.5.*50\.0 → 44\.5.* worse/);
    assert.match(textOf(row('Safety')), /\u22124\.9.* 2\.7 .*worse/);
    assert.equal(page.match(/<tr role="row" class="factor">/g)!.length, 3);
  });

  test('says why others were not compared', () => {
    assert.match(text, /XSTest: .*gated: ask for access/);
  });

  test('has what was lost and gained, and what differs between the models', () => {
    assert.match(text, /97 questions lost, 57 gained , of 6,200 questions compared/);
    assert.match(text, /tokenizer-a.*tokenizer-b/);
  });

  test('runs the one script that its policy names, and asks nobody for anything', () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script!);
    assert.equal(scripts.length, 1);
    const digest = createHash('sha256').update(scripts[0]!).digest('base64');
    assert.equal(
      policy,
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
    );
    assert.doesNotMatch(page, /<(link|img|iframe|object|embed|base)\b|\ssrc=|url\(|@import|\son\w+=/);
    assert.doesNotMatch(scripts[0]!, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|fetch\(/);
  });

  test('is known as a report of ours', () => {
    assert.ok(isReport(page.slice(0, 4096)));
    assert.ok(!isReport('<!DOCTYPE html><title>Mine</title>'));
  });
});

describe('hostile text is text', () => {
  test('in every field of a record that can hold any', () => {
    const paths = textPaths().filter(
      (path) => !/^(benchmarks,\*,id|benchmarks,\*,tasks,\*,task|protocol,.*)$/.test(String(path)),
    );
    const page = renderReport(
      pageOf(poison(baseline, paths, { mark: 'main' }), poison(candidate, paths, { mark: 'pr' }), {
        notes: [HOSTILE],
        objections: [{ title: HOSTILE, text: HOSTILE }],
        reproduce: HOSTILE,
        label: HOSTILE,
        links: { run: 'javascript:alert(1)', candidateCommit: 'data:text/html,x' },
      }),
    );
    assert.match(page, /octo\/everyone/, 'it is there, as text');
    const written = renderReport(regression);
    const tags = (text: string) =>
      new Set(
        [...text.replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '').matchAll(/<[!/a-z][^\s>]*/gi)].map(
          ([tag]) => tag,
        ),
      );
    const known = new Set([...tags(written), '<pre', '</pre', '<small', '</small']);
    assert.deepEqual(
      [...tags(page)].filter((tag) => !known.has(tag)),
      [],
    );
    assert.doesNotMatch(page, /[\p{Cf}]|(?!\n)\p{Cc}/u);
    assert.doesNotMatch(page, /href="(?!#|https:)/);
  });

  test('in ids of tasks and benchmarks, in tables, plots and data', () => {
    const id = 'x"><script>alert(1)</script>';
    const task = "'></script><script>alert(2)</script>";
    const made = (scores: number[], model: string) =>
      withMargins(
        makeRecord({ model, benchmarks: { [id]: { scores, task: (index) => `${task}${index % 2}` } } }),
        1,
      );
    const page = renderReport(pageOf(made([1, 1, 0, 0, 1, 1], 'a'), made([0, 1, 1, 0, 0, 1], 'b')));
    assert.equal(page.match(/<script/g)!.length, 2, 'the data and the script of the page');
    assert.match(page, /alert\(2\)/);
  });
});

test('markup escapes all that is put in, but other markup', () => {
  const name = `<b a="1">&'`;
  assert.equal(
    html`<i title="${name}">${[name, html`<u>${1}</u>`, null, false]}</i>`.text,
    '<i title="&lt;b a=&quot;1&quot;&gt;&amp;&#39;">&lt;b a=&quot;1&quot;&gt;&amp;&#39;<u>1</u></i>',
  );
});

describe('a page without', () => {
  test('a baseline has the scores and the trend', () => {
    const page = renderReport({ ...regression, verdict: null, changes: [], trend: madeTrend() });
    const text = textOf(page);
    assert.match(text, /No baseline .*BBQ .*44\.5/);
    assert.match(text, /World knowledge, now/);
    assert.match(page, /script-src 'none'/);
  });

  test('a baseline says that the check fails where it does, as the comment does', () => {
    for (const failsWithoutBaseline of [true, false]) {
      const text = textOf(renderReport({ ...regression, verdict: null, changes: [], failsWithoutBaseline }));
      assert.equal(/its scores are below\. This fails the check\./.test(text), failsWithoutBaseline);
    }
  });

  test('a flip says so', () => {
    const { baseline, candidate } = scenarios.sameModel;
    assert.match(
      textOf(renderReport(pageOf(baseline, candidate))),
      /No question that was compared is scored otherwise/,
    );
  });

  test('single items of a side says so, and why', () => {
    const means = { ...baseline, items: [] };
    const text = textOf(renderReport(pageOf(means, candidate)));
    assert.match(text, /No benchmark was compared question by question, so there are no questions to list\./);
    assert.match(text, /a side has no single questions/);
  });
});

describe('questions from the data of this machine', () => {
  const [flip] = rankFlips(regression.changes);
  const question = { text: 'Who?\n<b>Alone</b>', options: ['A & B', HOSTILE], target: '1' };
  const page = renderReport({
    ...regression,
    texts: { questions: [{ flip: flip!, question }], notes: ['GPQA: no text'] },
  });

  test('stand on the page as text, line by line, with the right option and those that were chosen', () => {
    assert.match(page, /<p class="question">Who\?\n&lt;b&gt;Alone&lt;\/b&gt;<\/p>/);
    assert.match(textOf(page), /A & B.* \(right, chosen before, chosen after\)/);
    assert.equal(page.match(/<script/g)!.length, 2);
  });

  test('make the page one that says so, and others say that they have none', () => {
    assert.match(textOf(page), /Keep it on this machine.*GPQA: no text/);
    assert.doesNotMatch(textOf(page), /This page has no text/);
    assert.match(textOf(renderReport(regression)), /This page has no text of any question or answer\./);
  });
});

test('a page of looks says how far each factor went', () => {
  const { baseline, candidate, looks } = scenarios.looked({}, 2.4);
  const page = textOf(renderReport(pageOf(baseline, candidate, {}, looks)));
  assert.match(page, /fixed beforehand: \d of 5 looks/);
});

test('a page of judged records shows the judge, who changes nothing', () => {
  for (const { baseline, candidate } of [scenarios.judged, scenarios.alarm]) {
    const page = textOf(renderReport(pageOf(baseline, candidate)));
    assert.match(page, /What judges prefer is in no factor and changes no verdict\./);
  }
});

describe('the trend', () => {
  const judged: JudgeScore = {
    ...{ benchmark: 'arena-hard-v0.1', category: null, judge: 'a-judge', reference: 'gpt-4-0314' },
    ...{ score: 0.55, ci: [0.5, 0.6], questions: 500 },
  };
  const history = (change: Partial<TrendPoint>): TrendPoint[] =>
    madeTrend().map((point, index) => ({ ...point, ...(index === 3 && change) }));
  const render = (change: Partial<TrendPoint>, more: Partial<ReportPage> = {}) =>
    renderReport({ ...regression, trend: history(change), ...more });

  test('marks every release that the store knows, and names it in the table', () => {
    const page = render({ release: 'v1.2 <b>' });
    assert.equal(page.match(/>R<\/text>/g)!.length, 3, 'once for each factor');
    assert.match(page, /\(v1\.2 &lt;b&gt;\)<\/th>/);
    assert.doesNotMatch(render({}), />R<\/text>/);
  });

  test('has what a judge said, in no factor, where its line comes to this model', () => {
    const page = textOf(render({ judge: [{ ...judged, score: 0.4 }] }, { judged: [judged] }));
    assert.match(
      page,
      /Judges, in no factor 50 is as good as the reference\. Arena-Hard v0\.1 by a-judge against gpt-4-0314, now 55\.0/,
    );
    for (const before of [[], [{ ...judged, judge: 'another' }]])
      assert.doesNotMatch(textOf(render({ judge: before }, { judged: [judged] })), /Judges, in no factor/);
    assert.doesNotMatch(textOf(render({ judge: [judged] })), /Judges, in no factor/);
  });
});

describe('a full run with 10,000 flips', () => {
  const { baseline, candidate } = allBenchmarks(1, 10_000);
  const page = pageOf(baseline, candidate, { trend: madeTrend() });
  const written = renderReport(page);
  const flips = page.changes.reduce((sum, { changed }) => sum + changed.length, 0);

  test('takes less than 400 kB', () => {
    assert.ok(flips >= 10_000, `${flips} flips`);
    assert.ok(Buffer.byteLength(written) < 400_000, `${Buffer.byteLength(written)} bytes`);
  });

  test('has the 200 most telling in the page itself, and its first table before them', () => {
    assert.equal(written.match(/<td class="t">confident<\/td><\/tr>/g)!.length, 200);
    assert.ok(written.indexOf('class="forest"') < 30_000);
  });

  test('has a table by task of BBH, BBQ and others', () => {
    for (const name of ['BBH', 'BBQ', 'WMDP'])
      assert.match(written, new RegExp(`<caption>${name}: \\d+ parts`));
  });
});

describe('the pictures read as their golden files:', () => {
  const none = { equivalenceCi: null, se: null, seFloor: null, df: null, p: null, pAdjusted: null };
  const threshold = { level: 'error', minimumEffect: 0.01, margin: 0.01 } as const;

  test('a difference, its interval cut off at the end of the axis', () => {
    const delta = { ...none, estimate: -0.03, ci: [-0.08, 0.02] as [number, number] };
    assertGolden(
      'report-difference.svg',
      drawDifference({ delta, threshold, detectable: 0.04, outcome: 'inconclusive' }, 0.05).text,
    );
  });

  test('a trend with intervals, a release and an accepted drop', () => {
    const point = (label: string, score: number, of = {}) => ({
      ...{ label, score, ci: [score - 0.02, score + 0.02] as [number, number] },
      ...{ isCandidate: false, isRelease: false, waived: false, ...of },
    });
    const points = [
      point('a1b2c3d', 0.5, { isRelease: true }),
      point('0123456', 0.51, { waived: true }),
      point('PR', 0.46, { isCandidate: true }),
    ];
    assertGolden('report-trend.svg', drawTrend('Safety', points).text);
  });
});
