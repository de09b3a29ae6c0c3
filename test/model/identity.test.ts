import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { confirmIdentity, type IdentityOptions, identifyModel } from '../../src/model/identity.ts';
import { temporaryFolder } from '../support/folder.ts';
import { addFiles, MODEL, modelFolder, safetensors } from '../support/model-folders.ts';
import { rejectsWith } from '../support/reject.ts';

const cache = temporaryFolder();
const PLAIN: IdentityOptions = { args: {}, allowPickle: false, templateApplied: false };
const hashing = { cache, signal: new AbortController().signal };
const identify = (folder: string, options: Partial<IdentityOptions> = {}) =>
  identifyModel(folder, { ...PLAIN, ...options }, hashing);

type Files = Record<string, string | Buffer | object>;
const ADAPTER = {
  'adapter_config.json': { peft_type: 'LORA', r: 8 },
  'adapter_model.safetensors': safetensors('adapter!'),
};

/** Names of the parts in which two identities differ; the digest among them. */
type Identity = Awaited<ReturnType<typeof identify>>;
async function differing(a: Promise<Identity>, b: Promise<Identity>): Promise<string[]> {
  const [before, after] = await Promise.all([a, b]);
  const parts = (Object.keys(before.parts) as (keyof Identity['parts'])[]).filter(
    (part) => JSON.stringify(before.parts[part]) !== JSON.stringify(after.parts[part]),
  );
  return before.digest === after.digest ? parts : [...parts, 'digest'];
}

test('the same files elsewhere, through links and under other names of folders, are the same model', async () => {
  const a = modelFolder(MODEL);
  const copy = modelFolder({});
  cpSync(a, copy, { recursive: true });
  const link = join(temporaryFolder(), 'link');
  symlinkSync(a, link);
  assert.deepEqual(await differing(identify(a), identify(copy)), []);
  assert.deepEqual(await differing(identify(a), identify(link)), []);
  assert.match((await identify(a)).digest!, /^[0-9a-f]{64}$/);
});

const CHANGES: [string, Files, string[]][] = [
  ['one byte of the weights', { 'model.safetensors': safetensors('xxxxxxxy') }, ['weights', 'digest']],
  ['the configuration', { 'config.json': { model_type: 'llama', rope_theta: 2 } }, ['config', 'digest']],
  ['the generation settings', { 'generation_config.json': { do_sample: true } }, ['generation', 'digest']],
  ['the vocabulary', { 'tokenizer.json': { version: '2.0' } }, ['tokenizer', 'digest']],
  ['a file that gives tokens', { 'added_tokens.json': { x: 1 } }, ['tokenizer', 'digest']],
  ['a sentencepiece model', { 'tokenizer.model': 'x' }, ['tokenizer', 'digest']],
  [
    "the tokenizer's settings",
    { 'tokenizer_config.json': { bos_token: '<bos>', chat_template: '{{ messages }}' } },
    ['tokenizer', 'digest'],
  ],
  [
    'the template, which is not applied',
    { 'tokenizer_config.json': { bos_token: '<s>', chat_template: '{{ other }}' } },
    ['template'],
  ],
  ['a template in a file of its own', { 'chat_template.jinja': '{{ other }}' }, ['template']],
  ['where it says it was saved from', { 'config.json': { model_type: 'llama', _name_or_path: '/x' } }, []],
  [
    'the order of keys',
    { 'tokenizer_config.json': { chat_template: '{{ messages }}', bos_token: '<s>' } },
    [],
  ],
  ['what training leaves beside it', { 'optimizer.pt': 'x', 'trainer_state.json': {}, 'README.md': 'x' }, []],
  ['weights that are not loaded', { 'pytorch_model.bin': 'x', 'other.safetensors': safetensors() }, []],
  ['an adapter in its folder', ADAPTER, ['adapter', 'digest']],
  ['code, where none runs', { 'modeling.py': 'x' }, []],
];
for (const [what, files, expected] of CHANGES) {
  test(`${what}: ${expected.join(', ') || 'the same model'}`, async () => {
    const a = modelFolder(MODEL);
    const b = modelFolder({ ...MODEL, ...files });
    assert.deepEqual(await differing(identify(a), identify(b)), expected);
  });
}

test('the template counts where it is applied', async () => {
  const [a, b] = [modelFolder(MODEL), modelFolder({ ...MODEL, 'chat_template.jinja': 'x' })];
  const applied = { templateApplied: true };
  assert.deepEqual(await differing(identify(a, applied), identify(b, applied)), ['template', 'digest']);
});

