import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertClose } from '../support/assert-close.ts';
import { temporaryFolder } from '../support/folder.ts';
import { benchmark, FIXTURES, importAll, importManyModels, importOne } from '../support/imports.ts';
import { rejectsWith } from '../support/reject.ts';

const PUBLISHED = `${FIXTURES}/published`;
const { report, records } = await importAll(PUBLISHED);
const base = records.get('Base')!;

test('a row a model, both halves joined by the names file beside them', () => {
  assert.deepEqual([...records.keys()].sort(), ['Base', 'Lonely', 'Tuned_v2']);
  assert.equal(records.get('Tuned_v2')?.record.model.name, 'Tuned (v2)');
  assert.deepEqual(base.record.imported?.files, ['harness.csv', 'tasks.csv']);
  assert.ok(base.record.benchmarks.some(({ id }) => id === 'livebench-coding'));
});

test('rows without a partner are reported', () => {
  assert.deepEqual(
    report.unjoined.map(({ model, file }) => [model, file]),
    [
      ['gpt-9', 'tasks.csv'],
      ['Lonely', 'harness.csv'],
    ],
  );
});

test("the names file's doubts go into the record", () => {
  assert.match(records.get('Tuned_v2')!.record.imported!.notes.join('\n'), /AMBIGUOUS: v1 or v2/);
});

test('columns that are no scores make no benchmarks', () => {
  assert.deepEqual(
    records.get('Lonely')!.record.benchmarks.map(({ id }) => id),
    ['musr', 'ifeval', 'dttoxicity', 'jailbreakhub', 'wmdp', 'wildguardtest', 'saladbench'],
  );
});

test('means are weighted by the documents that were evaluated, told from p and its standard error', () => {
  const musr = benchmark(base, 'musr');
  assert.deepEqual(
    musr.tasks.map(({ n }) => n),
    [250, 256, 250],
  );
  assertClose(musr.mean!, (120 + 100 + 90) / 756, 1e-8);
  const variance = [
    [120, 250],
    [100, 256],
    [90, 250],
  ].reduce((sum, [right, n]) => {
    const p = right! / n!;
    return sum + (n! / 756) ** 2 * ((p * (1 - p)) / (n! - 1));
  }, 0);
  assertClose(musr.stderr!, Math.sqrt(variance), 1e-7);
  assert.equal(musr.stderrOrigin, 'reported');
  // The catalogue has 1,699: the published run counted documents without a label.
  assert.equal(benchmark(base, 'wildguardtest').n, 1725);
});

test('a group beside its tasks is not counted twice; WMDP is kept as the harness measures it', () => {
  const wmdp = benchmark(base, 'wmdp');
  assert.deepEqual(
    wmdp.tasks.map(({ task }) => task),
    ['wmdp_bio', 'wmdp_chem', 'wmdp_cyber'],
  );
  assertClose(wmdp.mean!, 1900 / 3668, 1e-8);
});

test('IFEval is the mean of four metrics, its standard error that of the two prompt metrics', () => {
  const ifeval = benchmark(base, 'ifeval');
  assertClose(ifeval.mean!, 0.35);
  assertClose(ifeval.stderr!, (Math.sqrt(0.21 / 540) + Math.sqrt(0.16 / 540)) / 2, 1e-7);
  assert.deepEqual([ifeval.n, ifeval.stderrOrigin], [541, 'derived']);
});

describe('--repair', async () => {
  const repaired = (await importAll(PUBLISHED, { repair: true })).records.get('Base')!;

  test('inverts JailbreakHub', () => {
    assertClose(benchmark(repaired, 'jailbreakhub').mean!, 1 - benchmark(base, 'jailbreakhub').mean!);
    assert.equal(benchmark(repaired, 'jailbreakhub').stderr, benchmark(base, 'jailbreakhub').stderr);
    assert.equal(repaired.record.protocol.tasks.JailbreakHub?.metric, '1 - acc');
  });

  test('leaves out the rows that say nothing', () => {
    for (const id of ['saladbench', 'dttoxicity']) {
      assert.equal(benchmark(repaired, id).status, 'skipped');
      assert.match(benchmark(repaired, id).reason!, /left out by --repair/);
    }
  });

  test('marks the record; without it the faults are noted', () => {
    assert.equal(repaired.record.imported?.repairs.length, 3);
    assert.deepEqual(base.record.imported?.repairs, []);
    assert.match(base.record.imported!.notes.join('\n'), /JailbreakHub: as published/);
  });

  test('changes nothing else', () => {
    assert.deepEqual(benchmark(repaired, 'musr'), benchmark(base, 'musr'));
  });
});

