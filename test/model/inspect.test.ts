import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspectModel } from '../../src/model/inspect.ts';
import type { LoadOptions } from '../../src/model/model-files.ts';
import { MODEL, modelFolder, safetensors } from '../support/model-folders.ts';
import { rejectsWith } from '../support/reject.ts';

const PLAIN = { args: {}, allowPickle: false };
const CONFIG = { 'config.json': {} };
const WEIGHTS = safetensors();
const PICKLE = 'PK';
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n';
const index = (...names: unknown[]) => ({
  metadata: {},
  weight_map: Object.fromEntries(names.map((n, i) => [`w${i}`, n])),
});
const ADAPTER = { 'adapter_config.json': { peft_type: 'LORA', base_model_name_or_path: '/scratch/base' } };

type Files = Record<string, string | Buffer | object>;
interface Case {
  what: string;
  files: Files;
  options?: Partial<LoadOptions>;
  /** Texts of message and hint; none where the folder is accepted. */
  refused?: (string | RegExp)[];
}

const CASES: Case[] = [
  { what: 'configuration and safetensors', files: { ...CONFIG, 'model.safetensors': WEIGHTS } },
  { what: 'all that is saved with a model', files: MODEL },
  { what: 'an empty folder', files: {}, refused: ['has no config.json'] },
  {
    what: 'weights without configuration',
    files: { 'model.safetensors': WEIGHTS },
    refused: ['has no config.json'],
  },
  {
    what: 'configuration without weights',
    files: { ...CONFIG, 'tokenizer.json': {} },
    refused: ['has no weights', 'finish saving'],
  },
  {
    what: 'a configuration cut short',
    files: { 'config.json': '{"a": ', 'model.safetensors': WEIGHTS },
    refused: ['config.json is not valid JSON', 'saved completely'],
  },
  {
    what: 'an empty configuration',
    files: { 'config.json': '', 'model.safetensors': WEIGHTS },
    refused: ['config.json is not valid JSON'],
  },
  {
    what: 'a configuration that is nested without end',
    files: { 'config.json': '['.repeat(100_000), 'model.safetensors': WEIGHTS },
    refused: ['config.json is not valid JSON'],
  },
  {
    what: 'empty weights',
    files: { ...CONFIG, 'model.safetensors': '' },
    refused: ['not a complete safetensors file', 'copied completely'],
  },
  {
    what: 'weights cut short behind their header, as a copy that stopped half-way leaves them',
    files: { ...CONFIG, 'model.safetensors': WEIGHTS.subarray(0, -3) },
    refused: ['not a complete safetensors file: 3 of its bytes are missing', 'copied completely'],
  },
  {
    what: 'a shard cut short behind its header',
    files: {
      ...CONFIG,
      'model.safetensors.index.json': index('a.safetensors', 'b.safetensors'),
      'a.safetensors': WEIGHTS,
      'b.safetensors': WEIGHTS.subarray(0, -1),
    },
    refused: ['b.safetensors is not a complete safetensors file: 1 of its bytes'],
  },
  {
    what: 'weights whose header is not JSON',
    files: { ...CONFIG, 'model.safetensors': Buffer.from('\x05\0\0\0\0\0\0\0{"a":xxxx') },
    refused: ['not a complete safetensors file'],
  },
  {
    what: 'a pointer of git-lfs',
    files: {
      ...CONFIG,
      'model.safetensors': POINTER,
    },
    refused: ['pointer of git-lfs', 'git lfs pull'],
  },
  {
    what: 'shards that an index names',
    files: {
      ...CONFIG,
      'model.safetensors.index.json': index('a.safetensors', 'sub/b.safetensors'),
      'a.safetensors': WEIGHTS,
      'sub/b.safetensors': WEIGHTS,
    },
  },
  {
    what: 'a shard that is missing',
    files: {
      ...CONFIG,
      'model.safetensors.index.json': index('a.safetensors', 'b.safetensors'),
      'a.safetensors': WEIGHTS,
    },
    refused: [
      'names b.safetensors, and there is no such file: 1 of 2 shards missing',
      'Copy what is missing',
    ],
  },
  ...['config.json', 'tokenizer.json', 'tokenizer_config.json', 'tokenizer.model'].map((name) => ({
    what: `a pointer of git-lfs in place of ${name}`,
    files: { ...CONFIG, 'model.safetensors': WEIGHTS, [name]: POINTER },
    refused: [`${name} is a pointer of git-lfs`, 'git lfs pull'],
  })),
  {
    what: 'a pointer of git-lfs in place of one shard',
    files: {
      ...CONFIG,
      'model.safetensors.index.json': index('a.safetensors', 'b.safetensors'),
      'a.safetensors': WEIGHTS,
      'b.safetensors': POINTER,
    },
    refused: ['b.safetensors is a pointer of git-lfs', 'lfs: true'],
  },
  {
    what: 'a pointer of git-lfs in place of a pickle that is allowed',
    files: { ...CONFIG, 'pytorch_model.bin': POINTER },
    options: { allowPickle: true },
    refused: ['pytorch_model.bin is a pointer of git-lfs'],
  },
  {
    what: 'a pointer of git-lfs in place of a GGUF file',
    files: { ...CONFIG, 'q4.gguf': POINTER },
    options: { allowPickle: false, args: { gguf_file: 'q4.gguf' } },
    refused: ['q4.gguf is a pointer of git-lfs'],
  },
  {
    what: 'a pointer of git-lfs that nobody opens',
    files: { ...CONFIG, 'model.safetensors': WEIGHTS, 'optimizer.pt': POINTER, 'plot.png': POINTER },
  },
  {
    what: 'a shard that is missing of numbered ones that vllm opens without an index',
    files: {
      ...CONFIG,
      'model-00001-of-00003.safetensors': WEIGHTS,
      'model-00003-of-00003.safetensors': WEIGHTS,
    },
    options: { allowPickle: false, backend: 'vllm' },
    refused: ['names model-00002-of-00003.safetensors', '1 of 3 shards missing'],
  },
  {
    what: 'shards without an index, which nobody opens',
    files: { ...CONFIG, 'model-00001-of-00002.safetensors': WEIGHTS },
    refused: ['has no weights (model.safetensors or model.safetensors.index.json)', 'would not be opened'],
  },

  // Pickles, whatever lies beside them.
  {
    what: 'pickles only',
    files: { ...CONFIG, 'pytorch_model.bin': PICKLE },
    refused: ['pickle', '--allow-pickle'],
  },
  {
    what: 'pickles that are allowed',
    files: { ...CONFIG, 'pytorch_model.bin': PICKLE },
    options: { allowPickle: true },
  },
  {
    what: 'pickles beside an empty safetensors file of another name',
    files: { ...CONFIG, 'pytorch_model.bin': PICKLE, 'x.safetensors': '' },
    refused: ['pytorch_model.bin has weights in a pickle format', '--allow-pickle'],
  },
  {
    what: 'pickles beside a whole safetensors file of another name',
    files: { ...CONFIG, 'pytorch_model.bin': PICKLE, 'x.safetensors': WEIGHTS },
    refused: ['pickle'],
  },
  {
    what: 'pickles beside safetensors that are opened first',
    files: { ...CONFIG, 'pytorch_model.bin': PICKLE, 'model.safetensors': WEIGHTS },
  },
  {
    what: 'pickles beside empty safetensors that would be opened first',
    files: { ...CONFIG, 'pytorch_model.bin': PICKLE, 'model.safetensors': '' },
    refused: ['not a complete safetensors file'],
  },
  {
    what: 'an index of safetensors that names a pickle',
    files: {
      ...CONFIG,
      'model.safetensors.index.json': index('a.safetensors', 'b.bin'),
      'a.safetensors': WEIGHTS,
      'b.bin': PICKLE,
    },
    refused: ['b.bin has weights in a pickle format'],
  },
  {
    what: 'an index of pickles',
    files: {
      ...CONFIG,
      'pytorch_model.bin.index.json': index('b.bin'),
      'b.bin': PICKLE,
      'x.safetensors': WEIGHTS,
    },
    refused: ['pickle'],
  },
  {
    what: 'safetensors for transformers, and another variant as pickle',
    files: { ...CONFIG, 'model.safetensors': WEIGHTS, 'pytorch_model.fp16.bin': PICKLE },
    options: { args: { variant: 'fp16' } },
    refused: ['pickle'],
  },
  {
    what: 'safetensors beside pickles, which vLLM is told to open',
    files: { ...CONFIG, 'model.safetensors': WEIGHTS, 'pytorch_model.bin': PICKLE },
    options: { backend: 'vllm', args: { load_format: 'pt' } },
    refused: ['pickle'],
  },
  {
    what: 'safetensors of any name for vLLM',
    files: { ...CONFIG, 'model-00001-of-00001.safetensors': WEIGHTS, 'training_args.bin': PICKLE },
    options: { backend: 'vllm' },
  },
  {
    what: 'random weights for vLLM',
    files: { ...CONFIG, 'model.safetensors': WEIGHTS },
    options: { backend: 'vllm', args: { load_format: 'dummy' } },
    refused: ['loads no weights'],
  },
  {
    what: 'pickles beside safetensors for a loader that is not known',
    files: { ...CONFIG, 'model.safetensors': WEIGHTS, 'pytorch_model.bin': PICKLE },
    options: { backend: 'mamba_ssm' },
    refused: ['pickle'],
  },
  {
    what: 'an adapter as pickle in the model folder',
    files: { ...CONFIG, 'model.safetensors': WEIGHTS, ...ADAPTER, 'adapter_model.bin': PICKLE },
    refused: ['adapter_model.bin has weights in a pickle format'],
  },

  // Names that leave the folder.
  ...[
    '../a.safetensors',
    '/etc/a.safetensors',
    '.hidden.safetensors',
    './a.safetensors',
    'a/../../b.safetensors',
    '..',
    '',
    'a//b.safetensors',
    'sub/.hidden/b.safetensors',
    'C:\\b.safetensors',
    '~/b.safetensors',
    5,
    null,
  ].map(
    (name): Case => ({
      what: `an index that names ${JSON.stringify(name)}`,
      files: { ...CONFIG, 'model.safetensors.index.json': index(name) },
      refused: [/model\.safetensors\.index\.json names/],
    }),
  ),
  {
    what: 'an index of pickles that names a file outside',
    files: { ...CONFIG, 'pytorch_model.bin.index.json': index('../b.bin') },
    options: { allowPickle: true },
    refused: ['"../b.bin", which is not a file in its folder'],
  },
  {
    what: 'an index without a map',
    files: { ...CONFIG, 'model.safetensors.index.json': {} },
    refused: ['has no weight_map'],
  },
  {
    what: 'a configuration that names weights outside',
    files: { 'config.json': { transformers_weights: '../x.safetensors' }, 'model.safetensors': WEIGHTS },
    refused: ['config.json names "../x.safetensors"'],
  },
  {
    what: 'a configuration that names its weights',
    files: { 'config.json': { transformers_weights: 'mine.safetensors' }, 'mine.safetensors': WEIGHTS },
  },
  {
    what: 'a tokenizer that names a vocabulary outside',
    files: { ...MODEL, 'tokenizer_config.json': { vocab_file: '/etc/passwd' } },
    refused: ['tokenizer_config.json names "/etc/passwd"'],
  },
  {
    what: 'a tokenizer that lists a file outside',
    files: { ...MODEL, 'tokenizer_config.json': { fast_tokenizer_files: ['../tokenizer.4.0.0.json'] } },
    refused: ['tokenizer_config.json names "../tokenizer.4.0.0.json"'],
  },
  {
    what: 'a tokenizer that says where it was saved from, as many do',
    files: {
      ...MODEL,
      'tokenizer_config.json': {
        name_or_path: '/scratch/x',
        special_tokens_map_file: '/home/user/.cache/y.json',
        tokenizer_file: '/old/t.json',
      },
    },
  },
  ...['../x.Class', '/x.Class', '.x.Class', 'org/other--../x.Class'].map(
    (name): Case => ({
      what: `code by ${name}`,
      files: { ...MODEL, 'config.json': { auto_map: { AutoModelForCausalLM: name } } },
      refused: ['config.json names'],
    }),
  ),
  {
    what: "another repository's code, where none may run",
    files: {
      ...MODEL,
      'config.json': { auto_map: { AutoConfig: 'microsoft/phi-2--configuration_phi.PhiConfig' } },
    },
  },
  {
    what: "another repository's code, where code may run",
    files: {
      ...MODEL,
      'config.json': { auto_map: { AutoConfig: 'microsoft/phi-2--configuration_phi.PhiConfig' } },
    },
    options: { trustRemoteCode: true },
    refused: ['takes code from elsewhere'],
  },
  {
    what: "a processor's code outside",
    files: { ...MODEL, 'preprocessor_config.json': { auto_map: { AutoProcessor: '../p.P' } } },
    refused: ['preprocessor_config.json names'],
  },
  {
    what: 'an adapter beside a model, as transformers puts it on',
    files: { ...CONFIG, 'model.safetensors': WEIGHTS, ...ADAPTER, 'adapter_model.safetensors': WEIGHTS },
  },
  {
    what: 'an adapter alone, whose base lies elsewhere',
    files: { ...ADAPTER, 'adapter_model.safetensors': WEIGHTS },
    refused: ['has no config.json', '--model-args peft=FOLDER'],
  },
  {
    what: 'a subfolder outside',
    files: MODEL,
    options: { args: { subfolder: '../other' } },
    refused: ['subfolder in model-args names "../other"'],
  },
  {
    what: 'a subfolder',
    files: { 'sub/config.json': {}, 'sub/model.safetensors': WEIGHTS },
    options: { args: { subfolder: 'sub' } },
  },
  {
    what: 'a chat template of 64 KiB',
    files: { ...MODEL, 'chat_template.jinja': 'x'.repeat(64 * 1024) },
  },
  ...(
    [
      ['its own file', { 'chat_template.jinja': 'x'.repeat(64 * 1024 + 1) }],
      ['a named file', { 'additional_chat_templates/tool.jinja': 'x'.repeat(64 * 1024 + 1) }],
      ['the tokenizer', { 'tokenizer_config.json': { chat_template: 'x'.repeat(64 * 1024 + 1) } }],
      ['an older file', { 'chat_template.json': { chat_template: 'x'.repeat(64 * 1024 + 1) } }],
    ] as [string, Files][]
  ).map(
    ([where, more]): Case => ({
      what: `a chat template beyond 64 KiB in ${where}`,
      files: { ...MODEL, ...more },
      refused: [/chat template in .* has \d+ bytes; at most 65536 are allowed/],
    }),
  ),
  {
    what: 'a folder of GGUF files',
    files: { 'model-q8.gguf': '' },
    refused: ['has no config.json', '--model-args gguf_file=model-q8.gguf'],
  },
  { what: 'a GGUF file that is named', files: { 'm.gguf': '' }, options: { args: { gguf_file: 'm.gguf' } } },
  {
    what: 'a GGUF file that is not there',
    files: { 'm.gguf': '' },
    options: { args: { gguf_file: 'n.gguf' } },
    refused: ['has no file n.gguf', 'gguf_file=m.gguf'],
  },
  {
    what: 'a GGUF file outside',
    files: { 'm.gguf': '' },
    options: { args: { gguf_file: '../model/m.gguf' } },
    refused: ['gguf_file in model-args names'],
  },
];
for (const { what, files, options, refused } of CASES) {
  test(`${what} can ${refused ? 'not ' : ''}be a model`, async () => {
    const path = modelFolder(files);
    const work = () => inspectModel(path, { ...PLAIN, ...options });
    if (refused) await rejectsWith(work, 'model-unreadable', ...refused);
    else await assert.doesNotReject(work);
  });
}

