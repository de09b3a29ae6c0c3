import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { execa } from 'execa';
import { parseModelArgs } from '../../src/harness/lm-eval/model-arguments.ts';
import { requireModelArgs } from '../../src/settings/model-args.ts';
import { SETTINGS, type Setting } from '../../src/settings/table.ts';
import { testPython } from '../support/python.ts';
import { rejectsWith } from '../support/reject.ts';

const TABLE: Readonly<Record<string, Setting>> = SETTINGS;

/** What the real harness makes of values, and the parameters of its model classes; no model is opened. */
const ASK = `
import ast, importlib, inspect, json, pathlib, sys
import lm_eval, lm_eval.utils as utils
asked = json.load(sys.stdin)
folder = pathlib.Path(lm_eval.__file__).parent / "models"
def parameters(module, name):
    # Read off the source: vLLM and SGLang need not be installed.
    tree = ast.parse((folder / f"{module}.py").read_text())
    [cls] = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == name]
    [init] = [n for n in cls.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    return [a.arg for a in init.args.args + init.args.kwonlyargs if a.arg != "self"]
print(json.dumps({
    "values": [repr(utils.handle_arg_string(v)) for v in asked["values"]],
    "pairs": [{k: repr(v) for k, v in utils.simple_parse_args_string(p).items()} for p in asked["pairs"]],
    "version": importlib.metadata.version("lm_eval"),
    "classes": {
        "hf": parameters("huggingface", "HFLM"),
        "vllm": parameters("vllm_causallms", "VLLM"),
        "sglang": parameters("sglang_causallms", "SGLangLM"),
        "local-completions": parameters("openai_completions", "LocalCompletionsAPI") + parameters("api_models", "TemplateAPI"),
    },
}))
`;

/** A value as users write it, and what it is. */
const VALUES: [string, unknown][] = [
  ['true', true],
  ['TRUE', true],
  ['False', false],
  ['FALSE', false],
  ['fAlSe', false],
  ['none', null],
  ['None', null],
  ['NONE', null],
  ['null', 'null'],
  ['yes', 'yes'],
  ['', ''],
  ['  spaced  ', 'spaced'],
  ['"123123"', '123123'],
  ["'123123'", '123123'],
  ['"true"', 'true'],
  ["'none'", 'none'],
  ['"it\'s"', "it's"],
  ['"open', '"open'],
  ['"', '"'],
  ['""', ''],
  ['0x10', '0x10'],
  ['0b1', '0b1'],
  ['0o7', '0o7'],
  ['1', 1],
  ['-1', -1],
  ['+1', 1],
  ['--1', '--1'],
  ['007', 7],
  ['0.9', 0.9],
  ['.5', 0.5],
  ['5.', 5],
  ['-.5e-3', -0.0005],
  ['1e3', 1000],
  ['1_000', 1000],
  ['1__0', '1__0'],
  ['_1', '_1'],
  ['1 2', '1 2'],
  ['1,2'.replace(',', ';'), '1;2'],
  ['auto', 'auto'],
  ['./adapters/a=b', './adapters/a=b'],
  ['[1]', '[1]'],
  ['{"a": 1}', '{"a": 1}'],
  ['12abc', '12abc'],
  ['bfloat16', 'bfloat16'],
  ['1.2.3', '1.2.3'],
  ['-', '-'],
  ['.', '.'],
  ['e5', 'e5'],
];
const PAIRS: [string, Record<string, unknown>][] = [
  ['dtype=bfloat16,max_length=2048', { dtype: 'bfloat16', max_length: 2048 }],
  ['add_bos_token=FALSE,,x=none,', { add_bos_token: false, x: null }],
  ['a=b=c,d="1"', { a: 'b=c', d: '1' }],
];

interface Answer {
  values: string[];
  pairs: Record<string, string>[];
  version: string;
  classes: Record<string, string[]>;
}
let harness: Answer;
before(async () => {
  const input = JSON.stringify({ values: VALUES.map(([text]) => text), pairs: PAIRS.map(([text]) => text) });
  const { stdout } = await execa(await testPython(), ['-I', '-c', ASK], { input });
  harness = JSON.parse(stdout) as Answer;
});

