/** What a model's folder may not do: bring files from outside, pickles past the setting, and templates without end. The built program. */
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly, inParts } from '../support/tier.ts';

const work = temporaryFolder();
const environment = testCache(work);
const [tiny, other] = [join(work, 'tiny'), join(work, 'other')];
let python: string;

before(async () => {
  python = await testPython();
  await makeTinyModel(python, tiny, 1);
  await makeTinyModel(python, other, 2);
});

async function run(model: string, args: readonly string[] = []) {
  const output = `${model}-record`;
  const selection = ['--suite', 'mini', '--benchmarks', 'gpqa', '--stages', 'lm-eval', '--devices', 'cpu:1'];
  const result = await runBuiltCli(['run', '--model', model, ...args, ...selection, '--output', output], {
    environment,
  });
  return { ...result, output };
}

const editJson = (path: string, edit: (document: Record<string, unknown>) => void) => {
  const document = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>)
    : {};
  edit(document);
  writeFileSync(path, JSON.stringify(document));
};

/** Weights by an index, all in one file of this name. */
function nameWeights(model: string, file: string): void {
  const weights = readFileSync(join(other, 'model.safetensors'));
  const header = JSON.parse(weights.subarray(8, 8 + Number(weights.readBigUInt64LE())).toString()) as Record<
    string,
    unknown
  >;
  const names = Object.keys(header).filter((name) => name !== '__metadata__');
  rmSync(join(model, 'model.safetensors'));
  editJson(join(model, 'model.safetensors.index.json'), (index) =>
    Object.assign(index, { metadata: {}, weight_map: Object.fromEntries(names.map((name) => [name, file])) }),
  );
}

const replaceByPipe = async (path: string) => {
  rmSync(path);
  await execa('/bin/sh', ['-c', 'mkfifo "$0"', path]);
};

const link = (target: string, path: string) => {
  rmSync(path, { force: true });
  symlinkSync(target, path);
};

/** The weights as PyTorch saves them, which takes a pickle. */
async function toPickle(model: string): Promise<void> {
  const [from, to] = ['model.safetensors', 'pytorch_model.bin'].map((name) => join(model, name));
  const program =
    'import sys, torch, safetensors.torch as s; torch.save(s.load_file(sys.argv[1]), sys.argv[2])';
  await execa(python, ['-I', '-c', program, from!, to!]);
  rmSync(from!);
}

const REFUSED: [string, (model: string) => unknown, RegExp][] = [
  [
    'an index that names the weights of another folder',
    (model) => nameWeights(model, '../other/model.safetensors'),
    /model\.safetensors\.index\.json names .* not a file in its folder/,
  ],
  [
    'an index that names weights by an absolute path',
    (model) => nameWeights(model, join(other, 'model.safetensors')),
    /model\.safetensors\.index\.json names .* not a file in its folder/,
  ],
  [
    'an index that names a hidden file',
    (model) => {
      cpSync(join(other, 'model.safetensors'), join(model, '.model.safetensors'));
      nameWeights(model, '.model.safetensors');
    },
    /model\.safetensors\.index\.json names .* not a file in its folder/,
  ],
  [
    'pickles beside an empty safetensors file',
    async (model) => {
      await toPickle(model);
      writeFileSync(join(model, 'x.safetensors'), '');
    },
    /pytorch_model\.bin has weights in a pickle format/,
  ],
  [
    'pickles beside whole safetensors that are not loaded',
    async (model) => {
      await toPickle(model);
      cpSync(join(other, 'model.safetensors'), join(model, 'x.safetensors'));
    },
    /pytorch_model\.bin has weights in a pickle format/,
  ],
  [
    'an index of safetensors that names a pickle',
    async (model) => {
      cpSync(join(model, 'model.safetensors'), join(model, 'kept'));
      await toPickle(model);
      renameSync(join(model, 'pytorch_model.bin'), join(model, 'weights.bin'));
      renameSync(join(model, 'kept'), join(model, 'model.safetensors'));
      nameWeights(model, 'weights.bin');
    },
    /weights\.bin has weights in a pickle format/,
  ],
  [
    'a chat template beyond 64 KiB',
    (model) => writeFileSync(join(model, 'chat_template.jinja'), 'x'.repeat(65_537)),
    /chat template in .* has 65537 bytes/,
  ],
  [
    'a chat template beyond 64 KiB inside of its tokenizer',
    (model) =>
      editJson(join(model, 'tokenizer_config.json'), (config) =>
        Object.assign(config, { chat_template: 'x'.repeat(65_537) }),
      ),
    /chat template in .* has 65539 bytes/,
  ],
  [
    'a configuration that is a pipe, which nobody may ever write to',
    (model) => replaceByPipe(join(model, 'config.json')),
    /config\.json is or leads to a pipe/,
  ],
  [
    'weights that are a pipe',
    (model) => replaceByPipe(join(model, 'model.safetensors')),
    /model\.safetensors is or leads to a pipe/,
  ],
  [
    'a tokenizer that is a link to a device without end',
    (model) => link('/dev/zero', join(model, 'tokenizer.json')),
    /tokenizer\.json is or leads to a pipe, a device/,
  ],
  [
    'a chat template that is a link to a file of the kernel',
    (model) => link('/proc/self/environ', join(model, 'chat_template.jinja')),
    /chat_template\.jinja is or leads to a pipe, a device/,
  ],
];
for (const [index, [what, change, message]] of REFUSED.entries()) {
  const register = index % 3 === 0 ? inParts : inNightly;
  register(`${what} is refused before anything is loaded`, async () => {
    const model = join(work, `model-${index}`);
    cpSync(tiny, model, { recursive: true });
    await change(model);
    const { exitCode, stderr, output } = await run(model);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, message);
    assert.match(stderr, /\[model-unreadable\]/);
    assert.ok(!existsSync(join(output, 'record.json')));
  });
}

