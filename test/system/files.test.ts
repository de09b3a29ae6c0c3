import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ErrorCode, SosBenchError } from '../../src/error.ts';
import { fileError, makeFolder, writeFileAtomic } from '../../src/system/files/files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
symlinkSync('/missing/target', join(folder, 'dangling'));

test('a file is written, replaced, and nothing is left beside it', async () => {
  const path = join(folder, 'a.json');
  await writeFileAtomic(path, 'one');
  await writeFileAtomic(path, new TextEncoder().encode('two'));
  assert.equal(readFileSync(path, 'utf8'), 'two');
  assert.deepEqual(readdirSync(folder).sort(), ['a.json', 'dangling']);
});

test('a file is for its owner only: records may speak of private models', async () => {
  const path = join(folder, 'private.json');
  await writeFileAtomic(path, '');
  assert.equal(statSync(path).mode & 0o077, 0);
});

test('readers see the old content or all of the new, whenever they look', async () => {
  const path = join(folder, 'race.txt');
  const contents = ['a'.repeat(3_000_000), 'b'.repeat(3_000_000)];
  await writeFileAtomic(path, contents[0]!);
  let writing = true;
  const writer = (async () => {
    for (let round = 1; round < 12; round++) await writeFileAtomic(path, contents[round % 2]!);
    writing = false;
  })();
  const seen = new Set<string>();
  while (writing) seen.add(await readFile(path, 'utf8'));
  await writer;
  assert.ok([...seen].every((content) => contents.includes(content)));
});

test('a write that fails leaves the old content and nothing beside it', async () => {
  const path = join(folder, 'kept');
  mkdirSync(path);
  writeFileSync(join(path, 'inside'), '');
  await rejectsWith(() => writeFileAtomic(path, 'x'), 'permission-denied', path);
  assert.deepEqual(readdirSync(path), ['inside']);
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.tmp')));
});

const CODES: [string, ErrorCode, string][] = [
  ['ENOSPC', 'disk-full', 'no space left to write /x'],
  ['EDQUOT', 'disk-full', 'no space left to write /x'],
  ['EFBIG', 'disk-full', 'ulimit -f'],
  ['EACCES', 'permission-denied', 'no permission to write /x'],
  ['EROFS', 'permission-denied', 'no permission to write /x'],
  ['EPERM', 'permission-denied', 'no permission to write /x'],
  ['ENOTDIR', 'permission-denied', 'a file stands where a folder should be'],
  ['EISDIR', 'permission-denied', 'cannot write /x'],
  ['ENOENT', 'permission-denied', 'cannot be made or is gone'],
];
for (const [system, code, text] of CODES) {
  test(`${system} is ${code}, with the path and what to do`, async () => {
    const error = fileError(Object.assign(new Error(system), { code: system }), '/x', 'write');
    const told = await rejectsWith(() => Promise.reject(error), code, '/x', text);
    assert.ok(told.hint !== undefined && told.cause instanceof Error);
    assert.doesNotMatch(told.hint, /--/, 'a path may come from any flag or setting');
  });
}

test('other errors pass unchanged, our own too', () => {
  const plain = new TypeError('x');
  const own = new SosBenchError('disk-full', 'x');
  assert.equal(fileError(plain, '/x', 'read'), plain);
  assert.equal(fileError(own, '/x', 'read'), own);
});

test('a folder without write permission is named', {
  skip: process.getuid?.() === 0 && 'root may write',
}, async () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  await rejectsWith(
    () => writeFileAtomic(join(closed, 'a'), ''),
    'permission-denied',
    'no permission to write',
  );
});

test('folders are made, also above, and may be there already', async () => {
  const path = join(folder, 'one', 'two', 'three');
  await makeFolder(path);
  await makeFolder(path);
  assert.ok(statSync(path).isDirectory());
});

test('many that make the same folders at once all get them', async () => {
  const path = join(folder, 'many', 'two', 'three');
  await Promise.all(Array.from({ length: 8 }, () => makeFolder(path)));
  assert.ok(statSync(path).isDirectory());
});

const NO_FOLDERS: [string, string][] = [
  ['in place of a file', join(folder, 'a.json')],
  ['below a file', join(folder, 'a.json', 'x', 'y')],
  ['behind a link to nothing', join(folder, 'dangling', 'x')],
  ['that is a link to nothing', join(folder, 'dangling')],
  ['where the system allows none', '/proc/x/y'],
];
for (const [what, path] of NO_FOLDERS) {
  test(`a folder ${what} cannot be made, and that is said at once`, async () => {
    await rejectsWith(() => makeFolder(path), 'permission-denied', `cannot write ${path}`);
  });
}
