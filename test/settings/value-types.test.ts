import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import { modelArguments } from '../../src/harness/lm-eval/model-arguments.ts';
import { SETTINGS, type Setting, type SettingKey } from '../../src/settings/table.ts';
import {
  commandWords,
  criteriaChoice,
  criteriaWeights,
  deviceList,
  dropList,
  duration,
  factorList,
  fraction,
  onOff,
  onOffAuto,
  points,
  shardPart,
  textList,
  thresholdList,
  wholeNumber,
} from '../../src/settings/value-types.ts';

/** `[given, expected]`; an expected `undefined` means that the value is refused. */
type Case = [given: unknown, expected: unknown];

function table(name: string, schema: z.ZodType, cases: Case[]): void {
  for (const [given, expected] of cases) {
    const outcome = expected === undefined ? 'refused' : JSON.stringify(expected);
    test(`${name}: ${JSON.stringify(given) ?? String(given)} is ${outcome}`, () => {
      const parsed = schema.safeParse(given);
      assert.deepEqual(parsed.success ? parsed.data : undefined, expected);
    });
  }
}

table('a list', textList, [
  ['a,b', ['a', 'b']],
  [' a , b ,', ['a', 'b']],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  ['a\n b\r\n', ['a', 'b']],
  [[' a ', ''], ['a']],
  ['', []],
  [[], []],
  [5, undefined],
  [['a', 5], undefined],
]);

table('a switch', onOff, [
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
  ['yes', undefined],
  ['', undefined],
  [1, undefined],
]);

table('a switch with auto', onOffAuto, [
  ['auto', 'auto'],
  ['true', true],
  [false, false],
  ['Auto', undefined],
]);

table('a whole number from 1', wholeNumber(1), [
  [1, 1],
  ['8', 8],
  ['+8', 8],
  ['1e3', 1000],
  [' 8 ', 8],
  [0, undefined],
  ['-1', undefined],
  [1.5, undefined],
  ['1.5', undefined],
  ['eight', undefined],
  ['8 items', undefined],
  ['', undefined],
  [' ', undefined],
  [true, undefined],
  [[8], undefined],
  [null, undefined],
  [Number.NaN, undefined],
]);

table('a probability', fraction, [
  [0.05, 0.05],
  ['0.05', 0.05],
  ['.05', 0.05],
  [0, undefined],
  [1, undefined],
  ['five percent', undefined],
  [true, undefined],
]);

table('points', points, [
  ['1.5', 1.5],
  [0, 0],
  [100, 100],
  [-1, undefined],
  [101, undefined],
  ['1.5 points', undefined],
]);

table('margins', factorList, [
  ['wk=1,if=4', { wk: 1, if: 4 }],
  [{ safety: 2 }, { safety: 2 }],
  [{ safety: '2' }, { safety: 2 }],
  ['wk=1, if=4', { wk: 1, if: 4 }],
  [' wk = 1 ,if= 4,\n safety=2 , ', { wk: 1, if: 4, safety: 2 }],
  ['', {}],
  ['wk=1,wk=2', undefined],
  ['wk=1=2', undefined],
  ['=1', undefined],
  ['wk', undefined],
  ['wk=', undefined],
  ['wk=a', undefined],
  ['wk=-1', undefined],
  ['math=1', undefined],
]);

table('model arguments', modelArguments, [
  ['', {}],
  ['dtype=bfloat16', { dtype: 'bfloat16' }],
  ['dtype=bfloat16,max_length=2048', { dtype: 'bfloat16', max_length: 2048 }],
  [' dtype = bfloat16 , ', { dtype: 'bfloat16' }],
  ['a=true,b=False,c=None,d=none', { a: true, b: false, c: null, d: null }],
  ['gpu_memory_utilization=0.9', { gpu_memory_utilization: 0.9 }],
  ['peft=./adapters/a=b', { peft: './adapters/a=b' }],
  ['max_memory=[1,2],dtype=auto', { max_memory: '[1,2]', dtype: 'auto' }],
  ['rope={"a": 1, "b": 2}', { rope: '{"a": 1, "b": 2}' }],
  ['revision=', { revision: '' }],
  ['{"dtype": "auto", "nested": {"a": [1, 2]}}', { dtype: 'auto', nested: { a: [1, 2] } }],
  [{ dtype: 'auto' }, { dtype: 'auto' }],
  ['dtype', undefined],
  ['=auto', undefined],
  ['{"dtype": ', undefined],
  [['dtype=auto'], undefined],
  [5, undefined],
]);

const all = (drop: number) => ({ wk: drop, if: drop, safety: drop });
table('drops', dropList, [
  ['2', all(0.02)],
  [2, all(0.02)],
  ['0.02', all(0.02)],
  [0.02, all(0.02)],
  ['.015', all(0.015)],
  ['2%', all(0.02)],
  ['0.8%', all(0.008)],
  ['1', all(0.01)],
  ['if=5', { ...all(0.02), if: 0.05 }],
  ['3,if=0.05', { ...all(0.03), if: 0.05 }],
  [' 3 , if = 0.05\n', { ...all(0.03), if: 0.05 }],
  ['if=5,3', { ...all(0.03), if: 0.05 }],
  ['2,3', undefined],
  [' , ', undefined],
  ['wk=1.5,if=4,safety=2', { wk: 0.015, if: 0.04, safety: 0.02 }],
  [
    { wk: 1.5, if: '4%' },
    { wk: 0.015, if: 0.04, safety: 0.02 },
  ],
  // 0.8 points or 80? It has to be said.
  ['0.8', undefined],
  [0.2, undefined],
  ['0', undefined],
  ['-2', undefined],
  ['101', undefined],
  ['two', undefined],
  ['', undefined],
  ['mmlu-pro=2', undefined],
  ['if=', undefined],
  [{ wk: null }, undefined],
  [true, undefined],
]);

