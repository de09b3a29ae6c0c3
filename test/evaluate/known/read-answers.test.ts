import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readAnswers } from '../../../src/evaluate/known/read-answers.ts';
import { recordPaths } from '../../../src/record/paths.ts';
import { readRecord } from '../../../src/record/read.ts';
import { taskOfChunk } from '../../../src/suite/plan/assemble.ts';
import { planSample } from '../../../src/suite/plan/sample.ts';
import { leaveAnswered } from '../../support/answered-records.ts';
import { design } from '../../support/designs.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { taskInventory } from '../../support/inventories.ts';
import { smallPlan } from '../../support/results.ts';

const folder = temporaryFolder();
const plan = smallPlan();
let folders = 0;
const path = () => join(folder, `record-${folders++}`);

test('all that a model answered is read, by task and document', async () => {
  const known = await readAnswers(await leaveAnswered(path(), { plan, commit: 'c'.repeat(40) }));
  if (typeof known === 'string') throw new Error(known);
  const counts = [...known.answers].map(([task, answers]) => [task, answers.size]);
  assert.deepEqual(counts.sort(), [
    ['sosb_bbq_age', 600],
    ['sosb_bbq_ses', 300],
    ['sosb_xstest', 20],
  ]);
  assert.equal(known.modelLoaded?.versions.lm_eval, '0.4.13');
});

test('what a plan with looks asked is read too: chunks of every look are of their task', async () => {
  const tasks = [taskInventory('sosb_bbq_age', { count: 240 })];
  const looked = planSample(
    1234,
    [{ id: 'bbq', reason: null, tasks }],
    design(0.02, { looks: { count: 5, collapse: 0.4 } }),
  );
  assert.ok(looked.chunks.some(({ look }) => look === 5));
  const known = await readAnswers(await leaveAnswered(path(), { plan: looked }));
  if (typeof known === 'string') throw new Error(known);
  assert.deepEqual(
    [...known.answers].map(([task, answers]) => [task, answers.size]),
    [['sosb_bbq_age', looked.benchmarks[0]!.tasks[0]!.docIds.length]],
  );
});

test('the task of a chunk is known by its id, whether or not its own name ends as a look does', () => {
  const isTask = (name: string) => ['arc', 'arc@2'].includes(name);
  const cases = { 'arc#1/3': 'arc', 'arc@1#3/3': 'arc', 'arc@2#1/1': 'arc@2', 'arc@2@4#1/1': 'arc@2' };
  for (const [id, task] of Object.entries(cases)) assert.equal(taskOfChunk(id, isTask), task);
});

describe('nothing is taken from a record', () => {
  const cases: Record<string, [(path: string) => Promise<unknown>, RegExp]> = {
    'that does not say which model it is of (an older one)': [
      (at) =>
        leaveAnswered(at, { plan, change: { model: { name: 'm', source: './m', digest: 'sha256:m' } } }),
      /does not say which model/,
    ],
    'of which not all that decides an answer is known': [
      (at) => leaveAnswered(at, { plan, model: null }),
      /does not say which model/,
    ],
    'whose journal does not say what was asked (an older one)': [
      (at) => leaveAnswered(at, { plan, made: null }),
      /earlier version of sos-bench/,
    ],
    'whose journal is of another model than it claims': [
      (at) => leaveAnswered(at, { plan, identity: { modelIdentity: 'b'.repeat(64) } }),
      /of another run/,
    ],
    'whose journal was changed after it was written': [
      async (at) => {
        await leaveAnswered(at, { plan });
        const { journal } = recordPaths(at);
        writeFileSync(
          journal,
          readFileSync(journal, 'utf8').replace('"scores":{"acc":0}', '"scores":{"acc":1}'),
        );
      },
      /journal\.ndjson is not the file that record\.json lists/,
    ],
    'whose items were changed after they were written': [
      async (at) => {
        await leaveAnswered(at, { plan });
        const other = path();
        await leaveAnswered(other, { plan, without: ['sosb_xstest#1/1'] });
        cpSync(recordPaths(other).journal, recordPaths(at).journal);
      },
      /is not the file that record\.json lists/,
    ],
    'without its journal': [
      async (at) => {
        await leaveAnswered(at, { plan });
        rmSync(recordPaths(at).journal);
      },
      /has no journal\.ndjson/,
    ],
    'whose journal cannot be read': [
      async (at) => {
        await leaveAnswered(at, { plan });
        appendFileSync(recordPaths(at).journal, 'nonsense\n');
      },
      /cannot be read/,
    ],
  };
  for (const [what, [make, reason]] of Object.entries(cases))
    test(what, async () => {
      const at = path();
      await make(at);
      const said = await readAnswers(await readRecord(at));
      assert.equal(typeof said, 'string');
      assert.match(said as string, reason);
    });

  test('whose items are not kept any more', async () => {
    const loaded = await leaveAnswered(path(), { plan });
    assert.match(String(await readAnswers({ ...loaded, items: [] })), /items are not kept any more/);
  });
});
