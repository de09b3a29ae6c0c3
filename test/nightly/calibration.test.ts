import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { swapSides } from '../../bench/support/calibration/swaps.ts';
import { upperBound } from '../../bench/support/calibration/upper-bound.ts';
import { clusterDesign, measureCounts } from '../../bench/support/simulate.ts';
import { estimateMean } from '../../src/record/results/sampling.ts';
import { compare } from '../../src/verdict/compare.ts';
import { assertClose } from '../support/assert-close.ts';
import { after, HALF, of, row } from '../support/comparisons.ts';
import { createRandom } from '../support/random.ts';
import { flipped, indexes, rightThenWrong } from '../support/records.ts';

describe('the quick calibration', () => {
  let output = '';
  before(async () => {
    output = (await execa(process.execPath, ['bench/calibration.ts', '--quick'])).stdout;
  });

  const sections = [
    { title: 'False alarms', rows: ['full', '5,000 items', 'mini'] },
    {
      title: 'Coverage of the 95% intervals of scores',
      rows: ['right or wrong, 200 items (exact)', 'BBQ full, clusters of correlation 0.1'],
    },
    { title: 'Coverage of the 95% intervals of differences', rows: ['full', '5,000 items', 'mini'] },
    { title: 'Power', rows: ['full', '5,000 items', 'mini'] },
    { title: '`detectable`', rows: ['full', '5,000 items'] },
    { title: 'False alarms with five looks', rows: ['2%', '5%', '10%', '25%'] },
    { title: 'Endings of five looks', rows: ['none', '2 points in wk', '2 points in safety'] },
    { title: 'Covariance of looks', rows: ['wk', 'if', 'safety'] },
    { title: 'Five looks at differences that borrow', rows: ['10%', '25%'] },
    { title: 'Covariance of looks that borrow', rows: ['wk', 'if', 'safety'] },
    { title: 'Minimum detectable drop', rows: ['full', 'full, no LiveBench', '5,000 items', 'mini'] },
  ];
  for (const { title, rows } of sections) {
    test(`prints a table "${title}"`, () => {
      const names = tableOf(output, title).map((cells) => cells[0]);
      for (const name of rows) assert.ok(names.includes(name), `${name} is not among ${names.join('; ')}`);
    });
  }

  test('finds no absurd number of false alarms', () => {
    const table = tableOf(output, 'False alarms');
    assert.equal(table.length, 27);
    for (const cells of table) {
      assert.ok(Number.parseFloat(cells[2] ?? '') <= 9, cells.join(' | '));
    }
  });

  test('finds large drops and few small ones', () => {
    const found = (points: string) =>
      tableOf(output, 'Power').find(
        ([size, factor, drop]) => size === 'full' && factor === 'safety' && drop === points,
      )?.[3];
    assert.equal(found('5.0'), '100.0%');
    assert.ok(Number.parseFloat(found('0.5') ?? '') < 80, found('0.5'));
  });
});

describe('what the calibration draws is what compare makes of items', () => {
  test('counts of right and wrong answers', () => {
    const { delta } = row(
      compare(
        of('main', { 'mmlu-pro': { scores: HALF } }),
        of('pr', { 'mmlu-pro': { scores: after(20, 8) } }),
      ),
      'mmlu-pro',
    );
    const { measured } = measureCounts(8, 20, 1000);
    assertClose([delta.estimate!, delta.se!, delta.df!], [measured.estimate, measured.se!, measured.df!]);
  });

  test('means of clusters', () => {
    const sizes = [3, 1, 2, 4, 2, 5, 1, 1, 2, 3, 2, 4];
    const cluster = (index: number) => sizes.findIndex((_, g) => index < sum(sizes.slice(0, g + 1)));
    const scores = rightThenWrong(20, 10);
    const changed = flipped(scores, 0, 1, 5, 9, 22);
    const { delta } = row(
      compare(of('main', { musr: { scores, cluster } }), of('pr', { musr: { scores: changed, cluster } })),
      'musr',
    );
    const means = sizes.map((size, g) => {
      const own = indexes(30).filter((index) => cluster(index) === g);
      return sum(own.map((index) => changed[index]! - scores[index]!)) / size;
    });
    const measured = estimateMean(Float64Array.from(means), clusterDesign(sizes));
    assert.ok(measured);
    assertClose([delta.estimate!, delta.se!, delta.df!], [measured.estimate, measured.se!, measured.df!]);
  });
});

test('sides that are swapped by cluster seldom differ, however much the models do', () => {
  const musr = { cluster: (index: number) => index >> 2 };
  const { rows } = swapSides(
    [
      [
        of('main', { gpqa: { scores: HALF }, musr: { scores: rightThenWrong(80, 0), ...musr } }),
        of('pr', { gpqa: { scores: after(300) }, musr: { scores: rightThenWrong(20, 60), ...musr } }),
      ],
    ],
    { random: createRandom(1), repetitions: 200, progress: () => undefined },
  );
  const [records, items, flips, any] = rows[0] ?? [];
  assert.deepEqual([records, items, flips], ['main and pr', '1080', '33.3%']);
  assert.ok(Number.parseFloat(any ?? '') <= 9, any);
});

test('the upper bound of a share is that of Clopper and Pearson', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(0.98, 'exact').high
  assertClose(upperBound(0, 100, 0.99), 1 - 0.01 ** (1 / 100), 1e-8);
  assert.equal(upperBound(5, 5, 0.99), 1);
});

function tableOf(output: string, title: string): string[][] {
  const section =
    output.split('\n## ').find((part) => part.replace('## ', '').startsWith(`${title}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
