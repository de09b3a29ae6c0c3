import { join } from 'node:path';
import { runUnittests } from '../support/unittests.ts';

runUnittests(join(import.meta.dirname, '..', 'harness', 'scoring'), 'test_every_kind');
