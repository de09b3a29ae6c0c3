/**
 * What names the subject a change may still set in its own configuration: by the built `run`, up to where a model would be loaded, told by
 * what it says of a value that cannot be had. `settings-walk-evaluated.test.ts` evaluates with those that a processor can do.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { SETTINGS, type SettingKey } from '../../src/settings/table.ts';
import { settleSettings } from '../../src/settings/trust/effective.ts';
import { testCache } from '../support/cli.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runStep } from '../support/runner.ts';
import { asConfig, wishFor } from '../support/setting-values.ts';

const SUBJECT_KEYS = (Object.keys(SETTINGS) as SettingKey[]).filter(
  (key) => SETTINGS[key].role === 'subject',
);

describe('a setting of the subject in the configuration of a change is taken', () => {
  const CASES: [config: Record<string, unknown>, says: RegExp][] = [
    [{ model: 'nowhere' }, /there is no model at nowhere \[model-missing\]/],
    [{ 'tensor-parallel': 2 }, /tensor-parallel is 2, which backend hf cannot do/],
    [{ 'batch-size': 0 }, /batch-size is 0: neither tokens, auto nor a whole number/],
    [{ devices: [''] }, /devices is \[""\]/],
    [{ 'model-args': { gguf_file: 'absent.gguf' } }, /model has no file absent\.gguf/],
    [{ 'model-args': { subfolder: 'absent' } }, /model\/absent has no config\.json/],
  ];
  const disk = temporaryFolder();
  for (const [config, says] of CASES) {
    test(JSON.stringify(config), async () => {
      const workspace = temporaryFolder();
      mkdirSync(join(workspace, '.github'));
      mkdirSync(join(workspace, 'model'));
      writeFileSync(join(workspace, 'model', 'config.json'), '{"architectures":["LlamaForCausalLM"]}');
      // Weights that hold nothing.
      const header = Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from('{}')]);
      writeFileSync(join(workspace, 'model', 'model.safetensors'), header);
      writeFileSync(join(workspace, '.github', 'sos-bench.yml'), asConfig({ model: 'model', ...config }));
      const payload = pullPayload({ number: 1, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
      const event = eventEnvironment(disk, { name: 'pull_request', payload, run: 1 });
      const { exitCode, stdout } = await runStep({
        ...{ workspace, action: 'run', inputs: { suite: 'mini', benchmarks: 'xstest' } },
        environment: { ...testCache(disk), ...event },
      });
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, says);
    });
  }

  const none = { values: {}, locationOf: () => '' };
  const settle = (values: Record<string, unknown>) =>
    settleSettings(SUBJECT_KEYS, {
      ...{
        given: { model: undefined },
        trusted: { ...none, values: { model: 'of-the-base' } },
        from: 'base',
      },
      claimed: { ...none, values },
    });

  for (const key of SUBJECT_KEYS.filter((name) => name !== 'model-args'))
    test(`${key}: whatever it is`, () => {
      const { origin, proposals } = settle({ [key]: wishFor(key) });
      assert.deepEqual([origin(key), proposals], ['subject', []]);
    });

  const ARGUMENTS = [
    ...[
      'gguf_file',
      'subfolder',
      'peft',
      'delta',
      'tokenizer',
      'dtype',
      'quantization',
      'autogptq',
      'gptqmodel',
    ],
    ...['load_in_4bit', 'load_in_8bit', 'bnb_4bit_quant_type', 'llm_int8_threshold'],
  ];
  for (const name of ARGUMENTS)
    test(`model-args: ${name}`, () => {
      const { settings, proposals } = settle({ 'model-args': { [name]: 'x' } });
      assert.deepEqual([settings['model-args'], proposals], [{ [name]: 'x' }, []]);
    });
});
