/** Takes the lock named on its command line, says `held` or why not, and holds it until its standard input ends. */
import { takeLock } from '../../src/system/files/lock.ts';

const [path = ''] = process.argv.slice(2);
try {
  await takeLock(path, 'the folder');
  process.stdout.write('held\n');
  process.stdin.resume().once('end', () => process.exit());
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : error}\n`);
}