inParts('a template beyond 64 KiB in another folder, named as tokenizer, is refused', async () => {
  const model = join(work, 'with-tokenizer');
  cpSync(tiny, model, { recursive: true });
  const tokenizer = join(work, 'tokenizer');
  cpSync(tiny, tokenizer, { recursive: true });
  writeFileSync(join(tokenizer, 'chat_template.jinja'), 'x'.repeat(65_537));
  const { exitCode, stderr } = await run(model, ['--model-args', `tokenizer=${tokenizer}`]);
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /chat template in .* has 65537 bytes/);
});

inNightly('a folder of links to files elsewhere is a model, as the cache of the Hub has it', async () => {
  const model = join(work, 'links');
  cpSync(tiny, `${model}-blobs`, { recursive: true });
  cpSync(tiny, model, { recursive: true });
  for (const name of ['config.json', 'model.safetensors', 'tokenizer.json']) {
    rmSync(join(model, name));
    symlinkSync(join(`${model}-blobs`, name), join(model, name));
  }
  writeFileSync(join(model, 'chat_template.jinja'), '{% for m in messages %}{{ m.content }}{% endfor %}');
  const { exitCode, stderr, output } = await run(model);
  assert.equal(exitCode, 0, stderr);
  const { record } = await readRecord(output);
  assert.equal(record.subject.chatTemplate, '{% for m in messages %}{{ m.content }}{% endfor %}');
  assert.match(record.model.identity!.digest!, /^[0-9a-f]{64}$/);
});

const SECRET = 'machine example.org login me password correct-horse\n';
const LINKED: [what: string, make: (model: string, secret: string) => void][] = [
  ['a link', (model, secret) => link(secret, join(model, 'chat_template.jinja'))],
  [
    'a link to a link of the folder',
    (model, secret) => {
      link(secret, join(model, 'notes.txt'));
      link('notes.txt', join(model, 'chat_template.jinja'));
    },
  ],
  [
    'a folder of templates that is a link',
    (model, secret) => link(join(secret, '..'), join(model, 'additional_chat_templates')),
  ],
  [
    'what looks like the cache of the Hub, whose blob is a link again',
    (model, secret) => {
      const blob = 'a'.repeat(40);
      link(secret, join(model, '..', '..', 'blobs', blob));
      link(`../../blobs/${blob}`, join(model, 'chat_template.jinja'));
    },
  ],
];
for (const [index, [what, make]] of LINKED.entries()) {
  const register = index === 0 ? inE2e : inNightly;
  register(
    `a file of the machine that ${what} takes for a chat template stands in nothing that a run leaves`,
    async () => {
      const folder = join(work, `linked-${index}`);
      const secrets = join(work, `secrets-${index}`);
      for (const path of [join(folder, 'blobs'), secrets]) mkdirSync(path, { recursive: true });
      const secret = join(secrets, 'default.jinja');
      writeFileSync(secret, SECRET);
      const model = join(folder, 'snapshots', 'rev');
      cpSync(tiny, model, { recursive: true });
      make(model, secret);
      const { exitCode, stdout, stderr, output } = await run(model);
      assert.equal(exitCode, 0, stderr);
      const { record } = await readRecord(output);
      assert.match(record.subject.chatTemplateSha256!, /^[0-9a-f]{64}$/);
      const left = readdirSync(output, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
      assert.ok(!(left.join('') + stdout + stderr).includes('correct-horse'));
    },
  );
}

inNightly(
  'the text of a template in the cache of the Hub is told: its links lead to its own files',
  async () => {
    const folder = join(work, 'models--org--name');
    const model = join(folder, 'snapshots', 'rev');
    cpSync(tiny, model, { recursive: true });
    mkdirSync(join(folder, 'blobs'));
    const blob = 'a'.repeat(40);
    writeFileSync(join(folder, 'blobs', blob), '{{ messages[0].content }}');
    symlinkSync(`../../blobs/${blob}`, join(model, 'chat_template.jinja'));
    const { exitCode, stderr, output } = await run(model);
    assert.equal(exitCode, 0, stderr);
    assert.equal((await readRecord(output)).record.subject.chatTemplate, '{{ messages[0].content }}');
  },
);