table('thresholds', thresholdList, [
  ['bbq=warn,if=off', { bbq: { level: 'warn' }, if: { level: 'off' } }],
  [' bbq = warn ,\n if=off , ', { bbq: { level: 'warn' }, if: { level: 'off' } }],
  [{ bbq: ' warn ' }, { bbq: { level: 'warn' } }],
  [{ bbq: { margin: '2' } }, { bbq: { margin: 2 } }],
  ['', {}],
  ['bbq', undefined],
  ['bbq=', undefined],
  ['bbq=warn,bbq=off', undefined],
  ['bbq=warn=off', undefined],
  [{ bbq: { 'minimum-effekt': 2 } }, undefined],
]);

/** For every setting of the table whose value is a list: a list without a blank in it. */
const LISTS: Partial<Record<SettingKey, string>> = {
  'model-args': 'dtype=float32,max_length=512',
  detect: 'wk=2,if=4',
  'judge-model-args': 'dtype=bfloat16,max_length=4096',
  benchmarks: 'bbq,if',
  stages: 'lm-eval,livebench',
  'include-path': 'tasks,more/tasks',
  devices: '0,1',
  thresholds: 'bbq=warn,if=off',
  'fail-on': 'regressed,incomplete',
  margin: 'wk=1,if=4',
  'judge-criteria': 'correctness,style',
  'judge-weights': 'correctness=.5,style=.5',
  log: 'wandb:a-team/a-project,tensorboard:runs',
};

const isList = ({ value }: Setting) => value?.includes(',...') === true;
for (const [key, setting] of Object.entries(SETTINGS as Record<string, Setting>).filter(([, one]) =>
  isList(one),
)) {
  const list = LISTS[key as SettingKey]!;
  for (const [what, text] of [
    ['blanks after commas', list.replaceAll(',', ', ')],
    ['blanks around everything', ` ${list.replaceAll(/[,=]/g, ' $& ')} `],
    ['a comma at its end', `${list}, `],
  ] as const) {
    test(`${key}: ${what} change nothing`, () => {
      assert.deepEqual(setting.schema.parse(text), setting.schema.parse(list));
    });
  }
}

table('criteria', criteriaChoice, [
  [true, ['correctness', 'completeness', 'safety', 'conciseness', 'style']],
  ['true', ['correctness', 'completeness', 'safety', 'conciseness', 'style']],
  [false, []],
  ['false', []],
  ['style,correctness', ['correctness', 'style']],
  [['style'], ['style']],
  ['style,style', undefined],
  ['Style', undefined],
  ['true,style', undefined],
  ['', undefined],
  [[], undefined],
  [1, undefined],
]);

table('weights of criteria', criteriaWeights, [
  ['correctness=.5,style=1', { correctness: 0.5, style: 1 }],
  [{ safety: 3 }, { safety: 3 }],
  ['', {}],
  ['style=0', undefined],
  ['style=-1', undefined],
  ['style=much', undefined],
  ['style', undefined],
  ['tone=1', undefined],
  ['style=1,style=2', undefined],
  [{ style: Number.NaN }, undefined],
  [{ style: Infinity }, undefined],
]);

table('a time', duration, [
  ['45s', 45],
  ['30m', 1800],
  ['1.5h', 5400],
  ['30', undefined],
  ['0m', undefined],
  ['-5m', undefined],
  ['half an hour', undefined],
]);

table('devices', deviceList, [
  ['auto', { kind: 'auto' }],
  ['cpu', { kind: 'cpu', workers: 1 }],
  ['cpu:4', { kind: 'cpu', workers: 4 }],
  ['0', { kind: 'gpus', ids: ['0'] }],
  [2, { kind: 'gpus', ids: ['2'] }],
  [[0, 1], { kind: 'gpus', ids: ['0', '1'] }],
  [' 0, 1 ,', { kind: 'gpus', ids: ['0', '1'] }],
  ['GPU-8a56,MIG-GPU-8a56/1/0', { kind: 'gpus', ids: ['GPU-8a56', 'MIG-GPU-8a56/1/0'] }],
  ['', undefined],
  [[], undefined],
  ['cpu:0', undefined],
  ['cpu:x', undefined],
  ['cuda:0', undefined],
  ['auto,0', undefined],
  ['0,-1', undefined],
]);

table('commands', commandWords, [
  ['', []],
  ['srun --ntasks=1 --gpus=1', ['srun', '--ntasks=1', '--gpus=1']],
  ["  nice  -n 5 'a b' ", ['nice', '-n', '5', 'a b']],
  ['x --a="b c"d', ['x', '--a=b cd']],
  [
    ['srun', 'a b'],
    ['srun', 'a b'],
  ],
  ["srun 'open", undefined],
]);

table('shards', shardPart, [
  ['1/1', { index: 1, of: 1 }],
  ['3/8', { index: 3, of: 8 }],
  [' 2 / 2 ', { index: 2, of: 2 }],
  ['0/3', undefined],
  ['4/3', undefined],
  ['3', undefined],
  ['1/x', undefined],
  ['', undefined],
]);
