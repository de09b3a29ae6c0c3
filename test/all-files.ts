/** All tests of what reads and writes files, and waits for little else. */
import { importTests } from './support/import-tests.ts';

await importTests('cache', 'doctor', 'docs', 'import', 'init', 'judge', 'model', 'record');
