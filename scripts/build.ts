/** Makes dist from src, and THIRD-PARTY.txt from what dist holds. */
import { writeFile } from 'node:fs/promises';
import { build } from './bundle.ts';
import { thirdParty } from './third-party.ts';

await writeFile('THIRD-PARTY.txt', await thirdParty(await build('dist')));
