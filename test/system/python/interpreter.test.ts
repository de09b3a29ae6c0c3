import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { beginFindPython, findPython } from '../../../src/system/python/interpreter.ts';

const root = mkdtempSync(join(tmpdir(), 'sos-bench-test-interpreter-'));
after(() => rmSync(root, { recursive: true, force: true }));

const MINORS = { oldest: 10, newest: 13 };
let folders = 0;
let folder = '';
beforeEach(() => {
  folder = join(root, `bin-${folders++}`);
  mkdirSync(folder);
});

/** A program that answers as Python of a version would, and leaves a line each time it is started. */
function fakePython(name: string, version: string): void {
  const script = `#!/bin/sh\necho ${name} >> ${folder}/started\necho ${folder}/${name}\necho ${version}\n`;
  writeFileSync(join(folder, name), script, { mode: 0o755 });
}

const environment = () => ({ PATH: `${folder}:/usr/bin:/bin` });
const started = () => readFileSync(join(folder, 'started'), 'utf8').trim().split('\n');

describe('the first Python on PATH that is supported', () => {
  test('is asked once where it was asked early', async () => {
    fakePython('python3', '3.11.7');
    beginFindPython(environment());
    const found = await findPython(environment(), MINORS);
    assert.deepEqual(found, { path: join(folder, 'python3'), version: '3.11.7' });
    assert.deepEqual(started(), ['python3']);
  });

  test('is asked again the next time: it may have been replaced', async () => {
    fakePython('python3', '3.11.7');
    beginFindPython(environment());
    await findPython(environment(), MINORS);
    fakePython('python3', '3.12.1');
    assert.equal((await findPython(environment(), MINORS)).version, '3.12.1');
  });

  test('is not the one of another PATH that was asked early', async () => {
    fakePython('python3', '3.11.7');
    beginFindPython({ PATH: '/usr/bin:/bin' });
    assert.equal((await findPython(environment(), MINORS)).path, join(folder, 'python3'));
  });

  test('is the next one where the one that was asked early is too old', async () => {
    fakePython('python3', '3.8.2');
    fakePython('python3.12', '3.12.1');
    beginFindPython(environment());
    assert.equal((await findPython(environment(), MINORS)).path, join(folder, 'python3.12'));
  });

  test('is python-unsuitable where all are too old, with what was found', async () => {
    for (const name of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'])
      fakePython(name, '3.8.2');
    beginFindPython(environment());
    await assert.rejects(findPython(environment(), MINORS), {
      code: 'python-unsuitable',
      message: /3\.8\.2/,
    });
  });
});
