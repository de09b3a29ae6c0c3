/** THIRD-PARTY.txt: the licence of every package whose code is in dist, in its own words as far as it has any. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { thirdParty } from '../../scripts/third-party.ts';
import { temporaryFolder } from '../support/folder.ts';

const GRANT = 'Permission is hereby granted';

/** What is written of one package that has these files. */
function written(manifest: object, files: Record<string, string> = {}): Promise<string> {
  const folder = join(temporaryFolder(), 'node_modules', 'made-up');
  mkdirSync(folder, { recursive: true });
  const all = {
    'package.json': JSON.stringify({ name: 'made-up', version: '1.0.0', ...manifest }),
    ...files,
  };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(folder, name), content);
  return thirdParty([join(folder, 'index.js')]);
}

test('the text of a licence and that of a notice are both there, whole', async () => {
  const text = await written(
    { license: 'Apache-2.0' },
    { LICENSE: 'Terms.\r\nEnd.\n', NOTICE: 'By some.\n' },
  );
  assert.match(text, /made-up 1\.0\.0 \(Apache-2\.0\)\n\nBy some\.\n/);
  assert.match(text, /made-up 1\.0\.0 \(Apache-2\.0\)\n\nTerms\.\nEnd\.\n/);
});

test('a licence that stands on the page of a package is taken from there', async () => {
  const text = await written(
    { license: 'MIT' },
    { 'README.md': `# It\n\n## License\n\n(c) Ann\n\n${GRANT}.\n` },
  );
  assert.match(text, new RegExp(`## License\n\n\\(c\\) Ann\n\n${GRANT}\\.\n$`));
});

for (const author of ['Ann Example <ann@example.org> (https://example.org)', { name: 'Ann Example' }])
  test(`a package that only names MIT gets its words, with the author (${typeof author})`, async () => {
    const text = await written({ license: 'MIT', author }, { 'readme.markdown': '## license\n\nMIT\n' });
    assert.match(text, new RegExp(`has no text of it\\. Its author is Ann Example\\.\n\n${GRANT}`));
  });

test('a package that states no licence stops the build', async () => {
  await assert.rejects(written({}), /made-up states no licence/);
});

test('of the packages in dist, one alone has neither a text nor a known licence, and it is named', () => {
  const sections = readFileSync('THIRD-PARTY.txt', 'utf8').split(/^=+$/m);
  const without = sections.filter((section) => section.includes('No text of the licence'));
  assert.deepEqual(
    without.map((section) => section.trim().split('\n')[0]),
    ['buffers 0.1.1 (states none)'],
  );
});
