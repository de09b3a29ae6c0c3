import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal } from '../../../src/evaluate/journal/journal.ts';
import { askedOf, keepChunk, withKnown } from '../../../src/evaluate/journal/state.ts';
import { type KnownAnswers, readAnswers } from '../../../src/evaluate/known/read-answers.ts';
import { type TakenOver, takeOver } from '../../../src/evaluate/known/take-over.ts';
import { encodeItems } from '../../../src/record/items.ts';
import { buildResults } from '../../../src/record/results/build.ts';
import type { TaskProtocol } from '../../../src/record/schema.ts';
import { CATALOGUE } from '../../../src/suite/catalogue.ts';
import type { Plan } from '../../../src/suite/plan/plan.ts';
import { leaveAnswered, MODEL, protocolOf, VERSIONS } from '../../support/answered-records.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { answersOf, smallPlan } from '../../support/results.ts';

const folder = temporaryFolder();
const plan = smallPlan();
const [one, two] = ['1'.repeat(40), '2'.repeat(40)];
let folders = 0;
const path = () => join(folder, `folder-${folders++}`);
const protocol: TaskProtocol = {
  ...{ version: '1', fewshot: 0, outputType: 'multiple_choice', metric: 'acc', generation: null },
  ...{ data: 'mini', prompts: null },
};
const asking = {
  model: MODEL,
  request: { seed: 1, includePaths: [] },
  protocol: protocolOf(plan),
  versions: VERSIONS,
};
const identity = { planHash: plan.planHash, modelDigest: 'sha256:m', protocol: protocolOf(plan) };
const now = () => new Date(Date.UTC(2026, 0, 2));

async function open(at: string) {
  return await Journal.open(join(at, 'journal.ndjson'), identity, { fresh: false, now });
}

async function known(given: Parameters<typeof leaveAnswered>[1]): Promise<KnownAnswers> {
  const answers = await readAnswers(await leaveAnswered(path(), given));
  if (typeof answers === 'string') throw new Error(answers);
  return answers;
}

interface Begun extends Awaited<ReturnType<typeof open>> {
  at: string;
  taken: TakenOver;
}

async function begin(sources: KnownAnswers[], at = path()): Promise<Begun> {
  const { makeFolder } = await import('../../../src/system/files/files.ts');
  await makeFolder(at);
  const opened = await open(at);
  const askedTask = (chunk: { benchmark: string; task: string }) => ({ ...chunk, protocol, server: null });
  const taken = await takeOver({ plan, ...opened, asking, askedTask }, sources);
  return { ...opened, at, taken };
}

/** Asks what is left, as workers would; gives the questions. */
async function askRest({ state, journal }: Begun): Promise<number[]> {
  const asked: number[] = [];
  for (const chunk of plan.chunks
    .filter(({ id }) => !state.results.has(id))
    .map((each) => askedOf(each, state))) {
    asked.push(...chunk.docIds);
    const items = answersOf(plan)
      .get(chunk.id)!
      .filter(({ docId }) => chunk.docIds.includes(docId));
    const entry = withKnown({ chunk: chunk.id, seconds: 1, batchSize: '8', items }, state);
    await journal.append({ type: 'chunk', ...entry });
    keepChunk(state, entry);
  }
  return asked;
}

const bytes = ({ state }: Pick<Begun, 'state'>) => {
  const { items } = buildResults(CATALOGUE, plan, state.results, new Map());
  return Buffer.from(encodeItems(items, 'run'));
};
const everything = () =>
  Buffer.from(encodeItems(buildResults(CATALOGUE, plan, answersOf(plan), new Map()).items, 'run'));

/** A plan of the same questions, without some of them, in other chunks. */
function sampleOf(whole: Plan, isTaken: (docId: number) => boolean): Plan {
  return {
    ...whole,
    chunks: whole.chunks.map((chunk) => ({ ...chunk, docIds: chunk.docIds.filter(isTaken) })),
  };
}