/** A value as Python would print it. JSON has no floats of their own: 5.0 is 5. */
function python(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** What Python printed, in the same words. */
function normal(printed: string): string {
  if (/^(True|False|None)$/.test(printed)) return printed;
  if (!/^['"]/.test(printed)) return String(Number(printed));
  const inner = printed.slice(1, -1).replaceAll("\\'", "'");
  return JSON.stringify(inner);
}

test('values mean what they mean to the harness', () => {
  assert.equal(harness.version, '0.4.13');
  for (const [index, [text, expected]] of VALUES.entries()) {
    const { x } = parseModelArgs(`x=${text}`);
    assert.deepEqual(x, expected, text);
    assert.equal(normal(harness.values[index]!), python(x), text);
  }
});

test('pairs are told apart as by the harness', () => {
  for (const [index, [text, expected]] of PAIRS.entries()) {
    assert.deepEqual(parseModelArgs(text), expected);
    const theirs = Object.entries(harness.pairs[index]!).map(([name, value]) => [name, normal(value)]);
    assert.deepEqual(
      theirs,
      Object.entries(expected).map(([name, value]) => [name, python(value)]),
    );
  }
});

test('commas in brackets and quotes are part of a value', () => {
  assert.deepEqual(parseModelArgs('a=[1,2],b="x,y",c={"k": [1, 2]},d=(1,2)'), {
    a: '[1,2]',
    b: 'x,y',
    c: '{"k": [1, 2]}',
    d: '(1,2)',
  });
});

const UNREADABLE: [string, RegExp][] = [
  ['dtype', /'dtype' is not KEY=VALUE/],
  ['=auto', /is not KEY=VALUE/],
  ['x=1,x=2', /x is given twice/],
  ['x=nan', /x is not a finite number/],
  ['x=-Infinity', /x is not a finite number/],
  ['x=1e999', /x is too large/],
  ['x=12345678901234567890', /x is too large/],
  ['ghp_0123456789abcdefghijklmnopqrstuvwxyz', /'\[redacted\]' is not KEY=VALUE/],
];
for (const [text, message] of UNREADABLE)
  test(`${text.slice(0, 24)} is refused`, () => assert.throws(() => parseModelArgs(text), message));

/** The harness's parameters that no setting gives. Another release's parameters have to be put into one of the two lists. */
const FREE = [
  ['backend', 'subfolder', 'tokenizer', 'truncation', 'logits_cache', 'max_length', 'dtype', 'softmax_dtype'],
  ['mixed_precision_dtype', 'use_fast_tokenizer', 'add_bos_token', 'prefix_token_id', 'parallelize'],
  [
    'max_memory_per_gpu',
    'max_cpu_memory',
    'offload_folder',
    'tp_plan',
    'peft',
    'delta',
    'autogptq',
    'gptqmodel',
  ],
  ['gguf_file', 'chat_template_args'],
  // vLLM
  [
    'tokenizer_mode',
    'tokenizer_revision',
    'quantization',
    'max_model_len',
    'lora_local_path',
    'max_lora_rank',
  ],
  ['truncation_side'],
  // SGLang
  ['tokenizer_path', 'load_format', 'kv_cache_dtype', 'context_length', 'chunked_prefill_size'],
  ['mem_fraction_static'],
  // A server's client
  ['base_url', 'tokenizer_backend', 'truncate', 'num_concurrent', 'max_retries', 'custom_prefix_token_id'],
  [
    'tokenized_requests',
    'verify_certificate',
    'ca_cert_path',
    'auth_token',
    'eos_string',
    'timeout',
    'header',
  ],
  ['max_images'],
].flat();

test("each parameter of the harness's model classes is free, or belongs to one setting", () => {
  const owned = Object.values(TABLE).flatMap(({ modelArg }) => modelArg ?? []);
  assert.equal(new Set(owned).size, owned.length);
  const theirs = new Set(Object.values(harness.classes).flat());
  assert.deepEqual([...theirs].filter((name) => !FREE.includes(name) && !owned.includes(name)).sort(), []);
  assert.deepEqual(
    FREE.filter((name) => !theirs.has(name)),
    [],
  );
  assert.deepEqual(
    FREE.filter((name) => owned.includes(name)),
    [],
  );
});

test('each argument that a setting gives is one of the harness, or reaches the library behind it', () => {
  const theirs = new Set(Object.values(harness.classes).flat());
  // What the harness hands on: to transformers' from_pretrained, vLLM's LLM, SGLang's Engine.
  const handedOn = ['model_path', 'path', 'chat_template', 'apply_chat_template', 'system_instruction'];
  handedOn.push('random_seed', 'use_safetensors', 'weights_only');
  const owned = Object.values(TABLE).flatMap(({ modelArg }) => modelArg ?? []);
  assert.deepEqual(owned.filter((name) => !theirs.has(name)).sort(), handedOn.sort());
});

const OVERRULING: [string, string, string][] = [
  ['pretrained=other', 'hf', '--model'],
  ['model=other', 'vllm', '--model'],
  ['model_path=other', 'sglang', '--model'],
  ['pretrained=other', 'local-completions', '--model'],
  ['revision=main', 'hf', '--model hf:ORG/NAME@REVISION'],
  ['trust_remote_code=True', 'hf', '--trust-remote-code'],
  ['trust_remote_code=False', 'hf', '--trust-remote-code'],
  ['batch_size=2', 'hf', '--batch-size'],
  ['max_batch_size=2', 'hf', '--batch-size'],
  ['device=cpu', 'hf', '--device'],
  ['tensor_parallel_size=2', 'vllm', '--tensor-parallel'],
  ['tp_size=2', 'sglang', '--tensor-parallel'],
  ['data_parallel_size=2', 'vllm', '--devices'],
  ['dp_size=2', 'sglang', '--devices'],
  ['enable_thinking=True', 'hf', '--enable-thinking'],
  ['enable_thinking=None', 'vllm', '--enable-thinking'],
  ['think_end_token=</think>', 'hf', '--think-end-token'],
  ['think_end_token=151668', 'hf', '--think-end-token'],
  ['think_end_token=</think>', 'vllm', '--think-end-token'],
  ['think_end_token=</think>', 'sglang', '--think-end-token'],
  ['think_end_token=</think>', 'local-completions', '--think-end-token'],
  ['think_end_token=</think>', 'local-chat-completions', '--think-end-token'],
  ['max_gen_toks=8', 'vllm', '--max-gen-toks'],
  ['seed=7', 'vllm', '--seed'],
  ['use_safetensors=False', 'hf', '--allow-pickle'],
  ['weights_only=False', 'hf', '--allow-pickle'],
];
for (const [text, backend, setting] of OVERRULING)
  test(`${text} is refused in model-args of ${backend}, with ${setting} to use`, async () => {
    await rejectsWith(
      () => requireModelArgs(parseModelArgs(text), backend, TABLE),
      'usage',
      `model-args has ${text.split('=')[0]}`,
      setting,
    );
  });

test('thinking is not turned on through the arguments of the template', async () => {
  await rejectsWith(
    () => requireModelArgs({ chat_template_args: { enable_thinking: true } }, 'hf', TABLE),
    'usage',
    'chat_template_args.enable_thinking',
    '--enable-thinking',
  );
});

const KEPT: [string, string][] = [
  ['gguf_file=m.gguf,tokenizer=./t', 'hf'],
  ['subfolder=a,dtype=float32', 'hf'],
  ['peft=./a', 'hf'],
  ['delta=./d', 'hf'],
  ['add_bos_token=True,max_length=64', 'hf'],
  ['base_url=http://127.0.0.1:1/v1/completions,model=m', 'local-completions'],
  ['max_model_len=8192,quantization=awq', 'vllm'],
];
for (const [text, backend] of KEPT)
  test(`${text} stays allowed with ${backend}`, () => requireModelArgs(parseModelArgs(text), backend, TABLE));

for (const name of ['__proto__', '__init__', 'trust-remote-code', 'a b', 'x.y', ''])
  test(`'${name}' is not the name of an argument`, async () => {
    await rejectsWith(
      () => requireModelArgs(JSON.parse(`{"${name}": 1}`) as Record<string, unknown>, 'hf', TABLE),
      'usage',
      'not the name of an argument',
      'KEY=VALUE',
    );
  });
