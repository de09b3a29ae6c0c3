/** Fails when dist, THIRD-PARTY.txt, action.yml, the schemas, the tables of pages or the ready workflows are not what the source makes. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './bundle.ts';
import {
  ACTION_PAGES,
  actionFiles,
  actionTables,
  schemaFiles,
  settingsTables,
  trustTables,
  workflowFiles,
} from './generated.ts';
import { thirdParty } from './third-party.ts';

const stale: string[] = [];
const settings = await readFile('docs/settings.md', 'utf8');
if (settingsTables(settings) !== settings) stale.push('docs/settings.md');
const trust = await readFile('docs/trust.md', 'utf8');
if (trustTables(trust) !== trust) stale.push('docs/trust.md');
for (const [path, action] of Object.entries(ACTION_PAGES)) {
  const page = await readFile(path, 'utf8');
  if (actionTables(page, action) !== page) stale.push(path);
}
for (const [path, content] of Object.entries({ ...actionFiles(), ...workflowFiles() })) {
  if (!existsSync(path) || (await readFile(path, 'utf8')) !== content) stale.push(path);
}
for (const [name, content] of Object.entries(schemaFiles())) {
  const path = join('schemas', name);
  if (!existsSync(path) || (await readFile(path, 'utf8')) !== content) stale.push(path);
}
const fresh = await mkdtemp(join(tmpdir(), 'sos-bench-dist-'));
try {
  const licences = await thirdParty(await build(join(fresh, 'dist')));
  if ((await readFile('THIRD-PARTY.txt', 'utf8').catch(() => '')) !== licences) stale.push('THIRD-PARTY.txt');
  stale.push(...(await differences(join(fresh, 'dist'), 'dist')));
} finally {
  await rm(fresh, { recursive: true, force: true });
}
if (stale.length > 0) {
  process.stderr.write(`not what the source makes: ${stale.join(', ')}\n`);
  process.stderr.write('run: npm run build && npm run generate, and commit the result\n');
  process.exitCode = 1;
}

async function differences(fresh: string, committed: string): Promise<string[]> {
  const list = async (folder: string) =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const names = new Set([...(await list(fresh)), ...(await list(committed))]);
  const found: string[] = [];
  for (const name of names) {
    const [a, b] = [join(fresh, name), join(committed, name)];
    const same = existsSync(a) && existsSync(b) && (await readFile(a)).equals(await readFile(b));
    if (!same) found.push(b);
  }
  return found;
}
