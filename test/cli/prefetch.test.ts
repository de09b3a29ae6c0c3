/** What `prefetch` says where there is nothing to fetch, and where only environments are to be built; test/nightly/dockerfile.test.ts builds one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runBuiltCli } from '../support/built-cli.ts';
import { testPython } from '../support/python.ts';
import { runMain } from '../support/runtime.ts';

test('suite mini has its questions here: prefetch says that nothing is to be fetched', async () => {
  const run = await runBuiltCli(['prefetch', '--suite', 'mini', '--python', await testPython()]);
  assert.equal(run.exitCode, 0, run.stderr);
  assert.match(run.stderr, /^nothing to fetch: the questions of these benchmarks come with this program$/m);
});

const REFUSED: [title: string, argv: string[], said: RegExp][] = [
  [
    'a name that there is none of',
    ['vllm-gpu'],
    /no environment 'vllm-gpu' \[usage\]\nhint: did you mean vllm-cpu\?/,
  ],
  [
    'no name',
    [','],
    /--environments takes names .*\[usage\]\nhint: give one or more of harness, vllm, vllm-cpu, livebench/,
  ],
  [
    'a model beside it, which would not be fetched',
    ['harness', '--model', 'hf:a/b'],
    /nothing is fetched beside them/,
  ],
  ['a data folder beside it', ['harness', '--datasets-dir', 'data'], /nothing is fetched beside them/],
];
for (const [title, argv, said] of REFUSED) {
  test(`--environments refuses ${title}, before it builds anything`, async () => {
    const { exitCode, stderr } = await runMain(['prefetch', '--environments', ...argv]);
    assert.equal(exitCode, 2);
    assert.match(stderr, said);
  });
}
