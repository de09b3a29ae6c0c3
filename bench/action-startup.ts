/**
 * Time from the start of the built action (Node 24) to its first request to a worker, which is written when the worker is
 * started. To be within 1.2 times that of d3c8bdd on the same machine, measured in turns.
 *
 *   node bench/action-startup.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheRoot } from '../src/system/paths.ts';
import { managedPython } from '../src/system/python/managed.ts';
import { makeTinyModel } from '../test/support/datasets.ts';
import { startStep } from '../test/support/runner.ts';

const RUNS = 7;

const workspace = mkdtempSync(join(tmpdir(), 'sos-bench-startup-'));
try {
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  const python = await managedPython({ cache: cacheRoot(process.env), environment: process.env, note });
  await makeTinyModel(python, join(workspace, 'model'));
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) times.push(await firstRequest(`record-${run}`));
  times.sort((a, b) => a - b);
  const [median, fastest, slowest] = [times[RUNS >> 1]!, times[0]!, times.at(-1)!];
  process.stdout.write(
    `action to first worker request: median ${median.toFixed(2)} s (${fastest.toFixed(2)} to ${slowest.toFixed(2)}; to be within 1.2 times d3c8bdd's)\n`,
  );
} finally {
  rmSync(workspace, { recursive: true, force: true });
}

async function firstRequest(output: string): Promise<number> {
  const started = performance.now();
  const step = startStep({
    workspace,
    inputs: { model: 'model', suite: 'mini', benchmarks: 'xstest', output },
  });
  let seconds: number | null = null;
  while (seconds === null) {
    if (step.descendants().some(({ command }) => command.includes('sosbench_worker'))) {
      seconds = (performance.now() - started) / 1000;
    }
    await sleep(5);
  }
  step.kill('SIGKILL');
  await step.result;
  return seconds;
}
