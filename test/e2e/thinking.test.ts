/** A model that reasons before it answers, through the built command line and the real harness; a fake server answers. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { runBuiltCli } from '../support/built-cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { startFakeCompletionsServer } from '../support/fake-completions-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';

const folder = temporaryFolder();
const model = join(folder, 'model');
const THINKING = ['--enable-thinking', 'true', '--think-end-token', '</think>'];

/** Evaluates a server that reasons, and in this share of its answers never comes to an end. */
async function evaluate(name: string, isUnended: (prompt: readonly number[]) => boolean) {
  const server = await startFakeCompletionsServer(undefined, (prompt) =>
    isUnended(prompt)
      ? { text: 'Let me think. The user wants', finish: 'length' }
      : { text: 'Let me think.\n\n# Done.</think>\n\nhello', finish: 'stop' },
  );
  const output = join(folder, name);
  const run = await runBuiltCli([
    ...['run', '--model', 'served', '--model-name', name, '--backend', 'local-completions'],
    ...['--model-args', `base_url=${server.url},tokenizer=${model},max_length=4096`, ...THINKING],
    ...['--suite', 'mini', '--benchmarks', 'ifeval,xstest', '--stages', 'lm-eval', '--output', output],
  ]);
  server.close();
  assert.equal(run.exitCode, 0, run.stderr);
  return { output, run, loaded: await readRecord(output) };
}

describe('a model that reasons before it answers', () => {
  let ends: Awaited<ReturnType<typeof evaluate>>;
  let rambles: Awaited<ReturnType<typeof evaluate>>;
  const row = ({ record }: LoadedRecord, id: string) => record.benchmarks.find((one) => one.id === id)!;

  before(async () => {
    await makeTinyModel(await testPython(), model);
    ends = await evaluate('ends', () => false);
    rambles = await evaluate('rambles', (prompt) => prompt.length % 2 === 0);
  });

  test('record: how many answers were cut, and how many have reasoning without an end', () => {
    const [a, b] = [row(ends.loaded, 'ifeval'), row(rambles.loaded, 'ifeval')];
    assert.deepEqual([a.cutAnswers, a.unendedReasoning], [0, 0]);
    assert.ok(b.cutAnswers! > 1 && b.cutAnswers! < b.n, String(b.cutAnswers));
    assert.equal(b.unendedReasoning, b.cutAnswers);
  });

  test('what is scored is the answer alone: all that ended are one and the same', () => {
    const answers = ({ items }: LoadedRecord) => new Set(items.map(({ prediction }) => prediction));
    assert.equal(answers(ends.loaded).size, 1);
    assert.equal(answers(rambles.loaded).size, 2, 'and those without an end are empty');
  });

  test('style is that of the answer alone, and is not reported where there is none', () => {
    const hello = { chars: 'hello'.length, headers: 0, listItems: 0, bold: 0 };
    const stylesOf = ({ items }: LoadedRecord) => items.map(({ style }) => style);
    assert.deepEqual(
      stylesOf(ends.loaded),
      ends.loaded.items.map(() => hello),
    );
    const styles = stylesOf(rambles.loaded);
    const reported = styles.filter((style) => style !== undefined);
    assert.equal(styles.length - reported.length, row(rambles.loaded, 'ifeval').unendedReasoning);
    assert.deepEqual(
      reported,
      reported.map(() => hello),
    );
  });

  test('both settings are in the protocol', () => {
    const { enableThinking, thinkEndToken } = ends.loaded.record.protocol;
    assert.deepEqual([enableThinking, thinkEndToken], [true, '</think>']);
  });

  test('a benchmark whose options are scored is skipped, and says why', () => {
    const { status, tasks } = row(ends.loaded, 'xstest');
    assert.equal(status, 'skipped');
    assert.match(tasks[0]!.reason!, /log-probabilities.*enable-thinking/);
  });

  test('run shows the count; compare warns that the sides differ in it', async () => {
    assert.match(rambles.run.stderr, /IFEval: \d+ of \d+ .* cut at the token limit, .* reasoning without/);
    const { stdout } = await runBuiltCli([
      ...['compare', '--baseline', ends.output, '--candidate', rambles.output],
    ]);
    assert.match(stdout, /IFEval: \d+ of \d+ .* of the candidate's answers were cut at the token limit/);
  });
});
