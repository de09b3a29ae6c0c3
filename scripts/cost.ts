/**
 * Computes the tables of docs/cost.md: tokens before and after, and hours by size of model and GPU.
 *
 *   node scripts/cost.ts [--write]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { costTables } from './cost-tables.ts';

const PAGE = 'docs/cost.md';

const tables = Object.entries(costTables());
if (process.argv[2] === '--write') {
  let page = await readFile(PAGE, 'utf8');
  for (const [name, table] of tables)
    page = page.replace(
      new RegExp(`(<!-- ${name}-start -->)[\\s\\S]*(<!-- ${name}-end -->)`),
      (_, start: string, end: string) => `${start}\n\n${table}\n\n${end}`,
    );
  await writeFile(PAGE, page);
} else {
  for (const [name, table] of tables) process.stdout.write(`## ${name}\n\n${table}\n\n`);
}
