import { runUnittests } from '../support/unittests.ts';

runUnittests(import.meta.dirname, 'test_judge');
