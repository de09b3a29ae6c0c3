/** What `prefetch` says where there is nothing to fetch. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runBuiltCli } from '../support/built-cli.ts';
import { testPython } from '../support/python.ts';

test('suite mini has its questions here: prefetch says that nothing is to be fetched', async () => {
  const run = await runBuiltCli(['prefetch', '--suite', 'mini', '--python', await testPython()]);
  assert.equal(run.exitCode, 0, run.stderr);
  assert.match(run.stderr, /^nothing to fetch: the questions of these benchmarks come with this program$/m);
});
