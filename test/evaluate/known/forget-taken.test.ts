import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JournalEntry } from '../../../src/evaluate/journal/entry.ts';
import { encodeJournal, readJournal } from '../../../src/evaluate/journal/journal.ts';
import { forgetTaken, isAllTaken } from '../../../src/evaluate/known/forget-taken.ts';
import { recordPaths } from '../../../src/record/paths.ts';
import { writeFileAtomic } from '../../../src/system/files/files.ts';
import { LOADED, leaveAnswered } from '../../support/answered-records.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { answersOf, smallPlan } from '../../support/results.ts';

const folder = temporaryFolder();
const plan = smallPlan();
const [one, two, three] = plan.chunks;
const items = (chunk: typeof one) => answersOf(plan).get(chunk!.id)!;
const reused = [{ commit: null, items: 1 }];
const hello = (taken?: true): JournalEntry => ({
  type: 'hello',
  hello: LOADED,
  seconds: 1,
  ...(taken && { taken }),
});
const done = (chunk: typeof one, of: typeof reused | null): JournalEntry => ({
  ...{ type: 'chunk' as const, chunk: chunk!.id, seconds: 1, batchSize: '8', items: items(chunk) },
  ...(of && { reused: of }),
});
let folders = 0;

/** A run's folder with these lines in its journal. */
async function leave(entries: JournalEntry[]) {
  const paths = recordPaths((await leaveAnswered(join(folder, `run-${folders++}`), { plan })).path);
  const journal = (await readJournal(paths.journal))!;
  await writeFileAtomic(paths.journal, encodeJournal({ ...journal, entries }));
  return paths;
}

test('what was asked here stays; what another record gave, wholly or in part, is asked again', async () => {
  const known: JournalEntry = {
    type: 'known',
    chunk: three!.id,
    seconds: 0,
    items: items(three).slice(1),
    reused,
  };
  const paths = await leave([hello(true), done(one, reused), known, hello(), done(two, null)]);
  assert.equal(await forgetTaken(paths, null), true);
  assert.deepEqual((await readJournal(paths.journal))!.entries, [hello(), done(two, null)]);
  assert.equal(await forgetTaken(paths, null), false);
});

test('of a run that asked nothing, nothing stays: not its record either', async () => {
  const paths = await leave([hello(true), done(one, reused), done(two, reused)]);
  assert.equal(isAllTaken((await readJournal(paths.journal))!), true);
  assert.equal(await forgetTaken(paths, null), true);
  assert.deepEqual(
    [paths.journal, paths.record, paths.items].map((path) => existsSync(path)),
    [false, false, false],
  );
});

test('a run that took over nothing is left as it is, byte for byte', async () => {
  const paths = await leave([hello(), done(one, null)]);
  const before = readFileSync(paths.journal, 'utf8');
  assert.equal(isAllTaken((await readJournal(paths.journal))!), false);
  assert.equal(await forgetTaken(paths, null), false);
  assert.equal(readFileSync(paths.journal, 'utf8'), before);
});

test('lines that are signed are signed again', async () => {
  const paths = await leave([hello(true), done(one, reused), hello(), done(two, null)]);
  await forgetTaken(paths, (text) => `of ${text.length}`);
  const lines = readFileSync(paths.journal, 'utf8').trim().split('\n');
  assert.equal(lines.length, 3);
  for (const line of lines) assert.match(line, /"of \d+"/);
});
