import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderCalibration } from '../../src/report/tables/calibration.ts';
import { widthOf } from '../../src/report/tables/layout.ts';
import { calibrate } from '../../src/verdict/measure/calibration.ts';
import { after, HALF, of } from '../support/comparisons.ts';
import { assertGolden } from '../support/golden.ts';

test('the spread between runs reads as its golden file', () => {
  const runs = [0, 30, 60].map((lost, i) =>
    of(`seed-${i}`, {
      gpqa: { scores: after(lost) },
      ifeval: { scores: HALF },
      bbq: { scores: after(0, 10 * i) },
    }),
  );
  assertGolden('table-calibration.txt', renderCalibration(calibrate(runs, 'paper')));
});

test('it fits a terminal of 80 columns: long names are cut, no number is', () => {
  const runs = [0, 100, 200].map((lost, i) =>
    of(`seed-${i}`, { 'livebench-instruction-following': { scores: after(lost) } }),
  );
  const calibration = calibrate(runs, 'paper');
  const [wide, narrow] = [renderCalibration(calibration), renderCalibration(calibration, 80)];
  assert.ok(Math.max(...wide.split('\n').map(widthOf)) > 80);
  assert.ok(Math.max(...narrow.split('\n').map(widthOf)) <= 80, narrow);
  const numbers = (text: string) => text.match(/\d+\.\d/g);
  assert.deepEqual(numbers(narrow), numbers(wide));
});
