import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Eta } from '../../src/evaluate/workers/eta.ts';
import type { Chunk } from '../../src/suite/plan/plan.ts';

const chunk = (id: string, cost: number): Chunk => ({ id, benchmark: 'b', task: 't', docIds: [0], cost });
const CHUNKS = [chunk('a', 50), chunk('b', 30), chunk('c', 20)];

function started(finished: string[] = []) {
  const clock = { now: 0 };
  const eta = new Eta(CHUNKS, new Set(finished), () => clock.now);
  eta.start();
  return { eta, clock };
}

test('nothing is known before the model is loaded', () => {
  const eta = new Eta(CHUNKS, new Set(), () => 0);
  assert.deepEqual(eta.state(), { fraction: 0, eta: null });
});

test('nothing is known before anything is done', () => {
  const { eta, clock } = started();
  clock.now = 60_000;
  assert.deepEqual(eta.state(), { fraction: 0, eta: null });
});

test('the rest takes as long as its cost at the speed so far', () => {
  const { eta, clock } = started();
  clock.now = 10_000;
  eta.finish('a');
  assert.deepEqual(eta.state(), { fraction: 0.5, eta: 10 });
});

test('a chunk that runs counts by its share', () => {
  const { eta, clock } = started();
  clock.now = 10_000;
  eta.advance('a', 0.5);
  assert.deepEqual(eta.state(), { fraction: 0.25, eta: 30 });
});

test('two chunks that run at once both count', () => {
  const { eta, clock } = started();
  clock.now = 10_000;
  eta.advance('a', 0.5);
  eta.advance('b', 0.5);
  assert.deepEqual(eta.state(), { fraction: 0.4, eta: 15 });
});

test('what an earlier run did counts as done, but not for the speed', () => {
  const { eta, clock } = started(['a']);
  assert.deepEqual(eta.state(), { fraction: 0.5, eta: null });
  clock.now = 10_000;
  eta.finish('b');
  const { fraction, eta: left } = eta.state();
  assert.equal(fraction, 0.8);
  assert.ok(Math.abs(left! - (10 * 20) / 30) < 1e-9);
});

test('loading the model a second time does not start the clock again', () => {
  const { eta, clock } = started();
  clock.now = 10_000;
  eta.start();
  eta.finish('a');
  assert.equal(eta.state().eta, 10);
});

test('a chunk begun again loses its share', () => {
  const { eta, clock } = started();
  clock.now = 10_000;
  eta.advance('a', 0.9);
  eta.advance('a', 0);
  assert.deepEqual(eta.state(), { fraction: 0, eta: null });
});

test('a worker that counts beyond its total does not pass 100%', () => {
  const { eta } = started();
  eta.advance('a', 3);
  assert.equal(eta.state().fraction, 0.5);
});

test('all done is 100% with nothing left, as is an empty plan', () => {
  const { eta, clock } = started();
  clock.now = 1000;
  for (const { id } of CHUNKS) eta.finish(id);
  assert.deepEqual(eta.state(), { fraction: 1, eta: 0 });
  assert.equal(new Eta([], new Set(), () => 0).state().fraction, 1);
});

describe('with looks', () => {
  const looked = [chunk('a', 40), chunk('b', 20), chunk('c', 20), chunk('d', 20)].map((one, index) => ({
    ...one,
    look: index < 2 ? 1 : index,
  }));
  const dropped = new Set<string>();
  const clock = { now: 0 };
  const eta = new Eta(
    looked,
    new Set(),
    () => clock.now,
    ({ id }) => dropped.has(id),
  );

  test('seconds are told to the end of the look that is asked, and to that of the last', () => {
    eta.start();
    clock.now = 10_000;
    eta.finish('a');
    assert.deepEqual(eta.state(1), { fraction: 0.4, eta: 15, lookEta: 5 });
  });

  test('what is not asked any more is no part of the work', () => {
    dropped.add('d');
    assert.deepEqual(eta.state(1), { fraction: 0.5, eta: 10, lookEta: 5 });
  });

  test('what had begun when it was dropped is, until it is done', () => {
    eta.advance('c', 0.5);
    dropped.add('c');
    assert.equal(eta.state().fraction, 50 / 80);
    eta.finish('c');
    eta.finish('b');
    assert.equal(eta.state().fraction, 1);
  });
});

describe('the first estimate', () => {
  /** 100 chunks, each of which takes a second; the first answer takes as long as given. */
  function begin(warmUp: number) {
    const chunks = Array.from({ length: 100 }, (_, index) => chunk(`c${index}`, 10));
    const clock = { now: 0 };
    const eta = new Eta(chunks, new Set(), () => clock.now);
    eta.start();
    clock.now = 1000 * warmUp;
    eta.finish('c0');
    return {
      eta,
      /** So many more chunks, a second each. */
      work(count: number) {
        for (let done = 0; done < count; done++) {
          clock.now += 1000;
          eta.finish(`c${1 + done}`);
        }
        return eta.state().eta;
      },
    };
  }

  test('waits for more than the first answer, however slow that was', () => {
    assert.equal(begin(150).eta.state().eta, null);
    assert.equal(begin(0.1).eta.state().eta, null);
  });

  for (const warmUp of [0.1, 1, 150, 900])
    test(`is right after a first answer of ${warmUp} s`, () => {
      assert.equal(begin(warmUp).work(9), 90);
    });

  test('needs some seconds: two answers that come at once say nothing', () => {
    const { eta } = begin(150);
    eta.finish('c1');
    eta.finish('c2');
    assert.equal(eta.state().eta, null);
  });

  test('of a long run comes after a minute, whatever its share', () => {
    const clock = { now: 0 };
    const eta = new Eta([chunk('long', 10_000)], new Set(), () => clock.now);
    eta.start();
    eta.advance('long', 0.001);
    clock.now = 60_000;
    eta.advance('long', 0.002);
    assert.ok(Math.abs(eta.state().eta! - 60 * 998) < 1e-6);
  });
});
