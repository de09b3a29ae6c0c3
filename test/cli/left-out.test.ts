/** A benchmark that `--benchmarks` left out of a run was not asked for: no table and no sentence says that its suite lacks it. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeRecord } from '../../src/record/write.ts';
import { after, HALF } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
for (const suite of ['mini', 'pr', 'full'])
  for (const [side, benchmarks] of [
    ['main', { bbq: { scores: HALF }, gpqa: { scores: HALF } }],
    ['pr', { bbq: { scores: after(0) } }],
  ] as const) {
    const model = `${side}-${suite}`;
    const { record, items } = makeRecord({
      model,
      benchmarks,
      edit: (made) => Object.assign(made, { suite }),
    });
    await writeRecord(join(folder, model), record, items);
  }

for (const suite of ['mini', 'pr', 'full']) {
  test(`suite ${suite}: compare and gate, in every format`, async () => {
    const compare = ['compare', '--baseline', `main-${suite}`, '--candidate', `pr-${suite}`];
    for (const argv of [
      ...['table', 'markdown', 'csv'].map((format) => [...compare, '--format', format]),
      [...compare, '--json'],
      ['gate', '--candidate', `pr-${suite}`, '--release', `main-${suite}`],
      ['show', `main-${suite}`, `pr-${suite}`],
    ]) {
      const { stdout } = await runMain(argv, { cwd: folder });
      assert.doesNotMatch(stdout, /not in suite/, argv.join(' '));
    }
    const { stdout } = await runMain([...compare, '--json'], { cwd: folder });
    const { benchmarks } = JSON.parse(stdout) as { benchmarks: { id: string; reason: string | null }[] };
    const reasonOf = (id: string) => benchmarks.find((row) => row.id === id)?.reason;
    assert.equal(reasonOf('wmdp'), 'not asked for in its run');
    assert.equal(reasonOf('gpqa'), 'not asked for in its run');
  });
}
