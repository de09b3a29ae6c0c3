import { readFileSync } from 'node:fs';
import { runInSandbox } from '../../src/system/sandbox/run.ts';

// Runs the job that a file describes and prints the files that came back, for tests that kill what runs it or give it more.
const { sandbox, job } = JSON.parse(readFileSync(process.argv[2]!, 'utf8'));
const { files } = await runInSandbox(sandbox, job);
process.stdout.write(JSON.stringify(Object.fromEntries(files ?? [])));
