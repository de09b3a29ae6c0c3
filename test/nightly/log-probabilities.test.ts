/** Log-probabilities that all mean nothing, through the built command line and the real harness. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { breakModel } from '../support/broken-model.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { type Echo, startFakeCompletionsServer } from '../support/fake-completions-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import '../e2e/log-probabilities.test.ts';

const folder = temporaryFolder();
const model = join(folder, 'model');

describe('log-probabilities that mean nothing', () => {
  before(async () => {
    await makeTinyModel(await testPython(), model);
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

  test('weights that give NaN for everything: exit code 2 before a question is asked', async () => {
    const broken = join(folder, 'broken');
    await breakModel(model, broken, 'abcdefghijklmnopqrstuvwxyz');
    const output = join(folder, 'of-broken');
    const run = await runBuiltCli([
      ...['run', '--model', broken, '--suite', 'mini', '--benchmarks', 'gpqa', '--output', output],
    ]);
    assert.equal(run.exitCode, 2, run.stderr);
    assert.match(run.stderr, /not finite \[logprobs-meaningless\]\nhint: check the weights/);
  });

  test('doctor probes no model where every answer is generated', async () => {
    const doctor = await runBuiltCli([
      ...['doctor', '--model', model, '--suite', 'mini', '--benchmarks', 'ifeval', '--stages', 'lm-eval'],
    ]);
    assert.equal(doctor.exitCode, 0, doctor.stdout);
    assert.doesNotMatch(doctor.stdout, /log-probabilities/);
  });
});
