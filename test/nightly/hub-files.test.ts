/** Files for others, read by libraries that are not ours: the Hub's own, and pyarrow. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { indexLine } from '../../src/history/store/entry.ts';
import { taskScores } from '../../src/record/results/task-scores.ts';
import { encodeHistory } from '../../src/report/history/parquet.ts';
import { renderEvalResults } from '../../src/report/hub/eval-results.ts';
import { renderModelIndex } from '../../src/report/hub/model-index.ts';
import { entryOf } from '../support/entries.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fullRecord } from '../support/hub-records.ts';
import { testPython } from '../support/python.ts';

const SOURCE = 'https://github.com/octo/models/actions/runs/7';

test('huggingface_hub and pyarrow read what was written', async () => {
  const folder = temporaryFolder();
  const write = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const loaded = fullRecord();
  const options = { source: SOURCE, samples: false };
  const tasks = taskScores(loaded);
  const lines = [entryOf(1), entryOf(2, { factors: [] })].map(indexLine);
  const { stdout } = await execa(await testPython(), [
    ...['-I', join(import.meta.dirname, '..', 'support', 'read_hub_files.py')],
    write('eval-results.yaml', renderEvalResults({ record: loaded.record, tasks }, options).text),
    write('model-index.yaml', renderModelIndex(loaded.record, options).text),
    write('trend.parquet', encodeHistory(lines)),
  ]);
  const read = JSON.parse(stdout);
  const [first, ...others] = read.entries;
  assert.deepEqual(first.slice(0, 6), [
    ...['TIGER-Lab/MMLU-Pro', 'mmlu_pro', 62.5, 'b189ec765aa7ed75c8acfea42df31fdae71f97be'],
    ...['2026-03-01', SOURCE],
  ]);
  assert.match(first[6], /^5-shot, .* all 40 questions/);
  assert.deepEqual(
    others.map((entry: unknown[]) => entry.slice(0, 3)),
    [
      ['Idavidrein/gpqa', 'diamond', 40],
      ['Idavidrein/gpqa', 'main', 50],
      ['Idavidrein/gpqa', 'extended', 60],
    ],
  );
  assert.equal(read.name, 'octo-7b');
  assert.deepEqual(read.results[0], ['TIGER-Lab/MMLU-Pro', 'accuracy', 62.5, { num_few_shot: 5 }]);
  assert.equal(read.results.length, 5);
  assert.deepEqual(
    [read.types.sha, read.types.created, read.types.wk, read.types.items_kept],
    ['string', 'timestamp[ms, tz=UTC]', 'double', 'bool'],
  );
  assert.deepEqual(read.rows, [
    ['2026-11-01 00:01:00+00:00', 0.5, null, true],
    ['2026-11-01 00:02:00+00:00', null, null, true],
  ]);
});
