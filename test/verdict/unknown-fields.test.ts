import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunRecord } from '../../src/record/schema.ts';
import { compare } from '../../src/verdict/compare.ts';
import { compareProtocols } from '../../src/verdict/protocol/protocol.ts';
import { firstTask, makeRecord, rightThenWrong } from '../support/records.ts';

const TASK = firstTask('wmdp');
const IMPORTED = { from: 'lm-eval' as const, files: ['results.json'], repairs: [], notes: [] };

function made(edit: (record: RunRecord) => void = () => {}, model = 'm') {
  return makeRecord({ model, benchmarks: { wmdp: { scores: rightThenWrong(20, 20) } }, edit });
}

function imported(edit: (record: RunRecord) => void = () => {}) {
  return made((record) => {
    record.imported = IMPORTED;
    edit(record);
  });
}

describe('a field that an imported record does not know is not checked, but named', () => {
  const cases: [string, (record: RunRecord) => void][] = [
    ['harness.version', ({ protocol }) => Object.assign(protocol.harness, { version: null })],
    ['backend', ({ protocol }) => Object.assign(protocol, { backend: null })],
    ['chatTemplateApplied', ({ protocol }) => Object.assign(protocol, { chatTemplateApplied: null })],
    ['seed', ({ protocol }) => Object.assign(protocol, { seed: null })],
    ['includePaths', ({ protocol }) => Object.assign(protocol, { includePaths: null })],
    ['tasks.version', ({ protocol }) => Object.assign(protocol.tasks[TASK]!, { version: null })],
    ['tasks.fewshot', ({ protocol }) => Object.assign(protocol.tasks[TASK]!, { fewshot: null })],
    ['tasks.data', ({ protocol }) => Object.assign(protocol.tasks[TASK]!, { data: null })],
  ];
  for (const [field, forget] of cases) {
    test(field, () => {
      for (const [a, b] of [
        [made(), imported(forget)],
        [imported(forget), made()],
        [imported(forget), imported(forget)],
      ]) {
        const { run, tasks, warnings } = compareProtocols(a!, b!);
        assert.deepEqual([run, [...tasks]], [[], []]);
        assert.equal(warnings.length, 1);
        assert.ok(warnings[0]!.endsWith(`Not checked: ${field}.`), warnings[0]);
      }
    });
  }
});

test('known and different still blocks, on imported records too', () => {
  const { run } = compareProtocols(
    made(),
    imported(({ protocol }) => Object.assign(protocol, { backend: 'vllm' })),
  );
  assert.deepEqual(
    run.map(({ path }) => path),
    ['backend'],
  );
});

test('null in a record that was evaluated here is not a unknown', () => {
  const before = made(({ protocol }) => Object.assign(protocol, { systemInstruction: 'Be kind.' }));
  assert.deepEqual(
    compareProtocols(before, made()).run.map(({ path }) => path),
    ['systemInstruction'],
  );
  assert.deepEqual(compareProtocols(before, imported()).run, []);
});

test('version 1.0 is version 1', () => {
  const written = (version: string) =>
    made(({ protocol }) => Object.assign(protocol.tasks[TASK]!, { version }));
  assert.deepEqual([...compareProtocols(written('1.0'), written('1')).tasks], []);
  assert.equal(compareProtocols(written('1.1'), written('1')).tasks.size, 1);
});

test('one benchmark measured by tasks of other names is not compared', () => {
  const published = imported((record) => {
    record.benchmarks[0]!.tasks[0]!.task = 'wmdp_of_others';
  });
  const verdict = compare(made(), published);
  assert.equal(verdict.benchmarks.find(({ id }) => id === 'wmdp')?.outcome, 'not-comparable');
  assert.deepEqual(verdict.notComparable, [
    { path: 'benchmarks.wmdp.tasks', baseline: TASK, candidate: 'wmdp_of_others' },
  ]);
});

test('unknown plans, devices and digests are neither equal nor different', () => {
  const forget = (record: RunRecord) => {
    Object.assign(record, { planHash: null, environment: null, seed: null, finished: null });
    record.model.digest = null;
    delete record.model.identity;
  };
  const verdict = compare(imported(forget), imported(forget));
  assert.equal(verdict.sameModel, false);
  assert.deepEqual(verdict.warnings, []);
  assert.deepEqual([verdict.records.baseline.device, verdict.records.baseline.planHash], [null, null]);
});
