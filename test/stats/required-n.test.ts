import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectable } from '../../src/stats/detectable.ts';
import { requiredN } from '../../src/stats/required-n.ts';
import { expected } from './expected.ts';

for (const { drop, sd, n, ...family } of expected.requiredN) {
  test(`a drop of ${drop} with sd ${sd} among ${family.familySize} tests takes ${n} items`, () => {
    const asked = { alpha: 0.05, ...family };
    assert.equal(requiredN(drop, sd, asked), n);
    assert.ok(detectable(sd / Math.sqrt(n), asked) <= drop);
    if (n > 1) assert.ok(detectable(sd / Math.sqrt(n - 1), asked) > drop);
  });
}

const asked = { alpha: 0.05, familySize: 3, minimumEffect: 0.01 };
test('no number of items shows a drop within the minimum effect', () => {
  for (const drop of [0.01, 0.005, 0, -0.2]) {
    assert.equal(requiredN(drop, 0.3, asked), null);
    assert.equal(requiredN(drop, 0, asked), null);
  }
});

test('differences without spread need one item', () => {
  assert.equal(requiredN(0.02, 0, asked), 1);
});
