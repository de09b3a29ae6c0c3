import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { folderNames } from '../../src/import/lm-eval/folder-names.ts';
import { writeRecord } from '../../src/record/write.ts';
import { temporaryFolder } from '../support/folder.ts';
import { FIXTURES, importAll, LM_EVAL } from '../support/imports.ts';
import { rejectsWith } from '../support/reject.ts';
import { recordOf, smallPlan } from '../support/results.ts';

describe('a folder that is taken is left alone', () => {
  const published = `${FIXTURES}/published`;
  const taken: [string, (folder: string) => Promise<void> | void, RegExp][] = [
    [
      'by the record of another model',
      async (folder) => {
        await importAll(LM_EVAL, { output: join(folder, 'elsewhere') });
        mkdirSync(join(folder, 'Base'));
        const other = join(folder, 'elsewhere', 'acme__tiny');
        for (const name of readdirSync(other))
          writeFileSync(join(folder, 'Base', name), readFileSync(join(other, name)));
      },
      /holds the record of another model, acme\/tiny/,
    ],
    [
      'by a record that was evaluated',
      async (folder) => {
        const { record, items } = recordOf(smallPlan());
        await writeRecord(join(folder, 'Base'), record, items);
      },
      /holds a record of m that was evaluated, not imported/,
    ],
    [
      'by something else',
      (folder) => {
        mkdirSync(join(folder, 'Base'));
        writeFileSync(join(folder, 'Base', 'thesis.tex'), '');
      },
      /holds thesis\.tex/,
    ],
    ['by a file', (folder) => writeFileSync(join(folder, 'Base'), ''), /is a file/],
  ];
  for (const [what, prepare, text] of taken) {
    test(what, async () => {
      const output = temporaryFolder();
      await prepare(output);
      const before = readdirSync(output).sort();
      await rejectsWith(() => importAll(published, { output }), 'record-exists', text, '--output');
      assert.deepEqual(readdirSync(output).sort(), before);
    });
  }
});

test('an earlier import of the same model is replaced', async () => {
  const output = join(temporaryFolder(), 'out');
  await importAll(`${FIXTURES}/published`, { output });
  const { records } = await importAll(`${FIXTURES}/published`, { output, repair: true });
  assert.equal(records.get('Base')?.record.imported?.repairs.length, 3);
  assert.deepEqual(readdirSync(output).sort(), ['Base', 'Lonely', 'Tuned_v2']);
});

test('importing twice gives the same bytes', async () => {
  const [a, b] = [join(temporaryFolder(), 'a'), join(temporaryFolder(), 'b')];
  await importAll(LM_EVAL, { output: a });
  await importAll(LM_EVAL, { output: b });
  for (const name of ['record.json', 'items.parquet']) {
    assert.deepEqual(readFileSync(join(a, 'acme__tiny', name)), readFileSync(join(b, 'acme__tiny', name)));
  }
});

test('an output that cannot be a folder is an error, and leaves nothing', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await rejectsWith(() => importAll(LM_EVAL, { output: join(file, 'out') }), 'permission-denied');
  assert.ok(existsSync(file));
});

describe('folder names', () => {
  const single: [string, string | RegExp][] = [
    ['org/model-7B_v0.1', 'org__model-7B_v0.1'],
    ['Tuned (v2)', 'Tuned_v2'],
    ['../../etc/passwd', 'etc__passwd'],
    ['/models/tiny', 'models__tiny'],
    ['..', /^model-[0-9a-f]{8}$/],
    ['', /^model-[0-9a-f]{8}$/],
    ['.hidden', 'hidden'],
    ['-rf', 'rf'],
    ['con', /^con-[0-9a-f]{8}$/],
    ['a\u0000b\nc', 'a_b_c'],
    ['C:\\models\\x', 'C___models__x'],
    ['模型', '模型'],
    ['x'.repeat(300), /^x{111}-[0-9a-f]{8}$/],
  ];
  for (const [model, expected] of single) {
    test(JSON.stringify(model.slice(0, 30)), () => {
      const [name] = folderNames([{ model, suffix: null }]);
      if (typeof expected === 'string') assert.equal(name, expected);
      else assert.match(name!, expected);
    });
  }

  test('never collide, on no file system', () => {
    const names = folderNames(['a b', 'a_b', 'A_B', 'a?b'].map((model) => ({ model, suffix: null })));
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, 4);
  });
});