describe('names', () => {
  const folder = temporaryFolder();
  const harness = join(PUBLISHED, 'harness.csv');
  const tasks = join(PUBLISHED, 'tasks.csv');

  test('are found beside a single file', async () => {
    const { records } = await importAll([harness, tasks]);
    assert.ok(records.get('Base')?.record.benchmarks.some(({ id }) => id === 'livebench-coding'));
  });

  test('without a file, equal names are one model, whatever their case', async () => {
    const own = temporaryFolder();
    copyFileSync(harness, join(own, 'harness.csv'));
    writeFileSync(join(own, 'tasks.csv'), readFileSync(tasks, 'utf8').replace('base-8b', 'bASE'));
    const { records, report } = await importAll(own);
    assert.ok(records.get('Base')?.record.benchmarks.some(({ id }) => id === 'livebench-coding'));
    assert.equal(report.unjoined.length, 4);
  });

  const wrong: [string, string, RegExp][] = [
    ['no such column', 'model,other\na,b\n', /no column 'livebench_model'/],
    ['a model twice', 'model,livebench_model\nA,b\na,c\n', /'a' is there twice/],
    ['one name for two models', 'model,livebench_model\na,x\nb,X\n', /'X' stands for two models/],
  ];
  for (const [what, content, text] of wrong) {
    test(`${what} is refused`, async () => {
      const names = join(folder, 'names.csv');
      writeFileSync(names, content);
      await rejectsWith(() => importAll(harness, { names }), 'import-invalid', text, 'livebench_model');
    });
  }

  test('a names file that is not there is refused', async () => {
    const names = join(folder, 'nowhere.csv');
    await rejectsWith(() => importAll(harness, { names }), 'import-invalid', 'there is no such file');
  });
});

test('a field that is not a number leaves its task out, and no other', async () => {
  const path = join(temporaryFolder(), 'harness.csv');
  writeFileSync(
    path,
    'Name,toxigen/acc,toxigen/acc_stderr,CDNA/acc,CDNA/acc_stderr\nm,abc,0.01,0.5,N/A\nn,1e300,,0.25,0.01\n',
  );
  const { records } = await importAll(path);
  assert.match(benchmark(records.get('m')!, 'toxigen').reason!, /toxigen\/acc is 'abc', not a number/);
  assert.match(benchmark(records.get('n')!, 'toxigen').reason!, /not a fraction of 1/);
  const cdna = benchmark(records.get('m')!, 'cdna');
  // Nothing tells the number of documents, so it is the catalogue's.
  assert.deepEqual([cdna.n, cdna.stderrOrigin], [2726, 'derived']);
  assertClose(cdna.stderr!, Math.sqrt(0.25 / 2726));
});

test('semicolons, tabs, a byte order mark and Windows line ends are read as well', async () => {
  const rows = [
    ['Name', 'toxigen/acc', 'toxigen/acc_stderr'],
    ['m', '0.5', '0.016317'],
  ];
  for (const [delimiter, end, mark] of [
    [';', '\n', ''],
    ['\t', '\r\n', ''],
    [',', '\r\n', '\uFEFF'],
  ]) {
    const path = join(temporaryFolder(), 'scores.csv');
    writeFileSync(path, mark + rows.map((row) => row.join(delimiter)).join(end) + end);
    assert.equal(benchmark(await importOne(path), 'toxigen').mean, 0.5);
  }
});

test('100 models in one table make 100 records', async () => {
  const { records, folders } = await importManyModels(100);
  assert.deepEqual([records, folders], [100, 100]);
});