test("a model may be a link, and its files links, as in the Hub's cache", async () => {
  const blobs = modelFolder({ a: WEIGHTS, b: '{}' });
  const snapshot = modelFolder({});
  symlinkSync(join(blobs, 'a'), join(snapshot, 'model.safetensors'));
  symlinkSync(join(blobs, 'b'), join(snapshot, 'config.json'));
  const link = join(modelFolder({}), 'link');
  symlinkSync(snapshot, link);
  await assert.doesNotReject(() => inspectModel(link, PLAIN));
});

const ADAPTERS: Case[] = [
  { what: 'with its weights', files: { ...ADAPTER, 'adapter_model.safetensors': WEIGHTS } },
  { what: 'as pickle', files: { ...ADAPTER, 'adapter_model.bin': PICKLE }, refused: ['pickle'] },
  { what: 'without weights', files: ADAPTER, refused: ['has no adapter weights'] },
  {
    what: 'without configuration',
    files: { 'adapter_model.safetensors': WEIGHTS },
    refused: ['has no adapter_config.json'],
  },
  {
    what: 'that takes others from outside',
    files: {
      'adapter_config.json': { peft_type: 'XLORA', adapters: { 0: '../other' } },
      'adapter_model.safetensors': WEIGHTS,
    },
    refused: ['adapter_config.json names "../other"'],
  },
  {
    what: 'that names a file outside',
    files: {
      'adapter_config.json': { corda_config: { cache_file: '/tmp/x.pt' } },
      'adapter_model.safetensors': WEIGHTS,
    },
    refused: ['adapter_config.json names "/tmp/x.pt"'],
  },
];
for (const { what, files, refused } of ADAPTERS) {
  test(`an adapter ${what} can ${refused ? 'not ' : ''}be put on`, async () => {
    const path = modelFolder(MODEL);
    const peft = modelFolder(files);
    const work = () => inspectModel(path, { ...PLAIN, args: { peft } });
    if (refused) await rejectsWith(work, 'model-unreadable', ...refused);
    else await assert.doesNotReject(work);
  });
}

