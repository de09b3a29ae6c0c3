import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { findLiveBench } from '../../src/harness/livebench/checkout/checkout.ts';
import { temporaryFolder } from '../support/folder.ts';

// What earlier jobs left in the cache, against a repository of the test's and the real git. Questions of the Hub are in
// test/e2e/kept-questions.test.ts and test/nightly.

const folder = temporaryFolder();

describe("LiveBench's code in the cache", async () => {
  const upstream = join(folder, 'upstream');
  mkdirSync(join(upstream, 'livebench'), { recursive: true });
  writeFileSync(join(upstream, 'livebench', 'gen_ground_truth_judgment.py'), 'score = "wrong"\n');
  writeFileSync(join(upstream, 'livebench', 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  symlinkSync('run.sh', join(upstream, 'livebench', 'link'));
  const git = (...args: string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: upstream });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'one');
  const commit = (await git('rev-parse', 'HEAD')).stdout;
  let caches = 0;

  async function find(own: string, notes: string[] = [], repository = upstream) {
    const found = await findLiveBench({
      dir: null,
      ref: commit,
      cwd: folder,
      cache: own,
      environment: process.env,
      note: (text) => notes.push(text),
      repository,
    });
    assert.ok(found.kind === 'checkout', JSON.stringify(found));
    return found.folder;
  }

  const CHANGES: [string, (code: string) => void, string][] = [
    [
      'a changed grader',
      (code) => writeFileSync(join(code, 'gen_ground_truth_judgment.py'), 'score = "right"\n'),
      'livebench/gen_ground_truth_judgment.py was changed',
    ],
    ['a module more', (code) => writeFileSync(join(code, 'json.py'), ''), 'livebench/json.py was added'],
    [
      'a compiled file more',
      (code) => {
        mkdirSync(join(code, '__pycache__'));
        writeFileSync(join(code, '__pycache__', 'common.cpython-311.pyc'), '');
      },
      'livebench/__pycache__/common.cpython-311.pyc was added',
    ],
    [
      'a program that may not be run any more',
      (code) => chmodSync(join(code, 'run.sh'), 0o644),
      'livebench/run.sh was changed',
    ],
    [
      'a link that leads elsewhere',
      (code) => {
        assert.equal(readlinkSync(join(code, 'link')), 'run.sh');
        rmSync(join(code, 'link'));
        symlinkSync('/etc/hostname', join(code, 'link'));
      },
      'livebench/link was changed',
    ],
    ['a file less', (code) => rmSync(join(code, 'run.sh')), 'livebench/run.sh is missing'],
    [
      'what is written down of it, changed',
      (code) => appendFileSync(join(code, '..', 'complete.json'), 'x'),
      'complete.json was changed',
    ],
  ];

  for (const [title, change, said] of CHANGES)
    test(`${title}: fetched again, and said`, async () => {
      const own = join(folder, `livebench-${caches++}`);
      const path = await find(own);
      // Nobody is asked while it is as it was.
      assert.equal(await find(own, [], '/nowhere'), path);
      change(join(path, 'livebench'));
      const notes: string[] = [];
      const again = await find(own, notes);
      assert.match(notes[0]!, new RegExp(`LiveBench's code in .* is not as it was made: ${said}`));
      const grader = join(again, 'livebench', 'gen_ground_truth_judgment.py');
      assert.equal(readFileSync(grader, 'utf8'), 'score = "wrong"\n');
      assert.ok(!existsSync(join(again, '.git')));
    });
});
