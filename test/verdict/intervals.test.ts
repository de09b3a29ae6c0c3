import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { DEFAULT_POLICY, PRESETS } from '../../src/verdict/policy.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { assertClose } from '../support/assert-close.ts';
import { factor, of, row } from '../support/comparisons.ts';
import { type Row, rightThenWrong } from '../support/records.ts';

const MIXED = (index: number) =>
  index % 2 ? 'leaderboard_bbh_navigate' : 'leaderboard_bbh_temporal_sequences';
const grades = (n: number, grade: number) => new Array<number>(n).fill(grade);

/** Benchmarks that used to leave the scale, or to have no width, and those beside them. */
const ROWS: { title: string; id: string; row: (right: boolean) => Row }[] = [
  {
    title: '12 of 12',
    id: 'gpqa',
    row: (right) => ({ scores: rightThenWrong(right ? 12 : 0, right ? 0 : 12) }),
  },
  {
    title: '11 of 12',
    id: 'gpqa',
    row: (right) => ({ scores: rightThenWrong(right ? 11 : 1, right ? 1 : 11) }),
  },
  {
    title: '12 of 12 of WMDP',
    id: 'wmdp',
    row: (right) => ({ scores: rightThenWrong(right ? 0 : 12, right ? 12 : 0) }),
  },
  {
    title: '12 of 12, means alone',
    id: 'gpqa',
    row: (right) => ({ scores: rightThenWrong(right ? 12 : 0, right ? 0 : 12), items: false }),
  },
  {
    title: '11 of 12, means alone',
    id: 'gpqa',
    row: (right) => ({ scores: rightThenWrong(right ? 11 : 1, right ? 1 : 11), items: false }),
  },
  {
    title: '12 clusters of 3, all right',
    id: 'musr',
    row: (right) => ({ scores: grades(36, right ? 1 : 0), cluster: (index) => Math.floor(index / 3) }),
  },
  {
    title: '12 clusters of 3, one not',
    id: 'musr',
    row: (right) => ({
      scores: rightThenWrong(right ? 33 : 3, right ? 3 : 33),
      cluster: (index) => Math.floor(index / 3),
    }),
  },
  {
    title: 'two clusters',
    id: 'musr',
    row: (right) => ({ scores: rightThenWrong(right ? 5 : 1, right ? 1 : 5), cluster: (index) => index % 2 }),
  },
  { title: 'graded, all at the top', id: 'ifeval', row: (right) => ({ scores: grades(12, right ? 1 : 0) }) },
  {
    title: 'graded, near the top',
    id: 'ifeval',
    row: (right) => ({ scores: [...grades(11, right ? 1 : 0), right ? 0.75 : 0.25] }),
  },
  {
    title: 'tasks of different chance',
    id: 'bbh',
    row: (right) => ({ scores: grades(12, right ? 1 : 0), task: MIXED }),
  },
  {
    title: 'LiveBench, two tasks',
    id: 'livebench-language',
    row: (right) => ({
      scores: grades(12, right ? 1 : 0),
      task: (index) => (index % 2 ? 'typos' : 'connections'),
    }),
  },
  {
    title: 'a sample',
    id: 'gpqa',
    row: (right) => ({ scores: grades(12, right ? 1 : 0), inclusionP: (index) => (index % 2 ? 0.5 : 1) }),
  },
];

for (const preset of PRESETS) {
  describe(`under preset ${preset}`, () => {
    const policy = { ...DEFAULT_POLICY, preset };
    for (const { title, id, row: make } of ROWS) {
      for (const right of [true, false]) {
        test(`${title}, ${right ? 'high' : 'low'}: scores of benchmark and factor have width and stay on the scale`, () => {
          const { factors, benchmarks } = summarise(of('m', { [id]: make(right) }), preset);
          const own = factors.find(({ score }) => score !== null);
          for (const { score, ci } of [benchmarks[0]!, own!]) {
            const [low, high] = ci!;
            // The longest that any task's scale is under chance: 1 / (1 - 1/2).
            const [least, most] = preset === 'chance' ? [-1, 4 / 3] : [0, 1];
            assert.ok(low >= least - 1e-12 && high <= most + 1e-12, `${low} to ${high}`);
            assert.ok(high - low > 0.01, `${low} to ${high}`);
            assert.ok(low <= score! && score! <= high, `${score} in ${low} to ${high}`);
          }
        });
      }
      for (const [before, after] of [
        [true, true],
        [false, true],
        [true, false],
      ] as const) {
        const change = before === after ? 'unchanged' : after ? 'from low to high' : 'from high to low';
        test(`${title}, ${change}: so do differences`, () => {
          const found = compare(of('main', { [id]: make(before) }), of('pr', { [id]: make(after) }), {
            policy,
          });
          const parts = [row(found, id), ...found.factors.filter(({ delta }) => delta.estimate !== null)];
          const reach = preset === 'chance' ? 2 : 1;
          for (const { delta } of parts) {
            for (const [low, high] of [delta.ci!, delta.equivalenceCi!]) {
              assert.ok(low >= -reach - 1e-12 && high <= reach + 1e-12, `${low} to ${high}`);
              assert.ok(high - low > 0.01, `${low} to ${high}`);
              assert.ok(
                low <= delta.estimate! && delta.estimate! <= high,
                `${delta.estimate} in ${low} to ${high}`,
              );
            }
          }
        });
      }
    }
  });
}

test('of two unmatched samples that are all right, the difference is as uncertain as both scores', () => {
  const kept = (model: string) => of(model, { gpqa: { scores: rightThenWrong(12, 0), items: false } });
  const { ci } = row(compare(kept('main'), kept('pr')), 'gpqa').delta;
  // Newcombe's interval (1998) of 12/12 - 12/12 is -0.2425 to 0.2425.
  assert.ok(ci![0] < -0.15 && ci![0] > -0.3 && ci![1] > 0.15 && ci![1] < 0.3, `${ci}`);
});

test('a factor of one benchmark has its interval', () => {
  const { factors, benchmarks } = summarise(of('m', { gpqa: { scores: rightThenWrong(12, 0) } }));
  assertClose(factors[0]!.ci, benchmarks[0]!.ci!);
  assertClose(factors[0]!.ci, [0.7575, 1], 1e-4);
});

test('a factor is known better than each of its benchmarks', () => {
  const rows = { gpqa: { scores: rightThenWrong(60, 40) }, musr: { scores: rightThenWrong(50, 50) } };
  const { factors, benchmarks } = summarise(of('m', rows));
  const width = (ci: [number, number] | null) => ci![1] - ci![0];
  assert.ok(benchmarks.every(({ ci }) => width(ci) > width(factors[0]!.ci)));
});

test('one model against itself has no error', () => {
  const main = of('main', { gpqa: { scores: rightThenWrong(12, 0) } });
  assert.deepEqual(factor(compare(main, main), 'wk').delta.ci, [0, 0]);
});
