import { test } from 'node:test';
import { renderCalibration } from '../../src/report/tables/calibration.ts';
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
