/** Writes everything that is made from source: action.yml, JSON Schemas, the tables of pages, ready workflows. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ACTION_PAGES,
  actionFiles,
  actionTables,
  schemaFiles,
  settingsTables,
  trustTables,
  workflowFiles,
} from './generated.ts';

await mkdir('schemas', { recursive: true });
for (const [name, content] of Object.entries(schemaFiles())) await writeFile(join('schemas', name), content);
await writeFile('docs/settings.md', settingsTables(await readFile('docs/settings.md', 'utf8')));
await writeFile('docs/trust.md', trustTables(await readFile('docs/trust.md', 'utf8')));
for (const [path, action] of Object.entries(ACTION_PAGES)) {
  await writeFile(path, actionTables(await readFile(path, 'utf8'), action));
}
for (const [path, content] of Object.entries({ ...actionFiles(), ...workflowFiles() }))
  await writeFile(path, content);
