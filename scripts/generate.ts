/** Writes everything that is made from source: action.yml, JSON Schemas, the README's tables. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { actionFile, actionTables, readmeTables, schemaFiles } from './generated.ts';

await mkdir('schemas', { recursive: true });
for (const [name, content] of Object.entries(schemaFiles())) await writeFile(join('schemas', name), content);
await writeFile('README.md', readmeTables(await readFile('README.md', 'utf8')));
const actionPage = join('docs', 'action.md');
await writeFile(actionPage, actionTables(await readFile(actionPage, 'utf8')));
await writeFile('action.yml', actionFile());