const VERSIONED = { 'config.json': { model_type: 'llama', configuration_files: ['config.4.0.0.json'] } };
const INDEXED = { 'model.safetensors.index.json': { weight_map: { w: 'model.safetensors' } } };
const NEVER_THE_SAME: [string, Files, Files, Partial<IdentityOptions>, string[]][] = [
  [
    'a configuration for a version of transformers, which it may choose',
    VERSIONED,
    { 'config.4.0.0.json': { model_type: 'llama', rope_theta: 2 } },
    {},
    ['config', 'digest'],
  ],
  [
    'code in a folder below',
    { 'config.json': { auto_map: { AutoModel: 'code/modeling.Own' } }, 'code/modeling.py': 'one' },
    { 'code/modeling.py': 'two' },
    { trustRemoteCode: true },
    ['config', 'digest'],
  ],
  [
    'a file that code may read',
    { 'modeling.py': 'one', 'table/words.npy': 'one' },
    { 'table/words.npy': 'two' },
    { trustRemoteCode: true },
    ['config', 'digest'],
  ],
  [
    "an engine's own weights beside the index",
    INDEXED,
    { 'consolidated.safetensors': safetensors('zzzzzzzz') },
    { backend: 'vllm' },
    ['weights', 'digest'],
  ],
  [
    "Mistral's tokenizer of a version",
    { 'tokenizer.model.v3': 'one' },
    { 'tokenizer.model.v3': 'two' },
    {},
    ['tokenizer', 'digest'],
  ],
  [
    'a file that the tokenizer names',
    { 'tokenizer_config.json': { words_file: 'words.bin' }, 'words.bin': 'one' },
    { 'words.bin': 'two' },
    {},
    ['tokenizer', 'digest'],
  ],
  [
    'a template beside a GGUF file',
    { 'a.gguf': 'GGUF a' },
    { 'chat_template.jinja': 'other' },
    { args: { gguf_file: 'a.gguf' }, templateApplied: true },
    ['template', 'digest'],
  ],
  [
    'a tokenizer beside a GGUF file',
    { 'a.gguf': 'GGUF a' },
    { 'tokenizer.json': { version: '2.0' } },
    { args: { gguf_file: 'a.gguf' } },
    ['tokenizer', 'digest'],
  ],
];
for (const [what, files, change, options, expected] of NEVER_THE_SAME) {
  test(`${what}: another model`, async () => {
    const a = modelFolder({ ...MODEL, ...files });
    const b = modelFolder({ ...MODEL, ...files, ...change });
    assert.deepEqual(await differing(identify(a, options), identify(b, options)), expected);
    assert.match((await identify(a, options)).digest!, /^[0-9a-f]{64}$/);
  });
}

test('code that may read a folder which is a link: what is there is not known', async () => {
  const root = modelFolder({ ...MODEL, 'modeling.py': 'x' });
  symlinkSync('/usr', join(root, 'elsewhere'));
  const { digest, unknown } = await identify(root, { trustRemoteCode: true });
  assert.deepEqual(
    [digest, unknown],
    [null, ['config: code of the model may read elsewhere, a link to a folder']],
  );
  assert.notEqual((await identify(root)).digest, null);
});

test('code counts where it runs', async () => {
  const [a, b] = ['one', 'two'].map((code) => modelFolder({ ...MODEL, 'modeling.py': code }));
  const trusted = { trustRemoteCode: true };
  assert.deepEqual(await differing(identify(a!, trusted), identify(b!, trusted)), ['config', 'digest']);
});

test('every shard counts, and the index that names them', async () => {
  const shards = (b: string, map = { x: 'a.safetensors', y: 'b.safetensors' }): Files => ({
    'config.json': {},
    'model.safetensors.index.json': { metadata: {}, weight_map: map },
    'a.safetensors': safetensors('aaaaaaaa'),
    'b.safetensors': safetensors(b),
  });
  const a = modelFolder(shards('bbbbbbbb'));
  assert.deepEqual(await differing(identify(a), identify(modelFolder(shards('bbbbbbbc')))), [
    'weights',
    'digest',
  ]);
  const swapped = modelFolder(shards('bbbbbbbb', { x: 'b.safetensors', y: 'a.safetensors' }));
  assert.deepEqual(await differing(identify(a), identify(swapped)), ['weights', 'digest']);
});

test('what a subfolder chooses counts, and not what lies beside it', async () => {
  const root = modelFolder(MODEL);
  addFiles(join(root, 'a'), MODEL);
  addFiles(join(root, 'b'), { ...MODEL, 'model.safetensors': safetensors('other!!!') });
  const sub = (subfolder: string) => identify(root, { args: { subfolder } });
  assert.deepEqual(await differing(identify(root), sub('a')), []);
  assert.deepEqual(await differing(sub('a'), sub('b')), ['weights', 'digest']);
});

