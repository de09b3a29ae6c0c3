/** What is logged: names, numbers and outcomes, and nothing that a model or a question said. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LogFacts, makeLogDocument } from '../../src/loggers/document.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY } from '../../src/verdict/policy.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { makeRecord } from '../support/records.ts';

const NOW = new Date('2026-05-01T00:00:00Z');
const seconds = (date: string) => Date.parse(date) / 1000;

function logged(candidate: LoadedRecord, baseline: LoadedRecord | null, more: Partial<LogFacts> = {}) {
  return makeLogDocument({
    summary: summarise(candidate),
    verdict: baseline && compare(baseline, candidate, { policy: DEFAULT_POLICY }),
    record: candidate.record,
    ...{ version: '1.2.3', series: [], pull: null, isClaim: false, run: null, history: [], now: NOW },
    ...more,
  });
}

const main = of('main', { bbq: { scores: HALF } });
const worse = of('pr', { bbq: { scores: after(300, 20) } });

describe('a verdict', () => {
  const { point, outcomes, table, config, name, series } = logged(worse, main);

  test('has scores, intervals and differences of factors and benchmarks, as fractions', () => {
    for (const id of ['safety', 'bbq']) {
      const of = (metric: string) => point.metrics[`sos-bench/${id}/${metric}`]!;
      assert.deepEqual([of('baseline'), of('score')], [0.5, 0.22]);
      assert.ok(Math.abs(of('delta') + 0.28) < 1e-9);
      assert.ok(of('delta_ci_low') < of('delta') && of('delta') < of('delta_ci_high'));
      assert.ok(of('score_ci_low') < 0.22 && of('score_ci_high') > 0.22);
      assert.ok(of('detectable') > 0);
    }
  });
  test('has the verdict, the outcomes, and whether the policy passed', () => {
    assert.equal(outcomes['sos-bench/verdict'], 'regressed');
    assert.equal(outcomes['sos-bench/bbq/outcome'], 'regressed');
    assert.equal(point.metrics['sos-bench/passed'], 0);
  });
  test('has flips by benchmark, as numbers and in the table', () => {
    assert.deepEqual([point.metrics['sos-bench/bbq/gained'], point.metrics['sos-bench/bbq/lost']], [20, 300]);
    const row = Object.fromEntries(table.columns.map((column, index) => [column, table.rows[0]![index]]));
    assert.equal(table.rows.length, 1, 'benchmarks that nobody asked have no row');
    assert.deepEqual(
      [row.benchmark, row.outcome, row.gained, row.lost, row.questions],
      ['bbq', 'regressed', 20, 300, 1000],
    );
  });
  test('has cost, commits and whose run it was', () => {
    assert.equal(point.metrics['sos-bench/device_minutes'], worse.record.totals.deviceMinutes);
    assert.equal(point.metrics['sos-bench/questions'], 1000);
    assert.deepEqual([config.commit, config.baseline_commit], [worse.record.commit, main.record.commit]);
    assert.deepEqual([config.version, config.preset, config.claim], ['1.2.3', 'paper', false]);
    assert.equal(series, worse.record.branch);
    assert.equal(name, `${series} ${worse.record.commit!.slice(0, 7)}`);
  });
  test('names nothing of benchmarks that were not asked', () =>
    assert.deepEqual(
      [...Object.keys(point.metrics), ...Object.keys(outcomes)].filter((key) => key.includes('gpqa')),
      [],
    ));
});

describe('the x axis', () => {
  test('is when the evaluation ended, in seconds', () =>
    assert.equal(logged(worse, main).point.time, seconds(worse.record.finished!)));
  test('has the commits of main before, oldest first, and ends with what is judged', () => {
    const scores = { wk: null, if: null, safety: 0.4 };
    const history = [
      { created: '2027-01-02T00:00:00Z', scores },
      { created: '2027-01-01T00:00:00Z', scores: { ...scores, safety: 0.3 } },
      { scores },
    ];
    const { history: points, point } = logged(worse, main, { history });
    assert.deepEqual(points, [
      { time: seconds('2027-01-01T00:00:00Z'), metrics: { 'sos-bench/safety/score': 0.3 } },
      { time: seconds('2027-01-02T00:00:00Z'), metrics: { 'sos-bench/safety/score': 0.4 } },
    ]);
    assert.equal(point.time, points[1]!.time + 1);
  });
  test('is that of a pull request or of a job where the caller says so', () => {
    const { name, series } = logged(worse, main, { series: ['pr-12', 'large model'], pull: 12 });
    assert.equal(series, 'pr-12-large-model');
    assert.match(name, /^pr-12-large-model [0-9a-f]{7}$/);
  });
});

test('without a baseline there are scores and no differences', () => {
  const { point, outcomes, table } = logged(worse, null);
  assert.deepEqual(outcomes, { 'sos-bench/verdict': 'no-baseline' });
  assert.equal(point.metrics['sos-bench/bbq/score'], 0.22);
  assert.deepEqual(
    Object.keys(point.metrics).filter((key) => /delta|baseline|passed|lost/.test(key)),
    [],
  );
  assert.equal(table.rows.length, 1);
});

test('nothing of what questions ask and models answer is in it', () => {
  const told = 'TOLD-BY-THE-MODEL';
  const loud = structuredClone(worse);
  for (const item of loud.items)
    Object.assign(item, { prediction: `${told} ${item.prediction}`, task: item.task });
  for (const benchmark of loud.record.benchmarks)
    Object.assign(benchmark, { reason: told, answers: [{ answer: told, count: 1 }] });
  Object.assign(loud.record.protocol, { systemInstruction: told });
  Object.assign(loud.record.model, { source: told });
  const text = JSON.stringify(logged(loud, main));
  assert.ok(text.includes('sos-bench/bbq/score'));
  assert.ok(!text.includes(told));
  for (const { docHash } of worse.items.slice(0, 50)) assert.ok(!text.includes(String(docHash)));
});

test('every text of it is a known word, a name of the record in one short line, or a hash', () => {
  const long = `evil\n::error::x ${'y'.repeat(500)}`;
  const { record, items, ...rest } = makeRecord({ model: 'pr', benchmarks: { bbq: { scores: HALF } } });
  Object.assign(record.model, { name: long, digest: long });
  Object.assign(record, { branch: '../../etc/passwd\n', suite: long, planHash: long });
  const { series, name, config } = logged({ record, items, ...rest }, main);
  assert.equal(series, 'etc-passwd-');
  for (const one of [series, name, ...Object.values(config)]) assert.match(String(one), /^[^\n]{0,210}$/u);
});

describe('names of odd records', () => {
  function edited(more: Partial<LoadedRecord['record']>, name = 'pr') {
    const loaded = structuredClone(worse);
    Object.assign(loaded.record, more);
    loaded.record.model.name = name;
    return logged(loaded, null);
  }
  test('branches of any script are series of their own', () => {
    const [one, other] = ['機能/修正', '機能/追加'].map((branch) => edited({ branch }).series);
    assert.deepEqual([one, other], ['機能-修正', '機能-追加']);
  });
  test('a series can be the name of a folder, however long the branch is', () =>
    assert.ok(Buffer.byteLength(edited({ branch: '機'.repeat(300) }).series) <= 255));
  test('no half of a character: no Python can write one', () => {
    for (const name of ['\ud83d', `${'x'.repeat(199)}😀`, `${'x'.repeat(119)}😀`])
      for (const branch of [null, 'main']) {
        const text = JSON.stringify(edited({ branch, commit: null }, name));
        assert.doesNotMatch(text, /\\ud[89a-f]/);
      }
  });
  test('a record without branch and commit has its name once', () =>
    assert.deepEqual(
      [edited({ branch: null, commit: null }).name, edited({ branch: 'x', commit: null }).name],
      ['pr', 'x pr'],
    ));
  test('the name of a run is short enough for every server', () =>
    assert.ok(edited({ branch: null }, 'm'.repeat(300)).name.length <= 128));
});

describe('no score stands under the name of another', () => {
  const summary = summarise(worse);
  const scored = (score: number) => ({ score, ci: null, n: 10 });
  const metrics = (more: Partial<LogFacts['summary']>) =>
    logged(worse, null, { summary: { ...summary, ...more } }).point.metrics;

  test('benchmarks whose names differ in what loggers refuse alone, or are those of the whole', () => {
    const [first] = summary.benchmarks;
    const found = metrics({
      benchmarks: ['a b', 'a/b', 'questions'].map((id, index) => ({ ...first!, id, ...scored(index / 10) })),
    });
    assert.deepEqual(
      ['a-b', 'a-b-2', 'questions-2'].map((id) => found[`sos-bench/${id}/score`]),
      [0, 0.1, 0.2],
    );
    assert.equal(found['sos-bench/questions'], 1000);
  });
  test('a benchmark of the name of a factor', () => {
    const [first] = summary.benchmarks;
    const found = metrics({
      factors: [{ ...summary.factors[0]!, id: 'safety', ...scored(0.1) }],
      benchmarks: [{ ...first!, id: 'safety', ...scored(0.9) }],
    });
    assert.deepEqual([found['sos-bench/safety/score'], found['sos-bench/safety-2/score']], [0.1, 0.9]);
  });
  test('categories, judges and references of one judge benchmark', () => {
    const lines: [category: string | null, judge: string, reference: string][] = [
      ['hard', 'a', 'x'],
      ['creative', 'a', 'x'],
      ['creative', 'b', 'x'],
      ['creative', 'b', 'y'],
    ];
    const judge = lines.map(([category, by, reference], index) => ({
      ...{ id: 'arena', name: 'Arena', category, judge: by, reference, ...scored(index / 10) },
    })) as LogFacts['summary']['judge'];
    const found = Object.entries(metrics({ judge })).filter(([name]) => /arena.*\/score$/.test(name));
    assert.deepEqual(found, [
      ['sos-bench/arena.hard/score', 0],
      ['sos-bench/arena.creative.a/score', 0.1],
      ['sos-bench/arena.creative.b.x/score', 0.2],
      ['sos-bench/arena.creative.b.y/score', 0.3],
    ]);
    const alone = metrics({ judge: [{ ...judge![0]!, category: null }] });
    assert.equal(alone['sos-bench/arena/score'], 0);
  });
});

test('numbers are finite: no logger is handed null or NaN', () => {
  const documents = [logged(worse, main), logged(worse, null)];
  for (const { point } of documents)
    for (const [key, value] of Object.entries(point.metrics)) assert.ok(Number.isFinite(value), key);
});
