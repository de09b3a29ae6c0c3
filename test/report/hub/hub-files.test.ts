/** Files for the Hub: what stands in them, and what does not. test/nightly/hub-files.test.ts reads them with the Hub's own library. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { taskScores } from '../../../src/record/results/task-scores.ts';
import type { LoadedRecord, RunRecord } from '../../../src/record/schema.ts';
import { type HubFileOptions, renderEvalResults } from '../../../src/report/hub/eval-results.ts';
import { renderModelIndex } from '../../../src/report/hub/model-index.ts';
import { findBenchmark } from '../../../src/suite/catalogue.ts';
import { VERSION } from '../../../src/version.ts';
import { assertGolden } from '../../support/golden.ts';
import { HOSTILE } from '../../support/hostile-record.ts';
import { fullRecord } from '../../support/hub-records.ts';
import { makeRecord } from '../../support/records.ts';

const ALL: HubFileOptions = { source: null, samples: false };
const SOURCE = 'https://github.com/octo/models/actions/runs/7';

const evalResults = (loaded: LoadedRecord, options = ALL) =>
  renderEvalResults({ record: loaded.record, tasks: taskScores(loaded) }, options);

test('eval-results reads as its golden file', () => {
  const { text, entries, leftOut } = evalResults(fullRecord(), { ...ALL, source: SOURCE });
  assert.deepEqual([entries, leftOut], [4, []]);
  assertGolden('eval-results.yaml', text.replaceAll(VERSION, 'VERSION'));
});

test('model-index reads as its golden file', () => {
  const { text, leftOut } = renderModelIndex(fullRecord().record, { ...ALL, source: SOURCE });
  assert.deepEqual(leftOut, [
    'own_dialogue_task: it is none of the 24 benchmarks, so its data set is unknown',
  ]);
  assertGolden('model-index.yaml', text.replaceAll(VERSION, 'VERSION'));
});

test('a model that was quantised or had an adapter says so', () => {
  const notes = (subject: Partial<RunRecord['subject']>) => {
    const edit = (record: RunRecord) => void Object.assign(record.subject, subject);
    return parse(evalResults(fullRecord({ edit })).text)[0].notes;
  };
  assert.doesNotMatch(notes({}), /quantised|adapter/);
  assert.match(notes({ quantisation: { quant_method: 'awq' } }), /, quantised,/);
  assert.match(notes({ modelArgs: { load_in_4bit: true, peft: './lora' } }), /, quantised, with an adapter,/);
});

test('how long an answer may be stands beside a generated one, and only there', () => {
  const edit = (record: RunRecord) => {
    for (const protocol of Object.values(record.protocol.tasks)) protocol.generation = { max_gen_toks: 32 };
  };
  const [{ results }] = parse(renderModelIndex(fullRecord({ edit }).record, ALL).text)['model-index'];
  const told = (results as { dataset: { name: string }; metrics: { name: string }[] }[])
    .filter(({ metrics }) => metrics[0]!.name.includes(', answers generated, at most 32 tokens an answer, '))
    .map(({ dataset }) => dataset.name);
  assert.deepEqual(told, ['IFEval']);
});

describe('a score is left out, and a line says why', () => {
  const task = 'leaderboard_mmlu_pro';
  const mmlu = (record: RunRecord) => record.benchmarks.find(({ id }) => id === 'mmlu-pro')!;
  const cases: Record<string, { edit: (record: RunRecord) => void; why: string; with?: 'samples' }> = {
    'of a sample': {
      edit: (record) => {
        mmlu(record).tasks[0]!.documents = 12_032;
      },
      why: 'MMLU-Pro: only 40 of 12,032 questions were asked and scored',
    },
    'of a folder that has a part of the data set': {
      edit: (record) => {
        record.protocol.tasks[task]!.data = 'datasets-dir';
      },
      why: 'MMLU-Pro: only 40 of 12,032 questions were asked and scored',
    },
    'of suite mini': {
      edit: (record) => {
        record.protocol.tasks[task]!.data = 'mini';
      },
      why: 'MMLU-Pro: the questions were those of suite mini, which are our own',
      with: 'samples',
    },
    'of another data set': {
      edit: (record) => {
        record.protocol.tasks[task]!.data = 'hub:TIGER-Lab/MMLU-Pro-mine@0123';
      },
      why: 'MMLU-Pro: its questions came from hub:TIGER-Lab/MMLU-Pro-mine@0123, not from TIGER-Lab/MMLU-Pro',
      with: 'samples',
    },
    'of an import that does not say which questions it is of': {
      edit: (record) => {
        record.protocol.tasks[task]!.data = null;
      },
      why: 'MMLU-Pro: the record does not say which questions were asked',
      with: 'samples',
    },
    'of tasks that a change may define': {
      edit: (record) => {
        record.protocol.includePaths = ['tasks'];
      },
      why: 'MMLU-Pro: its tasks may be defined elsewhere (include-path)',
      with: 'samples',
    },
    'that failed': {
      edit: (record) => {
        Object.assign(mmlu(record).tasks[0]!, { status: 'failed', reason: 'out of memory' });
      },
      why: 'MMLU-Pro: out of memory',
      with: 'samples',
    },
  };
  for (const [what, { edit, why, with: also }] of Object.entries(cases)) {
    test(what, () => {
      const found = evalResults(fullRecord({ edit }), { ...ALL, samples: also === 'samples' });
      assert.ok(found.leftOut.includes(why), found.leftOut.join('\n'));
      assert.ok(!found.text.includes('MMLU-Pro'));
      const index = renderModelIndex(fullRecord({ edit }).record, { ...ALL, samples: also === 'samples' });
      assert.ok(index.leftOut.includes(why), index.leftOut.join('\n'));
      assert.ok(!index.text.includes('MMLU-Pro"'));
    });
  }
});

test('a sample that is asked for says that it is one', () => {
  const edit = (record: RunRecord) => {
    record.benchmarks[0]!.tasks[0]!.documents = 12_032;
  };
  const [first] = parse(evalResults(fullRecord({ edit }), { ...ALL, samples: true }).text);
  assert.match(first.notes, /, a sample of 40 of 12,032 questions, /);
});

test("LiveBench's benchmarks say that they were asked as a chat, and by which version, not by lm-evaluation-harness", () => {
  const tasks = findBenchmark('livebench-math')!.tasks.map(({ name }) => name);
  const made = makeRecord({
    model: 'octo-7b',
    benchmarks: { 'livebench-math': { scores: [1, 0, 1, 0.5, 0, 1], task: (index) => tasks[index % 3]! } },
    edit: (record) => {
      for (const task of record.benchmarks[0]!.tasks) task.documents = task.n;
      for (const protocol of Object.values(record.protocol.tasks))
        Object.assign(protocol, {
          ...{ version: 'LiveBench 0123456789ab', outputType: 'chat', metric: 'livebench' },
          data: 'hub:livebench/math@bb66571c8ccf32d3df9e6f48b920d3770ff4aacb',
        });
    },
  });
  const [{ results }] = parse(renderModelIndex(made.record, ALL).text)['model-index'];
  assert.match(
    results[0].metrics[0].name,
    /\(0-shot, answers generated, livebench, all 6 questions, bfloat16, LiveBench 0123456789ab, SOS-Bench /,
  );
});

test('nothing in a record can end its quotes, and an address that is none is left out', () => {
  const edit = (record: RunRecord) => {
    record.model.name = HOSTILE;
    record.subject.dtype = `${HOSTILE}"\n- dataset: x`;
    record.protocol.harness.version = '"\n- value: 100';
  };
  const options = { samples: false, source: 'javascript:alert(1)' };
  const read = parse(renderModelIndex(fullRecord({ edit }).record, options).text);
  assert.deepEqual(Object.keys(read), ['model-index']);
  assert.deepEqual([read['model-index'].length, read['model-index'][0].name], [1, HOSTILE]);
  assert.ok(read['model-index'][0].results.every((result: object) => !('source' in result)));
  const entries = parse(evalResults(fullRecord({ edit }), options).text);
  assert.deepEqual(
    entries.map(({ dataset, value }: { dataset: { task_id: string }; value: number }) => [
      dataset.task_id,
      value,
    ]),
    [
      ['mmlu_pro', 62.5],
      ['diamond', 40],
      ['main', 50],
      ['extended', 60],
    ],
  );
});
