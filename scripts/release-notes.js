/**
 * The changelog's section of a version, as a release's notes; fails where tag, package.json and CHANGELOG.md do not agree, or where the
 * section does not say what makes a baseline incomparable. Plain JavaScript, for jobs that install nothing.
 *
 *   node scripts/release-notes.js v1.2.3
 *   node scripts/release-notes.js --major v1.2.3   the tag that moves: v1, and v0.2 of v0.2.3
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { major: { type: 'boolean', default: false } },
});
const tag = positionals[0] ?? '';
const [, version, major, minor] = /^v((\d+)\.(\d+)\.\d+)$/.exec(tag) ?? fail(`'${tag}' is no tag vX.Y.Z`);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
if (manifest.version !== version) fail(`the tag is ${tag}, package.json says ${manifest.version}`);
if (values.major) process.stdout.write(major === '0' ? `v0.${minor}\n` : `v${major}\n`);
else process.stdout.write(`${notesOf(readFileSync('CHANGELOG.md', 'utf8'))}\n`);

function notesOf(changelog) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/, 1)[0] === version);
  const notes = section?.slice(section.indexOf('\n')).trim();
  if (!notes) fail(`CHANGELOG.md has no section '## ${version}' with notes`);
  const [, baselines] = notes.split(/^### What makes a baseline incomparable$/m);
  if (!baselines?.split(/^#/m, 1)[0].trim())
    fail(
      `CHANGELOG.md: the section '## ${version}' does not say what makes a baseline of an earlier version incomparable, under the heading '### What makes a baseline incomparable'; if nothing does, it says that`,
    );
  return notes;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
