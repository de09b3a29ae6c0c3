/** A task is scored by one metric for all models of an import, and by no metric whose direction its configuration turns. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { compare } from '../../src/verdict/compare.ts';
import { temporaryFolder } from '../support/folder.ts';
import { importAll } from '../support/imports.ts';

interface Results {
  metrics: Record<string, number | string>;
  config?: Record<string, unknown>;
}

/** One results file for each model, of one task. */
function writeResults(task: string, models: Record<string, Results>): string {
  const folder = temporaryFolder();
  for (const [model, { metrics, config }] of Object.entries(models)) {
    mkdirSync(join(folder, model));
    const document = {
      results: { [task]: metrics },
      configs: { [task]: { task, ...config } },
      'n-samples': { [task]: { original: 800, effective: 800 } },
      model_name: model,
    };
    writeFileSync(join(folder, model, 'results_2026-01-02T03-04-05.000001.json'), JSON.stringify(document));
  }
  return folder;
}

async function meansOf(folder: string): Promise<Record<string, number | null>> {
  const { records } = await importAll(folder);
  return Object.fromEntries(
    [...records.values()].map(({ record }) => [record.model.name, record.benchmarks[0]!.mean]),
  );
}

describe('one metric for all models of an import', () => {
  test('of metrics that only some models have, none is chosen', async () => {
    const folder = writeResults('quiz', {
      main: { metrics: { 'acc,none': 0.5, 'acc_norm,none': 0.7 } },
      pr: { metrics: { 'acc_norm,none': 0.7 } },
    });
    assert.deepEqual(await meansOf(folder), { main: 0.7, pr: 0.7 });
  });

  test('nor of filters', async () => {
    const folder = writeResults('gsm8k', {
      main: { metrics: { 'exact_match,strict-match': 0.5, 'exact_match,flexible-extract': 0.7 } },
      pr: { metrics: { 'exact_match,flexible-extract': 0.7 } },
    });
    assert.deepEqual(await meansOf(folder), { main: 0.7, pr: 0.7 });
  });

  test('where nothing is common, each has its own, and they are not compared', async () => {
    const folder = writeResults('gsm8k', {
      main: { metrics: { 'exact_match,strict-match': 0.5 } },
      pr: { metrics: { 'exact_match,flexible-extract': 0.7 } },
    });
    const { records } = await importAll(folder);
    const [main, pr] = ['main', 'pr'].map(
      (name) => [...records.values()].find(({ record }) => record.model.name === name)!,
    );
    const found = compare(main!, pr!);
    assert.equal(found.verdict, 'not-comparable');
    assert.deepEqual(
      found.notComparable.map(({ path }) => path),
      ['tasks.gsm8k.filter'],
    );
    assert.equal(compare(main!, main!).verdict, 'inconclusive');
  });

  test('a length that RULER did not run is not a metric', async () => {
    const folder = writeResults('niah_single_1', {
      main: { metrics: { '4096,none': -1, '8192,none': 0.75 } },
    });
    assert.deepEqual(await meansOf(folder), { main: 0.75 });
  });
});

describe('which way is better', () => {
  const harmful = { metric_list: [{ metric: 'score', higher_is_better: false }] };

  test('the configuration of a task says it where its results do not', async () => {
    const folder = writeResults('harms', { main: { metrics: { 'score,none': 0.05 }, config: harmful } });
    const { records } = await importAll(folder);
    const [row] = [...records.values()][0]!.record.benchmarks;
    assert.equal(row!.status, 'skipped');
    assert.match(row!.reason!, /not scored: score falls as a model gets better/);
  });

  test('a metric beside it is chosen', async () => {
    const folder = writeResults('harms', {
      main: { metrics: { 'score,none': 0.05, 'refusals,none': 0.9 }, config: harmful },
    });
    assert.deepEqual(await meansOf(folder), { main: 0.9 });
  });
});
