import { readFileSync } from 'node:fs';
import { runInSandbox } from '../../src/system/sandbox/run.ts';

// Runs the job that a file describes, for tests that kill what runs it.
const { sandbox, job } = JSON.parse(readFileSync(process.argv[2]!, 'utf8'));
await runInSandbox(sandbox, job);
