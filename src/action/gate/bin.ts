import { start } from '../start.ts';
import { main } from './main.ts';

await start(main);
