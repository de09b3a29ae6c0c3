/** Runs every bench in turn: `npm run bench`. */
import { execa } from 'execa';

for (const name of [
  'list-startup',
  'action-startup',
  'own-cost',
  'resume',
  'compare-with-harness-cli',
  'posting',
]) {
  process.stdout.write(`\n# ${name}\n`);
  await execa(process.execPath, [`bench/${name}.ts`], { stdio: ['ignore', 'inherit', 'inherit'] });
}
