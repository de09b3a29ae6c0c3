/** Log-probabilities of one question that mean nothing, through the built command line and the real harness. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import { packageRoot } from '../../src/system/paths.ts';
import { breakModel } from '../support/broken-model.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { startFakeCompletionsServer } from '../support/fake-completions-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly } from '../support/tier.ts';

const folder = temporaryFolder();
const model = join(folder, 'model');

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
    await makeTinyModel(await testPython(), model);
  });

  inNightly(
    'a server that gives null for one question (NaN is not JSON) costs that question, which is counted',
    async () => {
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
    },
  );

  inE2e('weights that give NaN for one question cost that question, which is counted', async () => {
    const scratched = join(folder, 'scratched');
    await breakModel(model, scratched, rareCharacter('xstest/test.jsonl'));
    const output = join(folder, 'of-scratched');
    const run = await runBuiltCli([
      ...['run', '--model', scratched, '--suite', 'mini', '--benchmarks', 'xstest', '--output', output],
    ]);
    assert.equal(run.exitCode, 0, run.stderr);
    const [row] = (await readRecord(output)).record.benchmarks;
    assert.deepEqual([row!.status, row!.planned - row!.n, row!.unscored], ['done', 1, 1]);
    assert.match(row!.reason!, /^1 of \d+ questions could not be scored/);
  });
});
