import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunRecord, TaskProtocol } from '../../src/record/schema.ts';
import { compareProtocols, type ProtocolComparison } from '../../src/verdict/protocol/protocol.ts';
import { firstTask, indexes, makeRecord, type Row } from '../support/records.ts';

const TASK = firstTask('ifeval');

describe('settings that make two runs incomparable', () => {
  const blocking: { path: string; edit: (record: RunRecord) => void }[] = [
    {
      path: 'harness.version',
      edit: ({ protocol }) => Object.assign(protocol.harness, { version: '0.4.12' }),
    },
    { path: 'harness.name', edit: ({ protocol }) => Object.assign(protocol.harness, { name: 'other' }) },
    { path: 'backend', edit: ({ protocol }) => Object.assign(protocol, { backend: 'vllm' }) },
    {
      path: 'systemInstruction',
      edit: ({ protocol }) => Object.assign(protocol, { systemInstruction: 'Be kind.' }),
    },
    {
      path: 'chatTemplateApplied',
      edit: ({ protocol }) => Object.assign(protocol, { chatTemplateApplied: true }),
    },
    { path: 'enableThinking', edit: ({ protocol }) => Object.assign(protocol, { enableThinking: true }) },
    { path: 'seed', edit: ({ protocol }) => Object.assign(protocol, { seed: 1 }) },
    { path: 'includePaths', edit: ({ protocol }) => Object.assign(protocol, { includePaths: ['own'] }) },
    { path: `tasks.${TASK}.version`, edit: (record) => editTask(record, { version: '2.0' }) },
    { path: `tasks.${TASK}.fewshot`, edit: (record) => editTask(record, { fewshot: 5 }) },
    { path: `tasks.${TASK}.data`, edit: (record) => editTask(record, { data: 'datasets-dir' }) },
    { path: `tasks.${TASK}.metric`, edit: (record) => editTask(record, { metric: 'acc_norm' }) },
    { path: `tasks.${TASK}.prompts`, edit: (record) => editTask(record, { prompts: 'prompts-b' }) },
  ];
  for (const { path, edit } of blocking) {
    test(path, () => assert.deepEqual(blockingPaths(compareWith({ edit })), [path]));
  }

  test('generation settings are named one by one', () => {
    const before = (record: RunRecord) =>
      editTask(record, { generation: { max_gen_toks: 1280, until: ['a', 'b'], do_sample: false } });
    const after = (record: RunRecord) =>
      editTask(record, { generation: { do_sample: false, max_gen_toks: 512, until: ['a'] } });
    const found = compareProtocols(made({ edit: before }), made({ edit: after }));
    assert.deepEqual(found.tasks.get(TASK), [
      { path: `tasks.${TASK}.generation.max_gen_toks`, baseline: '1280', candidate: '512' },
      { path: `tasks.${TASK}.generation.until`, baseline: '["a","b"]', candidate: '["a"]' },
    ]);
  });

  test('documents of which none is the same, under the same ids', () => {
    const found = compareWith({ row: { document: (index) => 1000 + index } });
    assert.deepEqual(blockingPaths(found), [`tasks.${TASK}.documents`]);
  });
});

describe('what ends reasoning', () => {
  const withEnd = (thinkEndToken: string | null | undefined) => (record: RunRecord) =>
    Object.assign(record.protocol, thinkEndToken === undefined ? {} : { thinkEndToken });
  const CASES: [
    title: string,
    ends: [string | null | undefined, string | null | undefined],
    blocking: string[],
    warned: boolean,
  ][] = [
    ['the same', ['</think>', '</think>'], [], false],
    ['another', ['</think>', '[/THINK]'], ['thinkEndToken'], false],
    ['none before', [null, '</think>'], ['thinkEndToken'], false],
    ['unknown before, since the record is older, and none now', [undefined, null], [], false],
    ['unknown before, and some now', [undefined, '</think>'], [], true],
    ['some before, and unknown now', ['</think>', undefined], [], true],
    ['unknown on both sides', [undefined, undefined], [], false],
  ];
  for (const [title, [before, after], blocking, warned] of CASES)
    test(title, () => {
      const found = compareProtocols(made({ edit: withEnd(before) }), made({ edit: withEnd(after) }));
      assert.deepEqual(blockingPaths(found), blocking);
      const isWarned = found.warnings.some((text) =>
        /^Records of older versions .*Not checked: thinkEndToken\.$/.test(text),
      );
      assert.equal(isWarned, warned, found.warnings.join('\n'));
    });
});

