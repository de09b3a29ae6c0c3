import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { taskScores } from '../../src/record/results/task-scores.ts';
import { writeRecord } from '../../src/record/write.ts';
import { scoreFactors } from '../../src/verdict/summary.ts';
import { assertClose } from '../support/assert-close.ts';
import { temporaryFolder } from '../support/folder.ts';
import { indexes, makeRecord } from '../support/records.ts';

/** Forty questions of which each is there twice. */
const document = (index: number) => Math.floor(index / 2);
const scores = indexes(40).map((index) => (document(index) % 3 === 0 ? 1 : 0));

describe('the standard error of a task with repeated documents is the same in its CSV and in a comparison', () => {
  const cases = [
    { title: 'that stand alone', cluster: undefined, units: 20 },
    { title: 'in clusters', cluster: (index: number) => Math.floor(index / 5), units: 8 },
  ];
  for (const { title, cluster, units } of cases) {
    test(title, async () => {
      const made = makeRecord({
        model: 'm',
        benchmarks: { 'mmlu-pro': { scores, document, ...(cluster && { cluster }) } },
      });
      const folder = join(temporaryFolder(), 'record');
      await writeRecord(folder, made.record, made.items);
      const loaded = await readRecord(folder);
      const [csv] = taskScores(loaded);
      const [wk] = scoreFactors(loaded, 'paper');
      assert.ok(csv!.stderr! > 0);
      assertClose(csv!.stderr, wk!.estimate!.se!);
      // As many units as documents or clusters.
      assert.equal(wk!.estimate!.units, units);
    });
  }
});
