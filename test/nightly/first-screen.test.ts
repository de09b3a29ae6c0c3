/** Every command of the README and of getting-started, as they stand there, from an empty folder: the real program, harness and a tiny model. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { commandsOf } from '../support/pages.ts';
import { ONE_THREAD } from '../support/process.ts';
import { testPython } from '../support/python.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** CI runs the tests, demo.test.ts the demonstration, and test/docs/first-screen.test.ts what writes workflows. */
const ELSEWHERE = /^npm |dist\/cli\.js demo\b|^sos-bench init\b/;

const folder = temporaryFolder();
symlinkSync(join(ROOT, 'dist'), join(folder, 'dist'));
mkdirSync(join(folder, 'models'));
const python = await testPython();
await makeTinyModel(python, join(folder, 'models', 'main'));
await makeTinyModel(python, join(folder, 'models', 'candidate'), 2);

for (const page of ['README.md', 'docs/getting-started.md']) {
  test(`the commands of ${page} do what they say`, { timeout: 900_000 }, async () => {
    const commands = commandsOf(readFileSync(join(ROOT, page), 'utf8')).filter(
      (line) => !ELSEWHERE.test(line),
    );
    for (const line of commands) {
      // Where a page names a shared disk, or takes the questions of the Hub.
      const here = line.replaceAll('/shared/', `${folder}/`);
      const { exitCode, all } = await execa('sh', ['-c', here], {
        cwd: folder,
        env: ONE_THREAD,
        reject: false,
        stdin: 'ignore',
        all: true,
      });
      // 1: done, and the tiny model is worse.
      assert.ok(exitCode === 0 || (exitCode === 1 && / compare /.test(line)), `${line}: ${exitCode}\n${all}`);
    }
    assert.ok(page !== 'README.md' || commands.length >= 4);
  });
}
