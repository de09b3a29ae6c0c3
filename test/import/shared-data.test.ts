import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { importAll, needsShared, SHARED } from '../support/imports.ts';

const shared = (name: string) => join(SHARED ?? '', name);

describe('real results', needsShared, () => {
  test('every file of lm-eval is imported, or refused with a true reason', async () => {
    const { report, records } = await importAll(shared('lm-eval'));
    const used = report.records.flatMap(({ files }) => files);
    const refused = report.refused.map(({ file }) => file);
    assert.deepEqual([...used, ...refused].sort(), readdirSync(shared('lm-eval')).sort());
    assert.deepEqual(
      report.refused.map(({ file, reason }) => [file.slice(0, 3), reason.replace(/\(.*/, '')]),
      [['20_', 'it has no `results`, so there are no scores in it']],
    );
    assert.equal(records.size, 12);
  });

  test('the two runs of Qwen3-8B stay apart and are paired', async () => {
    const { records } = await importAll(shared('lm-eval'));
    const [first, second] = [...records]
      .filter(([name]) => name.startsWith('Qwen__Qwen3-8B-'))
      .map(([, loaded]) => loaded);
    const verdict = compare(first!, second!);
    const row = verdict.benchmarks.find(({ id }) => id === 'negotiationtom_belief')!;
    assert.deepEqual([row.paired, row.n, row.factor], [true, 20, null]);
    assert.equal(verdict.sameModel, false);
    assert.equal(verdict.notComparable.length, 0);
    assert.match(verdict.warnings[0]!, /Not checked: includePaths, tasks\.data/);
  });

  test('LiveBench judgments become one record', async () => {
    const { records, report } = await importAll(shared('livebench'));
    assert.deepEqual([...records.keys()], ['zft-community-8b-bs4']);
    assert.equal(report.records[0]?.items, 250);
    assert.deepEqual([...report.refused, ...report.ignored], []);
  });

  test('the published scores become 35 models with all 24 benchmarks and the number of documents known', async () => {
    const { records, report } = await importAll(shared('sos-bench'));
    assert.equal(records.size, 35);
    assert.equal(report.unjoined.length, 118);
    // Arena-Hard's board has 32 of them under names that the names file knows, and four models more.
    assert.equal([...records.values()].filter(({ record }) => record.judge?.length === 1).length, 32);
    for (const loaded of records.values()) {
      assert.equal(loaded.record.benchmarks.filter(({ status }) => status === 'done').length, 24);
      assert.equal(loaded.record.totals.items, 113_106);
      for (const { score, ci } of summarise(loaded).factors) {
        assert.ok(score !== null && ci !== null && ci[0] < score && score < ci[1]);
      }
    }
  });
});