function answersTo(part: Plan) {
  const all = answersOf(plan);
  return new Map(
    part.chunks.map(({ id, docIds }) => [id, all.get(id)!.filter(({ docId }) => docIds.includes(docId))]),
  );
}

test('of a record that has all of it nothing is asked, and the items are the same, byte for byte', async () => {
  const begun = await begin([await known({ plan, commit: one })]);
  assert.deepEqual([begun.taken.items, begun.taken.left], [920, 0]);
  assert.deepEqual(begun.taken.reused, [{ commit: one, items: 920 }]);
  assert.deepEqual(await askRest(begun), []);
  assert.ok(bytes(begun).equals(everything()));
  assert.equal(begun.state.deviceSeconds, 0);
  assert.equal(begun.state.modelLoaded?.dtype, 'float32');
  await begun.journal.close();
});

test('of a record of a sample only the rest is asked, chunk by chunk, and the items are the same', async () => {
  const part = sampleOf(plan, (docId) => docId % 3 !== 0);
  const begun = await begin([await known({ plan, commit: one, answers: answersTo(part) })]);
  const asked = await askRest(begun);
  assert.ok(asked.length > 0 && asked.every((docId) => docId % 3 === 0), asked.join());
  assert.equal(begun.taken.items + asked.length, 920);
  assert.ok(bytes(begun).equals(everything()));
  await begun.journal.close();
});

test('a run that is resumed needs the records no more, and ends the same', async () => {
  const part = sampleOf(plan, (docId) => docId % 3 !== 0);
  const begun = await begin([
    await known({ plan, commit: one, answers: answersTo(part), without: ['sosb_xstest#1/1'] }),
  ]);
  await begun.journal.close();
  const again = await begin([], begun.at);
  assert.equal(again.resumed, true);
  assert.equal(again.taken.items, begun.taken.items);
  const asked = await askRest(again);
  assert.equal(again.taken.items + asked.length, 920);
  assert.ok(bytes(again).equals(everything()));
  const reused = [...again.state.reused.values()].flat();
  assert.equal(
    reused.reduce((sum, { items }) => sum + items, 0),
    begun.taken.items,
  );
  await again.journal.close();
});

test('two records give together what they have, the first before the second', async () => {
  const first = await known({
    plan,
    commit: one,
    answers: answersTo(sampleOf(plan, (docId) => docId % 2 === 0)),
  });
  const second = await known({ plan, commit: two });
  const begun = await begin([first, second]);
  assert.deepEqual(begun.taken.reused, [
    { commit: one, items: 460 },
    { commit: two, items: 460 },
  ]);
  assert.ok(bytes(begun).equals(everything()));
  await begun.journal.close();
});

test('an answer to another document under the same number is none', async () => {
  const answers = answersOf(plan);
  for (const [id, items] of answers)
    answers.set(
      id,
      items.map((item) => (item.docId === 7 ? { ...item, docHash: 'f'.repeat(16) } : item)),
    );
  const source = await known({ plan, commit: one });
  const other = new Map([...source.answers].map(([task, items]) => [task, new Map(items)]));
  for (const items of other.values()) items.set(7, { ...items.get(7)!, docHash: 'f'.repeat(16) });
  const begun = await begin([{ ...source, answers: other }]);
  assert.deepEqual(await askRest(begun), [7, 7, 7]);
  assert.ok(bytes(begun).equals(everything()));
  await begun.journal.close();
});

test('what was asked already is not taken from elsewhere', async () => {
  const source = await known({ plan, commit: one });
  const begun = await begin([]);
  const [first] = plan.chunks;
  const entry = { chunk: first!.id, seconds: 1, batchSize: '8', items: answersOf(plan).get(first!.id)! };
  await begun.journal.append({ type: 'chunk', ...entry });
  await begun.journal.close();
  const again = await begin([source], begun.at);
  assert.equal(again.state.reused.has(first!.id), false);
  assert.equal(again.taken.items, 920 - first!.docIds.length);
  await again.journal.close();
});
