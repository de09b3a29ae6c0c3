import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { temporaryFolder } from '../support/folder.ts';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'release-notes.js');
const HEADING = '### What makes a baseline incomparable';
const NOTHING = `${HEADING}\n\nNothing.`;
const MORE = `${NOTHING}\n\n### More\n\n- Still.`;
const CHANGELOG = `# Changelog\n\n## Unreleased\n\nNot yet.\n\n## 1.2.3\n\n${MORE}\n\n## 1.2.2\n\n- Good.\n\n${NOTHING}\n`;

const CASES: [title: string, args: string[], version: string, changelog: string, said: string | RegExp][] = [
  ['the notes of a tag are its section', ['v1.2.3'], '1.2.3', CHANGELOG, MORE],
  ['the last section ends with the file', ['v1.2.2'], '1.2.2', CHANGELOG, `- Good.\n\n${NOTHING}`],
  ['the tag that moves is the major version', ['--major', 'v1.2.3'], '1.2.3', CHANGELOG, 'v1'],
  ['before 1.0 it is the minor version', ['--major', 'v0.2.3'], '0.2.3', CHANGELOG, 'v0.2'],
  [
    'a tag of another version than the package',
    ['v1.2.4'],
    '1.2.3',
    CHANGELOG,
    /v1\.2\.4, package\.json says 1\.2\.3/,
  ],
  ['a version without a section', ['v1.2.4'], '1.2.4', CHANGELOG, /no section '## 1\.2\.4'/],
  ['a section without notes', ['v1.2.4'], '1.2.4', '## 1.2.4\n\n## 1.2.3\n\n- Better.\n', /with notes/],
  [
    'a section that does not say what makes a baseline incomparable',
    ['v1.2.3'],
    '1.2.3',
    '## 1.2.3\n\n- Better.\n',
    /does not say what makes a baseline .* under the heading/,
  ],
  [
    'a section that has the heading and says nothing under it',
    ['v1.2.3'],
    '1.2.3',
    `## 1.2.3\n\n${HEADING}\n\n### More\n\n- Better.\n`,
    /if nothing does, it says that/,
  ],
  ['a tag that is none', ['v1.2'], '1.2.3', CHANGELOG, /no tag vX\.Y\.Z/],
];
for (const [title, args, version, changelog, said] of CASES) {
  test(title, async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ version }));
    writeFileSync(join(cwd, 'CHANGELOG.md'), changelog);
    const { exitCode, stdout, stderr } = await execa(process.execPath, [script, ...args], {
      cwd,
      reject: false,
    });
    if (typeof said === 'string')
      assert.deepEqual({ exitCode, stdout }, { exitCode: 0, stdout: said }, stderr);
    else {
      assert.deepEqual({ exitCode, stdout }, { exitCode: 1, stdout: '' });
      assert.match(stderr, said);
    }
  });
}

test('every version of the changelog says what makes a baseline incomparable, the next one too', () => {
  const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1);
  assert.ok(sections.length >= 2);
  for (const section of sections) {
    const [, said] = section.split(`\n${HEADING}\n`);
    assert.match(said?.split(/^#/m)[0] ?? '', /\w/, section.split('\n')[0]);
  }
});
