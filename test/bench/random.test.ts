import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expected } from '../stats/expected.ts';
import { assertClose } from '../support/assert-close.ts';
import { createRandom } from '../support/random.ts';

for (const { seed, uniforms, normals } of expected.random) {
  test(`seed ${seed} starts the published generator`, () => {
    const uniform = createRandom(seed);
    assert.deepEqual(
      uniforms.map(() => uniform.uniform()),
      uniforms,
    );
    const normal = createRandom(seed);
    for (const wanted of normals) assertClose(normal.normal(), wanted);
  });
}

const DRAWS = 40_000;
const draws = (draw: () => number) => Float64Array.from({ length: DRAWS }, draw);
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('uniform numbers lie in [0, 1), evenly', () => {
  const values = draws(createRandom(1).uniform);
  assert.ok(values.every((value) => value >= 0 && value < 1));
  assertClose(mean(values), 0.5, 4 * Math.sqrt(1 / 12 / DRAWS));
});

test('whole numbers are each as likely', () => {
  const random = createRandom(2);
  const counts = new Array<number>(6).fill(0);
  for (let i = 0; i < DRAWS; i++) counts[random.integer(6)]!++;
  const distance = counts.reduce((sum, count) => sum + (count - DRAWS / 6) ** 2 / (DRAWS / 6), 0);
  // The 99.9% point of chi-square with 5 degrees of freedom.
  assert.ok(distance < 20.5, counts.join(', '));
  assert.equal(random.integer(1), 0);
});

test('normal numbers have mean 0 and variance 1', () => {
  const values = draws(createRandom(3).normal);
  assertClose(mean(values), 0, 4 / Math.sqrt(DRAWS));
  assertClose(mean(values.map((value) => value * value)), 1, 4 * Math.sqrt(2 / DRAWS));
});

test('neighbouring seeds give unrelated streams', () => {
  const first = draws(createRandom(10).normal);
  const second = draws(createRandom(11).normal);
  assertClose(mean(first.map((value, i) => value * second[i]!)), 0, 4 / Math.sqrt(DRAWS));
  // Nor are the first numbers of many seeds.
  const starts = Float64Array.from({ length: 2000 }, (_, seed) => createRandom(seed).uniform());
  assertClose(mean(starts), 0.5, 4 * Math.sqrt(1 / 12 / 2000));
  const steps = starts.slice(1).map((start, seed) => (start - 0.5) * (starts[seed]! - 0.5));
  assertClose(mean(steps), 0, 4 / 12 / Math.sqrt(2000));
});
