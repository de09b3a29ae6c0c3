import { main } from './main.ts';
import { start } from './start.ts';

await start(main);
