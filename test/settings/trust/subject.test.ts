/** What a change may set: what names its model, and nothing that decides how it is evaluated. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SETTINGS } from '../../../src/settings/table.ts';
import { isSubjectModel, splitModelArgs } from '../../../src/settings/trust/subject.ts';

describe('of model-args', () => {
  const SUBJECT = [
    'gguf_file',
    'subfolder',
    'peft',
    'delta',
    'tokenizer',
    'dtype',
    'quantization',
    'load_in_4bit',
    'load_in_8bit',
    'bnb_4bit_quant_type',
    'llm_int8_threshold',
  ];
  const JUDGING = [
    'trust_remote_code',
    'max_length',
    'add_bos_token',
    'prefix_token_id',
    'enable_thinking',
    'chat_template_args',
    'think_end_token',
    'pretrained',
    'revision',
    'base_url',
    'truncation',
    'constructor',
    '__proto__',
    'toString',
  ];
  for (const name of SUBJECT)
    test(`${name} names the subject`, () => {
      assert.deepEqual(splitModelArgs({ [name]: 'x' }), { subject: { [name]: 'x' }, judging: {} });
    });
  for (const name of JUDGING)
    test(`${name} judges`, () => {
      const args = Object.fromEntries([[name, 'x']]);
      assert.deepEqual(splitModelArgs(args), { subject: {}, judging: args });
    });
});

describe('a model', () => {
  for (const model of ['out', './out', '/srv/model', 'hf:a/b@c', 'a/b', 'artifact:model'])
    test(`${model} may be named by a change`, () => assert.equal(isSubjectModel(model), true));
  for (const model of ['command:./fetch', ' command: curl x', 'COMMAND:x', 'command :x'])
    test(`'${model}' may not: it would run`, () => assert.equal(isSubjectModel(model), false));
});

test('no setting that judges is among those of the subject', () => {
  for (const key of ['suite', 'seed', 'plan', 'python', 'launcher', 'fail-on', 'datasets-dir'] as const)
    assert.equal(SETTINGS[key].role, 'judges');
});
