/** All tests of what is pure. Its name lets it begin among the first: it takes longest. */
import { importTests } from './support/import-tests.ts';

await importTests('agreement', 'demo', 'markdown', 'report', 'settings', 'stats', 'suite', 'verdict');
