import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkerItem } from '../../src/harness/lm-eval/messages.ts';
import { encodeItems } from '../../src/record/items.ts';
import { buildResults } from '../../src/record/results/build.ts';
import { rawScore } from '../../src/record/results/score.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { answersOf, smallPlan } from '../support/results.ts';

const plan = smallPlan();
const answers = answersOf(plan);
const none = new Map<string, string>();
const whole = buildResults(CATALOGUE, plan, answers, none);
/** All but the first chunk, which is of BBQ. */
const some = new Map([...answers].slice(1));
const kept = 900 - plan.chunks[0]!.docIds.length;

test('every planned item becomes one item, in the order of the plan', () => {
  assert.equal(whole.items.length, 920);
  assert.equal(new Set(whole.items.map(({ task, docId }) => `${task} ${docId}`)).size, 920);
  assert.deepEqual(
    [...new Set(whole.items.map(({ task }) => task))],
    ['sosb_bbq_age', 'sosb_bbq_ses', 'sosb_xstest'],
  );
  assert.ok(whole.complete);
});

const ORDERS: [string, (chunks: [string, WorkerItem[]][]) => [string, WorkerItem[]][]][] = [
  ['backwards', (chunks) => chunks.toReversed()],
  ['by name', (chunks) => chunks.toSorted(([a], [b]) => (a < b ? 1 : -1))],
  ['the last task first', (chunks) => [...chunks.slice(-1), ...chunks.slice(0, -1)]],
];
for (const [what, order] of ORDERS) {
  test(`results that came ${what} give the same bytes`, () => {
    const built = buildResults(CATALOGUE, plan, new Map(order([...answers])), none);
    assert.deepEqual(encodeItems(built.items, ''), encodeItems(whole.items, ''));
    assert.deepEqual(built, whole);
  });
}

test('hashes are the same 64 bits, signed', () => {
  const first = whole.items[0]!;
  const hex = plan.benchmarks[0]!.tasks[0]!.docHashes[0]!;
  assert.equal(BigInt.asUintN(64, first.docHash).toString(16).padStart(16, '0'), hex);
  assert.ok(whole.items.some(({ docHash }) => docHash < 0n));
});

test('items of one cluster share it; items of a task without clusters have none', () => {
  const [a, b, c] = whole.items.filter(({ task }) => task === 'sosb_bbq_age').slice(2, 5);
  assert.equal(a!.cluster, b!.cluster);
  assert.notEqual(b!.cluster, c!.cluster);
  assert.equal(whole.items.at(-1)!.cluster, null);
});

test('a document that is not the planned one is refused', () => {
  const swapped = new Map(answers);
  const [id, items] = [...answers][0]!;
  swapped.set(id, [{ ...items[0]!, docHash: 'ffffffffffffffff' }, ...items.slice(1)]);
  assert.throws(
    () => buildResults(CATALOGUE, plan, swapped, none),
    /document 0 is not the one that was planned/,
  );
});

test('a chunk that is missing makes its benchmark partial, not the others', () => {
  const { benchmarks, complete, prompts } = buildResults(CATALOGUE, plan, some, none);
  assert.deepEqual(
    benchmarks.map(({ status, n, planned }) => [status, n, planned]),
    [
      ['partial', kept, 900],
      ['done', 20, 20],
    ],
  );
  assert.equal(complete, false);
  assert.deepEqual(
    [...prompts.keys()],
    ['sosb_bbq_ses', 'sosb_xstest'],
    'prompts are compared of whole tasks only',
  );
});

test('a benchmark that was given up is failed with its reason, what it has is kept', () => {
  const { benchmarks } = buildResults(CATALOGUE, plan, some, new Map([['bbq', 'out of memory']]));
  assert.deepEqual(
    [benchmarks[0]!.status, benchmarks[0]!.reason, benchmarks[0]!.n],
    ['failed', 'out of memory', kept],
  );
});

test('nothing answered is not a mean, no error and no answers', () => {
  const { benchmarks, items, tokens } = buildResults(CATALOGUE, plan, new Map(), none);
  const { mean, stderr, chance, constantScore, answers: counts } = benchmarks[0]!;
  assert.deepEqual([mean, stderr, chance, constantScore, counts], [null, null, null, null, {}]);
  assert.deepEqual([items.length, tokens], [0, 0]);
});

test('mean, constant answer and answer counts are those of the items', () => {
  const xstest = whole.benchmarks[1]!;
  // Of documents 0..19 those divisible by 3 (7) score 0; targets are 0, 1, 2 in turn.
  assert.equal(xstest.mean, 13 / 20);
  assert.equal(xstest.constantScore, 7 / 20);
  assert.deepEqual(xstest.answers, { 0: 7, 1: 7, 2: 6 });
  assert.equal(xstest.chance, 0.5);
});

test('prompt digests do not depend on the order of chunks, and change with a prompt', () => {
  const other = new Map([...answers].map(([id, items]) => [id, items.map((item) => ({ ...item }))]));
  const changed = [...other.values()][0]![0]!;
  changed.promptHash = 'aaaaaaaaaaaaaaaa';
  const { prompts } = buildResults(CATALOGUE, plan, other, none);
  assert.notEqual(prompts.get('sosb_bbq_age'), whole.prompts.get('sosb_bbq_age'));
  assert.equal(prompts.get('sosb_bbq_ses'), whole.prompts.get('sosb_bbq_ses'));
});

test('tokens are counted, or not known when one chunk does not know them', () => {
  assert.equal(whole.tokens, 920 * 7);
  const [id, items] = [...answers][0]!;
  const unknown = new Map(answers).set(id, [{ ...items[0]!, tokens: null }, ...items.slice(1)]);
  assert.equal(buildResults(CATALOGUE, plan, unknown, none).tokens, null);
});

const answer = (scores: WorkerItem['scores']): WorkerItem => ({ ...[...answers.values()][0]![0]!, scores });
const followed = (passed: number, total: number) => ({ passed, total });

test('an IFEval item scores the mean of its four metrics, instructions averaged within it', () => {
  const item = answer({
    prompt_level_strict_acc: 0,
    prompt_level_loose_acc: 1,
    inst_level_strict_acc: followed(1, 3),
    inst_level_loose_acc: followed(3, 3),
  });
  assert.equal(rawScore(item, 'ifeval'), (0 + 1 + 1 / 3 + 1) / 4);
});

test('a metric the harness did not report, or an impossible one, is refused', () => {
  assert.throws(() => rawScore(answer({ acc: 1 }), 'acc_norm'), /no acc_norm for document 0/);
  assert.throws(() => rawScore(answer({ acc: 2 }), 'acc'), /acc of document 0 is 2/);
});
