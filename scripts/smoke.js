/**
 * The built command line on the Node that runs this file: machines with GPUs are old, and the CLI has to run on theirs. Plain
 * JavaScript, since old ones do not run TypeScript.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const record = 'test/fixtures/stored-files/record';
const cases = [
  [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  [['list'], 0, /24 benchmarks/],
  [['show', record], 0, /XSTest/],
  [['compare', '--candidate', record, '--baseline', record], 0, /policy passed/],
  [['history', 'list', '--store', 'folder:test/fixtures/stored-files/store'], 0, /8aaa3d25cd19/],
  [['show', 'no-such-record'], 2, /^$/],
];
for (const [args, status, stdout] of cases) {
  const result = spawnSync(process.execPath, ['dist/cli.js', ...args], { cwd: root, encoding: 'utf8' });
  assert.equal(result.status, status, `${args.join(' ')}: ${result.stderr}`);
  assert.match(result.stdout, stdout, args.join(' '));
  assert.doesNotMatch(result.stderr, /Warning|internal/, args.join(' '));
}
process.stdout.write(`the command line runs on Node ${process.version}\n`);