test('the GGUF file that is named counts, with the tokenizer that it brings or the one that is named', async () => {
  const root = modelFolder({ 'a.gguf': 'GGUF a', 'b.gguf': 'GGUF b', 'tokenizer.json': {} });
  const tokenizer = modelFolder(MODEL);
  const file = (name: string, more = {}) => identify(root, { args: { gguf_file: name, ...more } });
  assert.deepEqual(await differing(file('a.gguf'), file('b.gguf')), ['weights', 'digest']);
  copyFileSync(join(root, 'a.gguf'), join(root, 'c.gguf'));
  assert.deepEqual(await differing(file('a.gguf'), file('c.gguf')), []);
  assert.deepEqual(await differing(file('a.gguf'), file('a.gguf', { tokenizer })), [
    'tokenizer',
    'template',
    'digest',
  ]);
});

test('an adapter, a delta and another tokenizer count by what is in them', async () => {
  const root = modelFolder(MODEL);
  const [one, copy] = [modelFolder(ADAPTER), modelFolder(ADAPTER)];
  const other = modelFolder({ ...ADAPTER, 'adapter_config.json': { peft_type: 'LORA', r: 16 } });
  const peft = (path: string) => identify(root, { args: { peft: path } });
  assert.deepEqual(await differing(identify(root), peft(one)), ['adapter', 'digest']);
  assert.deepEqual(await differing(peft(one), peft(copy)), []);
  assert.deepEqual(await differing(peft(one), peft(other)), ['adapter', 'digest']);
  const delta = modelFolder(MODEL);
  assert.deepEqual(await differing(identify(root), identify(root, { args: { delta } })), [
    'weights',
    'config',
    'digest',
  ]);
  const otherDelta = modelFolder({ ...MODEL, 'config.json': { model_type: 'llama', rope_theta: 2 } });
  assert.deepEqual(
    await differing(identify(root, { args: { delta } }), identify(root, { args: { delta: otherDelta } })),
    ['config', 'digest'],
  );
  const tokenizer = modelFolder({ ...MODEL, 'tokenizer.json': { version: '9' } });
  assert.deepEqual(await differing(identify(root), identify(root, { args: { tokenizer } })), [
    'tokenizer',
    'digest',
  ]);
});

const ARGUMENTS: [string, Record<string, unknown>, string[]][] = [
  ['dtype', { dtype: 'float16' }, ['dtype', 'digest']],
  ['dtype as by default', { dtype: 'auto' }, []],
  ['quantisation', { load_in_8bit: true }, ['quantisation', 'digest']],
  ['an argument of the model class', { add_bos_token: true }, ['arguments', 'digest']],
  ['an argument that is null', { max_length: null }, ['arguments', 'digest']],
];
for (const [what, args, expected] of ARGUMENTS) {
  test(`${what}: ${expected.join(', ') || 'the same model'}`, async () => {
    const root = modelFolder(MODEL);
    assert.deepEqual(await differing(identify(root), identify(root, { args })), expected);
  });
}

const UNKNOWN: [string, Record<string, unknown>, RegExp][] = [
  ['an adapter on the Hub', { peft: 'org/adapter' }, /^adapter: peft is not a folder/],
  ['a tokenizer on the Hub', { tokenizer: 'org/name' }, /^tokenizer: /],
  ['a delta on the Hub', { delta: 'org/name' }, /^weights: /],
  [
    'a configuration from elsewhere',
    { hf_config_path: '/models/other' },
    /^arguments: what hf_config_path names/,
  ],
  ['settings of generation from elsewhere', { generation_config: '/models/other' }, /^arguments: /],
  ['a template from elsewhere', { chat_template: '/models/template.jinja' }, /^arguments: /],
  [
    'another model that drafts',
    { speculative_config: { model: 'org/small', num_speculative_tokens: 3 } },
    /^arguments: what speculative_config names/,
  ],
  ['a path inside of a value', { hf_overrides: { words: '/models/words' } }, /^arguments: /],
  ['a secret among the arguments', { hf_token: 'secret-of-mine' }, /^arguments: secrets/],
];
for (const [what, args, why] of UNKNOWN) {
  test(`with ${what} a model has no identity, and the record says why`, async () => {
    const identity = await identify(modelFolder(MODEL), { args });
    assert.equal(identity.digest, null);
    assert.match(identity.unknown[0]!, why);
    assert.ok(!JSON.stringify(identity).includes('secret-of-mine'));
  });
}

