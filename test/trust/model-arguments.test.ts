/** What model-args may not do: name another model, run its code, and leave secrets behind. The built program and the real harness. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { type FakeServer, startFakeCompletionsServer } from '../support/fake-completions-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly, inParts } from '../support/tier.ts';

const work = temporaryFolder();
const own = join(work, 'own');
const other = join(work, 'other');
const environment = testCache(work);
let server: FakeServer;
let outputs = 0;

before(async () => {
  const python = await testPython();
  await makeTinyModel(python, own, 1);
  await makeTinyModel(python, other, 2);
  server = await startFakeCompletionsServer();
});
after(() => server.close());

async function run(args: readonly string[], suite = ['--suite', 'mini', '--benchmarks', 'gpqa']) {
  const output = join(work, `record-${++outputs}`);
  const result = await runBuiltCli(
    ['run', ...args, ...suite, '--stages', 'lm-eval', '--devices', 'cpu:1', '--output', output],
    { environment },
  );
  return { ...result, output };
}

const REFUSED: [string, () => string, RegExp][] = [
  ['names another model', () => `pretrained=${other}`, /use --model\b/],
  ['names another model beside honest arguments', () => `dtype=float32,pretrained=${other}`, /use --model\b/],
  ['names another model as JSON', () => JSON.stringify({ pretrained: other }), /use --model\b/],
  ['names a revision', () => 'revision=X', /--model hf:ORG\/NAME@REVISION/],
  ['repeats the batch size', () => 'batch_size=2', /use --batch-size/],
];
for (const [what, args, hint] of REFUSED) {
  inParts(`model-args that ${what} are refused before anything is loaded`, async () => {
    const { exitCode, stderr, output } = await run(['--model', own, '--model-args', args()]);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /\[usage\]/);
    assert.match(stderr, hint);
    assert.ok(!existsSync(join(output, 'record.json')));
  });
}

inParts("the configuration file's model-args are refused in the same way, with their line", async () => {
  const config = join(work, 'sos-bench.yml');
  writeFileSync(config, `suite: mini\nmodel-args:\n  pretrained: ${other}\n`);
  const { exitCode, stderr } = await run(['--config', config, '--model', own], ['--benchmarks', 'gpqa']);
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /sos-bench\.yml:2:1: model-args has pretrained/);
});

for (const value of ['True', 'true', '1', '"yes"']) {
  const register = value === 'True' ? inE2e : inNightly;
  register(`trust_remote_code=${value} in model-args runs no code of the model`, async () => {
    const folder = join(work, `code-${outputs}`);
    const trace = join(work, `trace-${outputs}`);
    await makeTinyModel(await testPython(), folder, 3);
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object;
    const map = { AutoConfig: 'mine.Config', AutoModelForCausalLM: 'mine.Model' };
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ ...config, model_type: 'mine', auto_map: map }),
    );
    writeFileSync(
      join(folder, 'mine.py'),
      `open(${JSON.stringify(trace)}, 'w').write('ran')\n` +
        'from transformers import LlamaConfig, LlamaForCausalLM\n' +
        "class Config(LlamaConfig):\n    model_type = 'mine'\n" +
        'class Model(LlamaForCausalLM):\n    config_class = Config\n',
    );
    const { exitCode, stderr } = await run(['--model', folder, '--model-args', `trust_remote_code=${value}`]);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, /use --trust-remote-code/);
    assert.ok(!existsSync(trace), 'code of the model ran');
  });
}

/** All that a run left, as one text. */
function left(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

const served = (args: Record<string, unknown>) => [
  ...['--backend', 'local-completions', '--model', 'served'],
  ...['--model-args', JSON.stringify({ tokenizer: own, num_concurrent: 1, max_length: 4096, ...args })],
];

inE2e(
  'secrets of model-args stand nowhere in what a run leaves and prints, and reach the server',
  async () => {
    const { exitCode, stdout, stderr, output } = await run(
      served({
        base_url: server.url.replace('//', '//reader:pa55word@'),
        header: { Authorization: 'Bearer correct-horse' },
        auth_token: 'battery-staple',
        eos_string: 'hf_AbCdEfGhIjKlMnOpQrStUvWx',
        metadata: '{"api_key": "purple-monkey"}',
        options: [['X-Api-Key', 'dish-washer']],
      }),
      ['--suite', 'mini', '--benchmarks', 'sgxstest'],
    );
    assert.equal(exitCode, 0, stderr);
    // As its client does: name and password of the address come first.
    assert.deepEqual([...server.keys], [`Basic ${btoa('reader:pa55word')}`]);
    const { record } = await readRecord(output);
    assert.deepEqual(record.subject.modelArgs, {
      tokenizer: own,
      num_concurrent: 1,
      max_length: 4096,
      base_url: server.url.replace('//', '//[redacted]@'),
      header: { Authorization: '[redacted]' },
      auth_token: '[redacted]',
      eos_string: '[redacted]',
      metadata: '{"api_key": "[redacted]"}',
      options: [['X-Api-Key', '[redacted]']],
    });
    const all = left(output) + stdout + stderr;
    for (const secret of [
      ...['correct-horse', 'battery-staple', 'pa55word', 'hf_AbCdEf', 'purple-monkey', 'dish-washer'],
    ])
      assert.ok(!all.includes(secret), secret);
  },
);

inNightly('nor where asking fails, and the error tells what was asked', async () => {
  const { exitCode, stdout, stderr, output } = await run(
    served({
      base_url: 'http://reader:pa55word@127.0.0.1:9/v1/completions?api_key=correct-horse',
      max_retries: 1,
    }),
    ['--suite', 'mini', '--benchmarks', 'sgxstest'],
  );
  assert.equal(exitCode, 2, stderr);
  const all = left(output) + stdout + stderr;
  for (const secret of ['correct-horse', 'pa55word']) assert.ok(!all.includes(secret), secret);
});

inParts('arguments that cannot be read are not repeated', async () => {
  const { exitCode, stdout, stderr } = await run([
    '--model',
    own,
    '--model-args',
    '{"password": "pa55word",}',
  ]);
  assert.equal(exitCode, 2, stderr);
  assert.ok(!(stdout + stderr).includes('pa55word'), stderr);
});
