import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { serverArguments } from '../../src/serving/server-arguments.ts';
import { rejectsWith } from '../support/reject.ts';

describe("a model's arguments, said to a server", () => {
  const cases: [args: Record<string, unknown>, transformers: string[], vllm: string[]][] = [
    [{}, [], []],
    [{ dtype: 'bfloat16' }, ['--dtype', 'bfloat16'], ['--dtype', 'bfloat16']],
    [{ trust_remote_code: true }, ['--trust-remote-code'], ['--trust-remote-code']],
    [{ trust_remote_code: false, pretrained: 'x', batch_size: 8, parallelize: true }, [], []],
    [{ max_length: 2048 }, ['--max-length', '2048'], ['--max-model-len', '2048']],
    [
      { enable_thinking: false, chat_template_args: { x: 1 } },
      ['--chat-template-kwargs', '{"x":1,"enable_thinking":false}'],
      ['--default-chat-template-kwargs', '{"x":1,"enable_thinking":false}'],
    ],
  ];
  for (const [args, transformers, vllm] of cases) {
    test(JSON.stringify(args), () => {
      assert.deepEqual(serverArguments('transformers', args), { flags: transformers, adapter: null });
      assert.deepEqual(serverArguments('vllm', args), { flags: vllm, adapter: null });
    });
  }

  const ofVllm: [args: Record<string, unknown>, flags: string[]][] = [
    [{ block_size: 16, seed: 7 }, ['--block-size', '16', '--seed', '7']],
    [{ hf_overrides: { rope_theta: 1 } }, ['--hf-overrides', '{"rope_theta":1}']],
    [{ enable_prefix_caching: false }, ['--no-enable-prefix-caching']],
    [{ enforce_eager: false }, []],
    [{ truncation_side: 'left', logprobs_mode: 'raw_logprobs' }, []],
  ];
  for (const [args, flags] of ofVllm)
    test(`vLLM's own: ${JSON.stringify(args)}`, () =>
      assert.deepEqual(serverArguments('vllm', args).flags, flags));

  test('an adapter, under either name', () => {
    assert.equal(serverArguments('transformers', { peft: '/a' }).adapter, '/a');
    assert.equal(serverArguments('vllm', { lora_local_path: '/a' }).adapter, '/a');
  });

  test('what a server has no word for is refused, naming who has', async () => {
    for (const name of ['delta', 'load_in_4bit', 'subfolder']) {
      for (const kind of ['vllm', 'transformers'] as const) {
        await rejectsWith(
          () => serverArguments(kind, { [name]: 'x' }),
          'model-unservable',
          `model-args has ${name}`,
        );
      }
    }
    const quantised = { quantization: 'awq' };
    await rejectsWith(
      () => serverArguments('transformers', quantised),
      'model-unservable',
      'transformers serve',
      'the other server (vllm)',
    );
  });
});