describe('prompts may differ', () => {
  const otherPrompts = (record: RunRecord) => editTask(record, { prompts: 'prompts-b' });
  const withTemplate = (text: string) => (record: RunRecord) => {
    record.protocol.chatTemplateApplied = true;
    record.subject.chatTemplateSha256 = text;
    if (text === 'new') otherPrompts(record);
  };

  test('where a template is applied and its text changed', () => {
    const found = compareProtocols(made({ edit: withTemplate('old') }), made({ edit: withTemplate('new') }));
    assert.deepEqual(blockingPaths(found), []);
    assert.deepEqual(
      found.subject.map(({ path }) => path),
      ['chatTemplateSha256'],
    );
  });

  test('but not where the changed template is not applied', () => {
    const unused = (record: RunRecord) => {
      record.subject.chatTemplateSha256 = 'new';
      otherPrompts(record);
    };
    assert.deepEqual(blockingPaths(compareWith({ edit: unused })), [`tasks.${TASK}.prompts`]);
  });

  test('but not where the template is the same', () => {
    const found = compareProtocols(made({ edit: withTemplate('new') }), made({ edit: withTemplate('new') }));
    assert.deepEqual(blockingPaths(found), []);
    const changed = made({ edit: withTemplate('new') });
    editTask(changed.record, { prompts: 'prompts-c' });
    assert.deepEqual(blockingPaths(compareProtocols(made({ edit: withTemplate('new') }), changed)), [
      `tasks.${TASK}.prompts`,
    ]);
  });

  test('where different items were evaluated', () => {
    const found = compareWith({ row: { docId: (index) => index + 1 }, edit: otherPrompts });
    assert.deepEqual(blockingPaths(found), []);
  });

  test('where a side has no hash yet', () => {
    const found = compareWith({ edit: (record) => editTask(record, { prompts: null }) });
    assert.deepEqual(blockingPaths(found), []);
  });
});

test('two samples of one task may have no item in common', () => {
  assert.deepEqual(blockingPaths(compareWith({ row: { docId: (index) => 100 + index } })), []);
});

describe('never blocking', () => {
  const harmless: { what: string; edit: (record: RunRecord) => void }[] = [
    { what: 'the sampling seed', edit: (record) => Object.assign(record, { seed: 2 }) },
    { what: 'the tokenizer', edit: ({ subject }) => Object.assign(subject, { tokenizerSha256: 'b' }) },
    {
      what: 'the device',
      edit: ({ environment }) => Object.assign(environment!.device, { name: 'NVIDIA H200' }),
    },
    {
      what: 'a version',
      edit: ({ environment }) => Object.assign(environment!.versions, { torch: '2.9.0' }),
    },
    { what: 'the plan', edit: (record) => Object.assign(record, { planHash: 'plan-b' }) },
    { what: 'a task of one side', edit: ({ protocol }) => delete protocol.tasks[TASK] },
  ];
  for (const { what, edit } of harmless) {
    test(what, () => assert.deepEqual(blockingPaths(compareWith({ edit })), []));
  }
});

test('what the change is about is listed by path', () => {
  const { subject } = compareWith({
    edit: ({ subject }) => Object.assign(subject, { dtype: 'float16', modelArgs: { peft: 'adapter' } }),
  });
  assert.deepEqual(subject, [
    { path: 'dtype', baseline: 'bfloat16', candidate: 'float16' },
    { path: 'modelArgs.peft', baseline: null, candidate: 'adapter' },
  ]);
});

test('device, versions and plans that differ are warned about', () => {
  const { warnings } = compareWith({
    edit: (record) => {
      record.environment!.device.name = 'NVIDIA H200';
      record.environment!.versions = { torch: '2.9.0' };
      record.planHash = 'plan-b';
    },
  });
  assert.equal(warnings.length, 3);
  assert.match(warnings[0] ?? '', /NVIDIA H100 \(cuda\) and NVIDIA H200 \(cuda\)/);
  assert.match(warnings[1] ?? '', /torch 2\.8\.0 and 2\.9\.0/);
  assert.match(warnings[2] ?? '', /different plans/);
});

test('equal runs have nothing to tell', () => {
  assert.deepEqual(compareWith({}), { run: [], tasks: new Map(), subject: [], warnings: [] });
});

interface Change {
  row?: Partial<Row>;
  edit?: (record: RunRecord) => void;
}

function made({ row = {}, edit = () => {} }: Change) {
  return makeRecord({
    model: 'm',
    benchmarks: { ifeval: { scores: indexes(20).map(() => 1), ...row } },
    edit,
  });
}

function compareWith(change: Change): ProtocolComparison {
  return compareProtocols(made({}), made(change));
}

function editTask({ protocol }: RunRecord, change: Partial<TaskProtocol>): void {
  const task = protocol.tasks[TASK];
  if (task) Object.assign(task, change);
}

function blockingPaths({ run, tasks }: ProtocolComparison): string[] {
  return [...run, ...[...tasks.values()].flat()].map(({ path }) => path);
}
