/** The packed command line, by npx and alone in an empty folder, on the oldest Node that it promises and on the newest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execa } from 'execa';

for (const version of ['20.19.0', '24']) {
  test(`on Node ${version}`, async () => {
    const npm = ['exec', '--yes', `--package=node@${version}`, '--', 'node', 'scripts/smoke.js'];
    const { stdout } = await execa('npm', npm);
    assert.match(stdout, new RegExp(`runs on Node v${version.replaceAll('.', '\\.')}`));
  });
}