const FILES: [string, string][] = [
  ['model.safetensors', 'give the folder'],
  ['model.gguf', '--model-args gguf_file=NAME'],
];
for (const [name, hint] of FILES) {
  test(`a file ${name} is not a model folder`, async () => {
    const path = join(modelFolder({ [name]: '' }), name);
    await rejectsWith(() => inspectModel(path, PLAIN), 'model-unreadable', `${path} is a file`, hint);
  });
}

test('a path through a file is named, not a fault of ours', async () => {
  const path = join(modelFolder({ a: '' }), 'a', 'model');
  await rejectsWith(() => inspectModel(path, PLAIN), 'permission-denied', path);
});

test('of several bad files the one that is first by name is told, whichever was read first', async () => {
  const names = Array.from({ length: 40 }, (_, place) => `${String(place).padStart(2, '0')}.safetensors`);
  // An empty one is seen to be bad sooner than one that is cut short.
  const bad = Object.fromEntries(
    names.map((name, place) => [name, place === 0 ? WEIGHTS.subarray(0, -1) : '']),
  );
  const path = modelFolder({ ...CONFIG, 'model.safetensors.index.json': index(...names), ...bad });
  await rejectsWith(() => inspectModel(path, PLAIN), 'model-unreadable', '00.safetensors');
});

test('what a folder is called makes no difference', async () => {
  const path = join(modelFolder({}), '.cache');
  mkdirSync(path);
  await rejectsWith(() => inspectModel(path, PLAIN), 'model-unreadable', 'has no config.json');
});
