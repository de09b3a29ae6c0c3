import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { measurePace } from '../../src/evaluate/planning/measure-pace.ts';
import { secondsOf } from '../../src/suite/cost/pace.ts';
import { temporaryFolder } from '../support/folder.ts';
import { recordOf, smallPlan } from '../support/results.ts';

const folder = temporaryFolder();
const plan = smallPlan();
const { record } = recordOf(plan);
let folders = 0;

/** A run folder whose chunks took a second per 100 units of cost, XSTest's five times as long. */
function runFolder(edit: (lines: string[]) => string[] = (lines) => lines, devices = 1): string {
  const path = join(folder, String(folders++));
  mkdirSync(path);
  writeFileSync(join(path, 'plan.json'), JSON.stringify(plan));
  const lines = [
    JSON.stringify({ type: 'hello', seconds: 30, hello: { device: { count: devices } } }),
    ...plan.chunks.map(({ id, benchmark, cost }) =>
      JSON.stringify({ type: 'chunk', chunk: id, seconds: (cost / 100) * (benchmark === 'xstest' ? 5 : 1) }),
    ),
  ];
  writeFileSync(join(path, 'journal.ndjson'), edit(lines).join('\n'));
  return path;
}

test('each benchmark has its own speed, others that of all; loading counts once', async () => {
  const pace = (await measurePace(runFolder(), record))!;
  assert.equal(pace.load, 30);
  assert.ok(Math.abs(pace.perCost.get('bbq')! - 0.01) < 1e-9);
  assert.ok(Math.abs(pace.perCost.get('xstest')! - 0.05) < 1e-9);
  const rest = pace.perCost.get(null)!;
  assert.ok(rest > 0.01 && rest < 0.05);
  const work = (id: string) => [{ id, items: 1, cost: 1000 }];
  assert.ok(Math.abs(secondsOf(work('xstest'), pace) - 80) < 1e-6);
  assert.ok(Math.abs(secondsOf(work('math'), pace) - (30 + 1000 * rest)) < 1e-6);
});

test('a worker that held four devices took four times the seconds of one', async () => {
  const pace = (await measurePace(
    runFolder((lines) => lines, 4),
    record,
  ))!;
  assert.equal(pace.load, 120);
  assert.ok(Math.abs(pace.perCost.get('bbq')! - 0.04) < 1e-9);
});

test('a line torn by a crash, and lines of another kind, are passed over', async () => {
  const torn = runFolder((lines) => [
    ...lines,
    '{"type":"fault","seconds":9}',
    'null',
    '{"type":"chunk","chu',
  ]);
  assert.deepEqual(await measurePace(torn, record), await measurePace(runFolder(), record));
});

test('without a journal it is device minutes by item, without either unknown', async () => {
  const empty = join(folder, 'empty');
  const timed = { ...record, totals: { ...record.totals, items: 600, deviceMinutes: 20 } };
  const pace = (await measurePace(empty, timed))!;
  assert.equal(pace.perItem, 2);
  assert.equal(secondsOf([{ id: 'bbq', items: 50, cost: 1e9 }], pace), 100);
  assert.equal(await measurePace(empty, record), null);
});
