import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainArgumentFault } from '../../src/evaluate/workers/argument-fault.ts';

const CASES: [what: string, fault: string, backend: string, args: object, message: RegExp, hint: RegExp][] = [
  [
    "vLLM's memory, and backend hf",
    "TypeError: LlamaForCausalLM.__init__() got an unexpected keyword argument 'gpu_memory_utilization'",
    'hf',
    { gpu_memory_utilization: 0.8 },
    /^model-args has gpu_memory_utilization, which backend hf does not take$/,
    /^leave it out, or name the backend that it is for$/,
  ],
  [
    'one that hf has under another name',
    "TypeError: LlamaForCausalLM.__init__() got an unexpected keyword argument 'max_model_len'",
    'hf',
    { max_model_len: 4096 },
    /max_model_len, which backend hf/,
    /^it is max_length there/,
  ],
  [
    'an adapter in the words of hf, and backend vllm',
    "TypeError: EngineArgs.__init__() got an unexpected keyword argument 'peft'",
    'vllm',
    { peft: '/adapter' },
    /peft, which backend vllm/,
    /^it is lora_local_path there/,
  ],
];
for (const [what, fault, backend, args, message, hint] of CASES)
  test(`an argument that a backend does not take: ${what}`, () => {
    const explained = explainArgumentFault(fault, backend, { ...args });
    assert.match(explained?.message ?? '', message);
    assert.match(explained?.hint ?? '', hint);
  });

test('an argument that nobody gave is a fault of a library', () => {
  const fault = "TypeError: generate() got an unexpected keyword argument 'cache'";
  assert.equal(explainArgumentFault(fault, 'hf', { dtype: 'float32' }), null);
  assert.equal(explainArgumentFault('ValueError: no model', 'hf', {}), null);
});
