import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunRecord } from '../../src/record/schema.ts';
import { findBreaches, type RequestedProtocol } from '../../src/verdict/protocol/breaches.ts';
import { HALF } from '../support/comparisons.ts';
import { makeRecord } from '../support/records.ts';

const record = (edit: (record: RunRecord) => void = () => {}, task?: () => string) =>
  makeRecord({ model: 'pr', benchmarks: { gpqa: { scores: HALF, ...(task && { task }) } }, edit }).record;

const breaches = (asked: RequestedProtocol, given = record()) =>
  findBreaches(given, asked).map(({ what, asked, found }) => `${what}: ${asked}, not ${found}`);

const generated = record(({ protocol }) => {
  for (const task of Object.values(protocol.tasks)) task.generation = { max_gen_toks: 256 };
});
const withTasks = (...paths: string[]) =>
  record(({ protocol }) => {
    protocol.includePaths = paths;
  });

describe('a record that was not evaluated as was asked', () => {
  for (const [title, asked, given, found] of [
    ['another suite', { suite: 'full' }, record(), ['suite: full, not pr']],
    ['another backend', { backend: 'vllm' }, record(), ['backend: vllm, not hf']],
    ['another seed', { seed: 2 }, record(), ['seed: 2, not 1']],
    ['with no chat template', { chatTemplate: true }, record(), ['apply-chat-template: true, not false']],
    ['without thinking', { enableThinking: true }, record(), ['enable-thinking: true, not not set']],
    [
      'with another end of reasoning',
      { thinkEndToken: '</think>' },
      record(({ protocol }) => Object.assign(protocol, { thinkEndToken: 'a' })),
      ['think-end-token: </think>, not a'],
    ],
    [
      'with its reasoning scored',
      { thinkEndToken: '</think>' },
      record(({ protocol }) => Object.assign(protocol, { thinkEndToken: null })),
      ['think-end-token: </think>, not not set'],
    ],
    ['by an older version, which does not say', { thinkEndToken: '</think>' }, record(), []],
    [
      'with no system message',
      { systemInstruction: 'Be brief.' },
      record(),
      ['system-instruction: Be brief., not not set'],
    ],
    ['longer answers', { maxGenToks: 64 }, generated, ['max-gen-toks: 64, not 256']],
    [
      'task definitions of its own',
      { includePaths: [] },
      withTasks('tasks'),
      ['include-path: none, not tasks'],
    ],
    ['other ones', { includePaths: ['tasks'] }, withTasks('my/other'), ['include-path: tasks, not my/other']],
    [
      'ones besides',
      { includePaths: ['tasks'] },
      withTasks('tasks', 'own'),
      ['include-path: tasks, not tasks, own'],
    ],
    [
      'a benchmark of other tasks under its name',
      {},
      record(undefined, () => 'easy'),
      ["tasks of gpqa: SOS-Bench's, not easy"],
    ],
  ] as [string, RequestedProtocol, RunRecord, string[]][]) {
    test(title, () => assert.deepEqual(breaches(asked, given), found));
  }
});

describe('as was asked', () => {
  for (const [title, asked, given] of [
    ['nobody said anything', {}, record()],
    ['all of it', { suite: 'pr', backend: 'hf', seed: 1, includePaths: [], chatTemplate: false }, record()],
    ['the model decides on its template', { chatTemplate: null }, record()],
    ['answers shorter than the limit', { maxGenToks: 256 }, generated],
    [
      "the base's task definitions, from a checkout beside",
      { includePaths: ['./tasks'] },
      withTasks('base/tasks'),
    ],
    [
      'an import that does not tell',
      { backend: 'hf', seed: 1, systemInstruction: 'Be brief.', includePaths: ['tasks'], chatTemplate: true },
      record(
        (made) => {
          made.imported = { from: 'lm-eval', files: [], repairs: [], notes: [] };
          made.seed = null;
          Object.assign(made.protocol, { backend: null, includePaths: null, chatTemplateApplied: null });
        },
        () => 'other',
      ),
    ],
  ] as [string, RequestedProtocol, RunRecord][]) {
    test(title, () => assert.deepEqual(breaches(asked, given), []));
  }
});