const UNSEEN: [string, Files, Partial<IdentityOptions>, RegExp][] = [
  [
    'a format of weights that is not known',
    {},
    { backend: 'vllm', args: { load_format: 'tensorizer' } },
    /^weights: which files load_format=tensorizer/,
  ],
  ['a loader that is not known', {}, { backend: 'openvino' }, /^weights: which files openvino loads/],
  [
    'an adapter that names more files',
    { ...ADAPTER, 'adapter_config.json': { peft_type: 'XLORA', adapters: { 0: 'more/adapter' } } },
    {},
    /^adapter: adapter_config\.json names more files \(more\/adapter\)/,
  ],
];
for (const [what, files, options, why] of UNSEEN) {
  test(`with ${what} a model has no identity, and the record says why`, async () => {
    const identity = await identify(modelFolder({ ...MODEL, ...files }), options);
    assert.equal(identity.digest, null);
    assert.match(identity.unknown.join(), why);
  });
}

const LARGE = 5 * 2 ** 20;

/** A model whose weights are large enough to be remembered, and old enough. */
async function largeModel(): Promise<{ folder: string; weights: string }> {
  const folder = modelFolder({ ...MODEL, 'model.safetensors': safetensors('w'.repeat(LARGE)) });
  const weights = join(folder, 'model.safetensors');
  return { folder, weights };
}

async function flip(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.from('!'), 0, 1, position);
  await file.close();
}

test('any byte of a large file counts, also with its size and time put back', async () => {
  const { folder, weights } = await largeModel();
  const time = new Date('2026-01-01T00:00:00Z');
  await utimes(weights, time, time);
  const before = identify(folder);
  await before;
  for (const position of [1_234_567, LARGE - 1]) {
    await flip(weights, position);
    await utimes(weights, time, time);
    assert.deepEqual(await differing(before, identify(folder)), ['weights', 'digest']);
  }
});

test('another file under the same name, of equal size and time, is read', async () => {
  const { folder, weights } = await largeModel();
  const other = `${weights}.new`;
  writeFileSync(other, safetensors('v'.repeat(LARGE)));
  const time = new Date('2026-01-01T00:00:00Z');
  for (const path of [weights, other]) await utimes(path, time, time);
  const before = identify(folder);
  await before;
  renameSync(other, weights);
  assert.deepEqual(await differing(before, identify(folder)), ['weights', 'digest']);
});

test('a large file that lay still is read once; what the cache says of it is taken for it alone', async () => {
  const own = temporaryFolder();
  const { folder, weights } = await largeModel();
  const told: number[] = [];
  const options = { ...hashing, cache: own, onLarge: (bytes: number) => void told.push(bytes) };
  const [soon, before] = [Date.now() / 1000 + 3600, Date.now() / 1000 - 3600];
  await utimes(weights, soon, soon);
  const first = await identifyModel(folder, PLAIN, options);
  // Just written: it may change within the same tick, and is not remembered.
  assert.ok(!existsSync(join(own, 'file-digests')));
  await utimes(weights, before, before);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const second = await identifyModel(folder, PLAIN, options);
  const third = await identifyModel(folder, PLAIN, options);
  assert.deepEqual(
    [first, second, third].map(({ digest }) => digest),
    Array(3).fill(first.digest),
  );
  assert.equal(told.length, 2);
  const [entry] = readdirSync(join(own, 'file-digests'));
  writeFileSync(join(own, 'file-digests', entry!), `1-2-3-4-5 ${'0'.repeat(64)}\n`);
  assert.deepEqual(await identifyModel(folder, PLAIN, options), first);
  rmSync(join(own, 'file-digests'), { recursive: true });
  writeFileSync(join(own, 'file-digests'), 'not a folder');
  assert.deepEqual(await identifyModel(folder, PLAIN, options), first);
});

const MEANWHILE: [string, (folder: string) => unknown][] = [
  ['the weights', (folder) => flip(join(folder, 'model.safetensors'), LARGE)],
  ['a small file', (folder) => addFiles(folder, { 'tokenizer.json': { version: '3' } })],
  ['an adapter that was not there', (folder) => addFiles(folder, ADAPTER)],
  ['a file that is gone', (folder) => rmSync(join(folder, 'model.safetensors'))],
];
for (const [what, change] of MEANWHILE) {
  test(`taken again after loading, it tells of ${what}`, async () => {
    const { folder } = await largeModel();
    const options = { ...hashing, known: new Map<string, string>() };
    const before = await identifyModel(folder, PLAIN, options);
    await assert.doesNotReject(() => confirmIdentity(before, folder, PLAIN, options));
    await change(folder);
    await rejectsWith(
      () => confirmIdentity(before, folder, PLAIN, options),
      'model-changed',
      /changed while/,
    );
  });
}
