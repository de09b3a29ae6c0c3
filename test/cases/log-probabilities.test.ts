/** Log-probabilities that mean nothing, through the built command line and the real harness. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import { packageRoot } from '../../src/system/paths.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { type Echo, startFakeCompletionsServer } from '../support/fake-completions-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const model = join(folder, 'model');

/** The tiny model with its embedding of these characters broken, as a training that diverged may leave it. */
async function breakModel(target: string, characters: string): Promise<void> {
  const script = `
import sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
source, target, characters = sys.argv[1:]
model, tokenizer = AutoModelForCausalLM.from_pretrained(source), AutoTokenizer.from_pretrained(source)
model.config.tie_word_embeddings = False
model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
with torch.no_grad():
    for token in tokenizer(characters, add_special_tokens=False)["input_ids"]:
        model.model.embed_tokens.weight[token] = float("nan")
model.save_pretrained(target), tokenizer.save_pretrained(target)
`;
  await execa(await testPython(), ['-c', script, model, target, characters]);
}

/** A character that one question of the mini suite's benchmark has, and no other. */
function rareCharacter(row: string): string {
  const lines = readFileSync(join(packageRoot(), 'tasks', 'mini', row), 'utf8')
    .trim()
    .split('\n');
  const prompts = lines.map((line) => String(JSON.parse(line).prompt));
  const rare = [...prompts.join('')].find(
    (one) => /[A-Z0-9]/.test(one) && prompts.filter((prompt) => prompt.includes(one)).length === 1,
  );
  assert.ok(rare);
  return rare;
}

describe('log-probabilities that mean nothing', () => {
  before(async () => {
    await execa(await testPython(), [join(packageRoot(), 'test/support/tiny_model.py'), model]);
  });

  /** Settings of both commands for a server with these log-probabilities. */
  async function serve(echo: Echo) {
    const server = await startFakeCompletionsServer(echo);
    const args = `base_url=${server.url},tokenizer=${model},max_length=4096`;
    const settings = [
      ['--model', 'served', '--backend', 'local-completions', '--model-args', args],
      ['--suite', 'mini', '--benchmarks', 'gpqa,ifeval', '--stages', 'lm-eval'],
    ].flat();
    return { settings, close: () => server.close() };
  }

  test('a server that gives those of generated tokens alone: exit code 2, and what to check', async () => {
    const { settings, close } = await serve(() => [-1]);
    const run = await runBuiltCli(['run', ...settings, '--output', join(folder, 'generated')]);
    assert.equal(run.exitCode, 2, run.stderr);
    assert.match(run.stderr, /log-probabilities are all 0 \[logprobs-meaningless\]\nhint: .*server .*echo/);
    const doctor = await runBuiltCli(['doctor', ...settings]);
    close();
    assert.equal(doctor.exitCode, 2);
    assert.match(doctor.stdout, /^fail +log-probabilities .* all 0\n +hint: .*server .*echo/m);
  });

  test('a server that gives null: exit code 2, and what to check', async () => {
    const { settings, close } = await serve((tokens) => [...tokens.map(() => null), -1]);
    const run = await runBuiltCli(['run', ...settings, '--output', join(folder, 'null')]);
    close();
    assert.equal(run.exitCode, 2, run.stderr);
    assert.match(
      run.stderr,
      /log-probabilities are not finite \[logprobs-meaningless\]\nhint: .*server .*echo/,
    );
  });

  test('a server that gives null for one question (NaN is not JSON) costs that question, which is counted', async () => {
    const rare = rareCharacter('xstest/test.jsonl');
    const tokenizer = JSON.parse(readFileSync(join(model, 'tokenizer.json'), 'utf8'));
    const token: number = tokenizer.model.vocab[rare];
    const server = await startFakeCompletionsServer((tokens) => [
      null,
      ...tokens.slice(1).map((one) => (tokens.includes(token) ? null : one / 1000 - 10)),
      -1,
    ]);
    const output = join(folder, 'one-null');
    const run = await runBuiltCli([
      ...['run', '--model', 'served', '--backend', 'local-completions', '--model-args'],
      `base_url=${server.url},tokenizer=${model},max_length=4096`,
      ...['--suite', 'mini', '--benchmarks', 'xstest', '--stages', 'lm-eval', '--output', output],
    ]);
    server.close();
    assert.equal(run.exitCode, 0, run.stderr);
    const [row] = (await readRecord(output)).record.benchmarks;
    assert.deepEqual([row!.status, row!.planned - row!.n, row!.unscored], ['done', 1, 1]);
  });

  test('weights that give NaN for everything: exit code 2 before a question is asked', async () => {
    const broken = join(folder, 'broken');
    await breakModel(broken, 'abcdefghijklmnopqrstuvwxyz');
    const output = join(folder, 'of-broken');
    const run = await runBuiltCli([
      ...['run', '--model', broken, '--suite', 'mini', '--benchmarks', 'gpqa', '--output', output],
    ]);
    assert.equal(run.exitCode, 2, run.stderr);
    assert.match(run.stderr, /not finite \[logprobs-meaningless\]\nhint: check the weights/);
  });

  test('weights that give NaN for one question cost that question, which is counted', async () => {
    const scratched = join(folder, 'scratched');
    await breakModel(scratched, rareCharacter('xstest/test.jsonl'));
    const output = join(folder, 'of-scratched');
    const run = await runBuiltCli([
      ...['run', '--model', scratched, '--suite', 'mini', '--benchmarks', 'xstest', '--output', output],
    ]);
    assert.equal(run.exitCode, 0, run.stderr);
    const [row] = (await readRecord(output)).record.benchmarks;
    assert.deepEqual([row!.status, row!.planned - row!.n, row!.unscored], ['done', 1, 1]);
    assert.match(row!.reason!, /^1 of \d+ items could not be scored/);
  });

  test('doctor probes no model where every answer is generated', async () => {
    const doctor = await runBuiltCli([
      ...['doctor', '--model', model, '--suite', 'mini', '--benchmarks', 'ifeval', '--stages', 'lm-eval'],
    ]);
    assert.equal(doctor.exitCode, 0, doctor.stdout);
    assert.doesNotMatch(doctor.stdout, /log-probabilities/);
  });
});
