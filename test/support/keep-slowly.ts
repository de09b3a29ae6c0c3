import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepFolder } from '../../src/system/kept/keep-folder.ts';

// `node keep-slowly.ts HOME in-place|moved`: builds a kept folder of two files, with a pause between them.

const [home = '', mode] = process.argv.slice(2);
const say = (text: string) => void process.stderr.write(`${text}\n`);
const path = await keepFolder({
  home,
  name: 'thing',
  what: 'the thing',
  note: say,
  namesItself: mode === 'in-place',
  build: async (to) => {
    say('building');
    mkdirSync(to, { recursive: true });
    writeFileSync(join(to, 'first'), '1');
    say('half');
    await sleep(1500);
    writeFileSync(join(to, 'second'), '2');
    return {};
  },
});
process.stdout.write(`${path}\n`);
