/**
 * Recomputes the tables of docs/published-run.md from a folder with the published CSVs.
 *
 *   node scripts/published-run.ts PATH [--write]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { publishedRunTables } from './published-run-tables.ts';

const PAGE = 'docs/published-run.md';

const [folder, write] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node scripts/published-run.ts PATH [--write]\n');
  process.exitCode = 2;
} else {
  const tables = await publishedRunTables(folder);
  if (write === '--write') {
    let page = await readFile(PAGE, 'utf8');
    for (const [name, table] of Object.entries(tables)) {
      page = page.replace(
        new RegExp(`(<!-- ${name}-start -->)[\\s\\S]*(<!-- ${name}-end -->)`),
        (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`,
      );
    }
    await writeFile(PAGE, page);
  } else {
    for (const [name, table] of Object.entries(tables)) process.stdout.write(`## ${name}\n\n${table}\n\n`);
  }
}
