/** Names that settings, inputs and flags had before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfigFile } from '../../src/settings/config-file.ts';
import { currentName } from '../../src/settings/renamed.ts';
import { runMain } from '../support/runtime.ts';

const KNOWN = ['fail-on', 'margin', 'suite'];
const RENAMED = { tolerance: 'margin', gone: 'no-more' };
for (const [name, expected] of [
  ['tolerance', 'margin'],
  ['Tolerance', 'margin'],
  ['fail_on', 'fail-on'],
  ['FAIL-ON', 'fail-on'],
  ['fail-on', null],
  ['margins', null],
  ['gone', null],
  ['constructor', null],
] as const)
  test(`${name} is ${expected === null ? 'no former name' : `called ${expected} now`}`, () =>
    assert.equal(currentName(name, KNOWN, RENAMED), expected));

test('in the configuration: an error at its place that names the new one', async () => {
  const source = { path: 'sos-bench.yml', required: true, content: 'suite: pr\nfail_on: [regressed]\n' };
  await assert.rejects(readConfigFile(source), {
    code: 'config-invalid',
    message: "sos-bench.yml:2:1: there is no key 'fail_on': it is called 'fail-on'",
    hint: "write 'fail-on:' there",
  });
});

test('as a flag: an error that names the new one', async () => {
  const { exitCode, stderr } = await runMain([
    'compare',
    '--baseline',
    'a',
    '--candidate',
    'b',
    '--fail_on',
    'regressed',
  ]);
  assert.equal(exitCode, 2);
  assert.match(stderr, /unknown option '--fail_on'[\s\S]*--fail-on/);
});
