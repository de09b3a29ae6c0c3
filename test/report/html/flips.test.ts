import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { nameAnswer } from '../../../src/report/html/flips/answers.ts';
import { packFlips } from '../../../src/report/html/flips/payload.ts';
import { plotFlips } from '../../../src/report/html/flips/plot.ts';
import { rankFlips } from '../../../src/report/html/flips/telling.ts';
import type { BenchmarkChanges, ChangedAnswer } from '../../../src/verdict/signs/changes.ts';
import { assertGolden } from '../../support/golden.ts';

/** A flip from one margin to another; null for generated text. */
function flip(
  docId: number,
  before: number | null,
  after: number | null,
  task = 'leaderboard_gpqa_main',
): ChangedAnswer {
  const answer = (margin: number | null, isRight: boolean) => ({
    score: Number(isRight),
    margin,
    prediction: margin === null ? '00112233445566ff' : String(docId % 4),
  });
  const isLost = before === null || before > 0;
  return {
    ...{ task, stratum: task, docId, docHash: BigInt(docId) * 0x0101_0101_0101_0101n },
    before: answer(before, isLost),
    after: answer(after, !isLost),
  };
}

function benchmark(id: string, changed: ChangedAnswer[], typicalMargin: number | null = 1): BenchmarkChanges {
  return { id, n: 100, stayed: { right: 50, wrong: 30 }, typicalMargin, changed, parts: [] };
}

describe('the most telling flips', () => {
  const order = (changes: BenchmarkChanges[]) => rankFlips(changes).map(({ docId, kind }) => [docId, kind]);

  test('are those that were clear of a tie on both sides, the surer first; then those without margins; then near misses', () => {
    assert.deepEqual(
      order([
        benchmark('gpqa', [flip(1, 0.1, -2), flip(2, 0.5, -0.6), flip(3, 2, -0.2), flip(4, -1, 1)]),
        benchmark('ifeval', [flip(5, null, null)], null),
      ]),
      [
        [4, 'confident'],
        [2, 'confident'],
        [5, 'unknown'],
        [3, 'near'],
        [1, 'near'],
      ],
    );
  });

  test('are measured by the median margin of their own benchmark: units differ', () => {
    const [first, second] = [
      benchmark('gpqa', [flip(1, 0.3, -0.3)], 1),
      benchmark('bbh', [flip(2, 0.3, -0.3)], 4),
    ];
    assert.deepEqual(order([second, first]), [
      [1, 'confident'],
      [2, 'near'],
    ]);
  });

  test('come in one order, whatever order they are given in', () => {
    const flips = [flip(1, 1, -1), flip(2, 1, -1), flip(3, -1, 1), flip(4, -1, 1)];
    assert.deepEqual(order([benchmark('gpqa', flips)]), order([benchmark('gpqa', [...flips].reverse())]));
  });
});

describe('an answer is named', () => {
  const cases: [string, string, string][] = [
    ['an option by its letter', '2', 'C'],
    ['a late option not at all', '30', 'a later option'],
    ['generated text by that alone', '00112233445566ff', 'text'],
    ['anything else a record holds there by that alone', '<b>the answer</b>', 'text'],
    ['no answer as none', '', 'none'],
  ];
  for (const [what, prediction, expected] of cases)
    test(what, () => assert.equal(nameAnswer({ score: 0, margin: null, prediction }), expected));
});

describe('the data of the script', () => {
  const changes = [
    benchmark('gpqa', [flip(7, 1.5, -0.25), flip(3, -2, 40_000)], 0.5),
    benchmark('</script><b>', [{ ...flip(9, null, null, '<!--task'), after: null }], null),
  ];
  const { text } = packFlips(rankFlips(changes), changes);
  const [, json] = /^<script type="application\/json" id="flip-data">(.*)<\/script>$/s.exec(text)!;
  const data = JSON.parse(json!);

  test('has every flip in columns, margins in thousandths of the median', () => {
    const raw = inflateRawSync(Buffer.from(data.columns, 'base64'));
    const row = 2 + 4 + 2 + 2 + 1 + 1 + 1 + 1 + 1 + 4 + 4;
    assert.equal(raw.length, data.count * row);
    const plane = (offset: number, bytes: number) =>
      Array.from({ length: data.count }, (_, index) => {
        let value = 0;
        for (let at = 0; at < bytes; at++) value += raw[(offset + at) * data.count + index]! * 256 ** at;
        return value;
      });
    const signed = (values: number[]) => values.map((value) => (value >= 32_768 ? value - 65_536 : value));
    assert.deepEqual(plane(2, 4), [9, 3, 7], 'doc ids, in order of benchmark, task and id');
    assert.deepEqual(signed(plane(6, 2)), [-32_768, -4000, 3000]);
    assert.deepEqual(signed(plane(8, 2)), [-32_768, 32_000, -500], 'a margin beyond all is cut off');
    assert.deepEqual(plane(11, 1), [255, 200, 0], 'scores after: none, right, wrong');
    assert.deepEqual(plane(15, 4), [0x09090909, 0x03030303, 0x07070707], 'the lower half of the hash');
  });

  test('cannot end its element, whatever a task is called', () => {
    assert.doesNotMatch(json!, /[<>&]/);
    assert.equal(data.benchmarks[0].name, '</script><b>');
    assert.equal(data.parts[0][1], '<!--task');
  });
});

test('the plot of margins reads as its golden file', () => {
  const flips = [flip(1, 0.1, -2), flip(2, 0.5, -0.6), flip(3, -1, 1), flip(4, -50, 50)];
  const one = benchmark('gpqa', flips);
  assertGolden('report-margins.svg', plotFlips(one, rankFlips([one]))!.text);
});

test('a benchmark without margins has no plot', () => {
  const one = benchmark('ifeval', [flip(1, null, null)], null);
  assert.equal(plotFlips(one, rankFlips([one])), null);
});
