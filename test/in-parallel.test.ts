import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inParallel } from '../src/in-parallel.ts';

function promised() {
  let resolve!: (value: string) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<string>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}

/** Work that ends when it is told to, well or badly. */
function startWork(count: number, limit: number) {
  const begun: number[] = [];
  const ends = Array.from({ length: count }, promised);
  let isOver = false;
  const all = inParallel([...ends.keys()], limit, (place) => {
    begun.push(place);
    return ends[place]!.promise;
  }).finally(() => {
    isOver = true;
  });
  all.catch(() => undefined);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { begun, ends, all, settle, isOver: () => isOver };
}

test('results come in the order of the inputs, so many at a time', async () => {
  const { begun, ends, all, settle } = startWork(3, 2);
  assert.deepEqual(begun, [0, 1]);
  ends[1]!.resolve('b');
  await settle();
  assert.deepEqual(begun, [0, 1, 2]);
  ends[2]!.resolve('c');
  ends[0]!.resolve('a');
  assert.deepEqual(await all, ['a', 'b', 'c']);
});

test('of several failures that of the first input is told, whichever came first; none begins after one, and none runs on', async () => {
  const { begun, ends, all, settle, isOver } = startWork(5, 3);
  ends[2]!.reject(new Error('the third'));
  await settle();
  ends[1]!.reject(new Error('the second'));
  await settle();
  assert.equal(isOver(), false, 'the first runs still');
  ends[0]!.resolve('a');
  await assert.rejects(all, /the second/);
  assert.deepEqual(begun, [0, 1, 2]);
});
