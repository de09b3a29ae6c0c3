import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderFiles } from '../../src/history/backends/folder-files.ts';
import { recordBaseline } from '../../src/history/store/record-baseline.ts';
import { createStore } from '../../src/history/store/store.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { writeRecord } from '../../src/record/write.ts';
import { planAllItems } from '../../src/suite/plan/assemble.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import { planSample } from '../../src/suite/plan/sample.ts';
import { design } from '../support/designs.ts';
import { shaOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { taskInventory } from '../support/inventories.ts';
import { type MadeVerdicts, makeBoard, makeGames, makeJudgedRecord } from '../support/judged.ts';
import { makeRecord } from '../support/records.ts';

const folder = temporaryFolder();
const inventory = [{ id: 'cdna', reason: null, tasks: [taskInventory('sosb_cdna', { count: 900 })] }];
const sample = planSample(5, inventory, design(0.08));
let number = 0;

/** Records a run that left that text as its plan; gives the plan that is there after it was loaded. */
async function keep(text: string | null, { suite, planHash }: Pick<Plan, 'suite' | 'planHash'>) {
  const sha = shaOf(++number);
  const { record, items } = makeRecord({
    model: 'm',
    benchmarks: { gpqa: { scores: [1, 0] } },
    edit: (made) => Object.assign(made, { commit: sha, suite, planHash }),
  });
  const from = join(folder, `record-${number}`);
  await writeRecord(from, record, items);
  if (text !== null) writeFileSync(recordPaths(from).plan, text);
  const store = createStore(folderFiles(join(folder, 'store')));
  const facts = {
    ...{ sha, parents: null, repository: null, branch: 'main', event: null, run: null },
    ...{ created: new Date('2026-11-01T00:00:00Z'), verdict: null },
  };
  const { stored } = await recordBaseline(store, from, facts, null);
  assert.equal(stored?.outcome, 'stored');
  const loaded = await store.load((await store.get(sha))!.entry!, join(folder, `loaded-${number}`));
  const { plan } = recordPaths(loaded.path);
  return existsSync(plan) ? readFileSync(plan, 'utf8') : null;
}

test('the plan of a sample is kept with its record, for pull requests to be asked the same', async () => {
  const text = JSON.stringify(sample);
  assert.equal(await keep(text, sample), text);
});

test('the plan of all items is not: it is larger than they are, and says nothing', async () => {
  const all = planAllItems('full', 5, inventory);
  assert.equal(await keep(JSON.stringify(all), all), null);
});

test('a plan that is not the one of the record, was changed, or is not there, is not kept; the record is', async () => {
  const other = planSample(6, inventory, design(0.08));
  assert.equal(await keep(JSON.stringify(other), sample), null);
  assert.equal(await keep(JSON.stringify({ ...sample, seed: 6 }), sample), null);
  assert.equal(await keep(null, sample), null);
});

for (const [what, benchmarks] of [
  ['', { gpqa: { scores: [1, 0] } }],
  [', of a record of the judge stage alone, too', {}],
] as const) {
  test(`what judges said is kept game by game as long as the items, and the score for good${what}`, async () => {
    const at = (name: string) => join(folder, `${name}${what}`);
    const store = createStore(folderFiles(at('judged')), { keepItems: 1 });
    const games = [makeBoard(makeGames(new Array<MadeVerdicts>(20).fill(['B>A', 'A>B'])))];
    const put = async (number: number) => {
      const sha = shaOf(number);
      const { record, items } = makeJudgedRecord('m', games, { benchmarks });
      const from = at(`judged-${number}`);
      await writeRecord(from, { ...record, commit: sha }, items, games);
      const facts = {
        ...{ sha, parents: null, repository: null, branch: 'main', event: null, run: null },
        ...{ created: new Date(Date.UTC(2026, 10, 1) + number * 60_000), verdict: null },
      };
      await recordBaseline(store, from, facts, null);
    };
    const load = async (number: number, name: string) =>
      await store.load((await store.get(shaOf(number)))!.entry!, at(name));
    await put(501);
    assert.deepEqual((await load(501, 'judged-first')).games, games);
    await put(502);
    assert.deepEqual((await load(502, 'judged-second')).games, games);
    const dropped = await load(501, 'judged-dropped');
    assert.deepEqual([dropped.items, dropped.games], [[], undefined]);
    assert.equal(dropped.record.judge![0]!.score, 1);
  });
}
