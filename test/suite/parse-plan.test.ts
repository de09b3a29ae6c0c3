import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BenchmarkInventory } from '../../src/suite/plan/inventory.ts';
import { requirePlannedDocuments } from '../../src/suite/plan/match-plan.ts';
import { parsePlan } from '../../src/suite/plan/parse-plan.ts';
import { hashPlan, type Plan } from '../../src/suite/plan/plan.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import { design } from '../support/designs.ts';
import { taskInventory } from '../support/inventories.ts';
import { rejectsWith } from '../support/reject.ts';

const cluster = (docId: number) => docId >> 2;
const inventory: BenchmarkInventory[] = [
  {
    id: 'bbq',
    reason: null,
    tasks: [
      taskInventory('sosb_bbq_age', { count: 800, cluster }),
      taskInventory('sosb_bbq_ses', { count: 300, cluster: (docId) => 1000 + cluster(docId) }),
    ],
  },
  { id: 'xstest', reason: null, tasks: [taskInventory('sosb_xstest', { count: 20 })] },
  { id: 'gpqa', reason: null, tasks: [{ task: 'sosb_gpqa_main', documents: null, reason: 'gated' }] },
];
const plan = planSample(7, inventory, design(0.04));
const copy = () => structuredClone(plan);
const firstTask = (made: Plan) => made.benchmarks[0]!.tasks[0]!;

test('a stored plan comes back as it was', () => {
  assert.deepEqual(parsePlan(JSON.stringify(plan), 'plan.json'), plan);
});

test('a sampled plan is a part of what there is', () => {
  const { docIds, available } = firstTask(plan);
  assert.ok(docIds.length > 10 && docIds.length < available);
});

const BAD_TEXTS: [string, string, string][] = [
  ['nothing', '', 'not whole JSON'],
  ['a truncated file', JSON.stringify(plan).slice(0, -20), 'not whole JSON'],
  ['a list', '[]', 'Invalid input'],
  ['another schema version', JSON.stringify({ ...plan, schemaVersion: 2 }), 'schema version 2'],
  ['an unknown suite', JSON.stringify({ ...plan, suite: '../../x' }), 'suite'],
  ['a hash that is not its own', JSON.stringify({ ...plan, planHash: '0'.repeat(16) }), 'hash'],
  ['another seed under the old hash', JSON.stringify({ ...plan, seed: 8 }), 'hash'],
];
for (const [what, text, expected] of BAD_TEXTS) {
  test(`${what} is refused`, async () => {
    await rejectsWith(
      () => parsePlan(text, 'plan.json'),
      'plan-invalid',
      'plan.json',
      expected,
      'sos-bench plan',
    );
  });
}

/** Changes that somebody could make and hash again. */
const HOSTILE: [string, (made: Plan) => void, string][] = [
  ['a probability above 1', (made) => (firstTask(made).inclusionP[0] = 1.5), 'inclusionP'],
  ['a probability of 0', (made) => (firstTask(made).inclusionP[0] = 0), 'inclusionP'],
  [
    'a forged probability',
    (made) => (firstTask(made).inclusionP[3] = firstTask(made).inclusionP[3]! / 2),
    'inclusion probabilities are not those of',
  ],
  ['more documents than the probabilities tell', (made) => firstTask(made).available++, 'out of 801'],
  ['a hash that is not a hash', (made) => (firstTask(made).docHashes[0] = '0x$(id)'), '16 hex digits'],
  ['lists of different length', (made) => firstTask(made).clusters.pop(), 'differ in length'],
  ['items out of order', (made) => firstTask(made).docIds.reverse(), 'out of order'],
  ['an item beyond those there are', (made) => (firstTask(made).available = 3), 'out of order'],
  ['a negative item', (made) => (firstTask(made).docIds[0] = -1), 'docIds'],
  ['an item in two chunks', (made) => made.chunks.push({ ...made.chunks[0]!, id: 'again' }), 'twice'],
  ['two chunks of one name', (made) => (made.chunks[1]!.id = made.chunks[0]!.id), 'twice'],
  ['an item in no chunk', (made) => made.chunks.pop(), 'in no chunk'],
  ['a chunk out of order', (made) => made.chunks[0]!.docIds.reverse(), 'out of order'],
  ['a chunk of an unknown task', (made) => (made.chunks[0]!.task = 'other'), 'no planned task'],
  ['a chunk without items', (made) => (made.chunks[0]!.docIds = []), 'docIds'],
  ['one benchmark twice', (made) => made.benchmarks.push(made.benchmarks[1]!), 'twice'],
  ['control characters in a name', (made) => (made.chunks[0]!.id = '\u001b[31mred'), 'no name'],
  [
    'items of a skipped benchmark',
    (made) => (made.benchmarks[0]!.status = 'skipped'),
    'is skipped and has items',
  ],
  ['items of a skipped task', (made) => (firstTask(made).status = 'skipped'), 'skipped'],
];
for (const [what, change, expected] of HOSTILE) {
  test(`${what}, hashed again, is refused`, async () => {
    const made = copy();
    change(made);
    const text = JSON.stringify({ ...made, planHash: hashPlan(made) });
    await rejectsWith(() => parsePlan(text, 'plan.json'), 'plan-invalid', expected);
  });
}

test('a plan fits the documents it was made of', () => {
  requirePlannedDocuments(plan, inventory);
});

const seen = firstTask(plan).docIds[5]!;
const MISFITS: [string, (made: BenchmarkInventory[]) => void, string[]][] = [
  [
    'another document',
    (made) => change(made, 'hashes', 'f'.repeat(16)),
    ['sosb_bbq_age', `document ${seen} `],
  ],
  [
    'a document more',
    (made) => (made[0]!.tasks[1] = taskInventory('sosb_bbq_ses', { count: 301 })),
    ['sosb_bbq_ses', '300 documents, and there are 301 here'],
  ],
  [
    'a task that cannot be had here',
    (made) => (made[0]!.tasks[0] = { task: 'sosb_bbq_age', documents: null, reason: 'no file' }),
    ['sosb_bbq_age', 'no file'],
  ],
  ['a benchmark that is not there', (made) => made.splice(1, 1), ['sosb_xstest', 'xstest has no such task']],
];
for (const [what, spoil, texts] of MISFITS) {
  test(`${what}: the plan is refused, naming the task`, async () => {
    const made = structuredClone(inventory);
    spoil(made);
    await rejectsWith(() => requirePlannedDocuments(plan, made), 'plan-mismatch', ...texts);
  });
}

test('what a plan skips need not be here', () => {
  requirePlannedDocuments(plan, inventory.slice(0, 2));
});

function change(made: BenchmarkInventory[], list: 'hashes', value: string): void {
  const documents = made[0]!.tasks[0]!.documents!;
  made[0]!.tasks[0]!.documents = { ...documents, [list]: documents[list].with(seen, value) };
}
