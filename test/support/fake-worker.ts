import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker, type WorkerOptions } from '../../src/harness/lm-eval/worker.ts';

let programs = 0;

/** A worker that is a fake: a shell program in place of Python, which reads requests and prints what a test wants. */
export function startFakeWorker(
  folder: string,
  script: string,
  options: Partial<WorkerOptions> = {},
): Worker {
  const python = join(folder, `fake-python-${programs++}`);
  writeFileSync(python, `#!/bin/sh\n${script}\n`);
  chmodSync(python, 0o755);
  return new Worker({
    python,
    environment: { PATH: process.env.PATH ?? '' },
    log: `${python}.log`,
    stallTimeout: 120_000,
    signal: new AbortController().signal,
    ...options,
  });
}
