/** Runs every bench in turn: `npm run bench`. */
import { execa } from 'execa';

for (const name of [
  'list-startup',
  'action-startup',
  'own-cost',
  'plan',
  'compare-speed',
  'import',
  'judge',
  'agree',
  'alarm',
  'posting',
  'report',
  'history',
  'scheduler',
  'merge',
  'resume',
  'workers',
  'preparation',
  'kill',
  'compare-with-harness-cli',
  'livebench-server',
  'generation',
  'repeats',
]) {
  process.stdout.write(`\n# ${name}\n`);
  await execa(process.execPath, [`bench/${name}.ts`], { stdio: ['ignore', 'inherit', 'inherit'] });
}
