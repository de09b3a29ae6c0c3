/**
 * Two CPU workers (one thread each) against one (one thread), from the first chunk's start to the last one's end. To be
 * >= 1.8x as fast. Needs two cores that nobody else uses; for where they are shared, the workers' processor time is
 * printed too, which tells what two of them add: the same work in all, and when each had its model.
 *
 *   node bench/workers.ts [--items 3000]
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { evaluate } from '../src/evaluate/evaluate.ts';
import { evaluationRequest } from '../src/settings/evaluation.ts';
import { resolveSettings } from '../src/settings/resolve.ts';
import { settingsOf } from '../src/settings/table.ts';
import { cacheRoot } from '../src/system/paths.ts';
import { fieldsOfStat } from '../src/system/process/process-stat.ts';
import { managedPython } from '../src/system/python/managed.ts';

const TICKS_PER_SECOND = 100;
const { values } = parseArgs({ options: { items: { type: 'string', default: '3000' } } });
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-workers-'));
try {
  const python = await managedPython({ cache: cacheRoot(process.env), environment: process.env, note: say });
  const model = join(folder, 'model');
  await execa(python, [join(import.meta.dirname, '../test/support/tiny_model.py'), model]);
  writeQuestions(Number(values.items));
  const [one, two] = [await time(model, 'cpu:1'), await time(model, 'cpu:2')];
  const [a, b] = ['cpu:1', 'cpu:2'].map((name) => readFileSync(join(folder, name, 'items.parquet')));
  say(
    `${values.items} items: one worker ${one.seconds.toFixed(1)} s, two ${two.seconds.toFixed(1)} s: ` +
      `${(one.seconds / two.seconds).toFixed(2)}x (to be >= 1.8); items.parquet ${a!.equals(b!) ? 'identical' : 'DIFFERS'}`,
  );
  say(
    `processor time from the first model on: one ${list(one.processor)} s, two ${list(two.processor)} s; the second model was there ` +
      `${two.skew.toFixed(1)} s after the first; our Node process took ${two.own.toFixed(1)} s`,
  );
  const span = Math.max(...two.processor) + two.own / 2;
  say(`with a core each, by processor time: ${((one.processor[0]! + one.own) / span).toFixed(2)}x`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Timing {
  /** From the moment the first worker had its model to the end of the last chunk. */
  seconds: number;
  /** Processor seconds of each worker from then on. */
  processor: number[];
  /** Between the first and the last worker's model. */
  skew: number;
  /** Processor seconds of this process meanwhile. */
  own: number;
}

async function time(model: string, devices: string): Promise<Timing> {
  const given = {
    model,
    'model-args': 'dtype=float32',
    benchmarks: 'wmdp',
    'datasets-dir': join(folder, 'data'),
    output: join(folder, devices),
    devices,
  };
  const settings = await resolveSettings(settingsOf('run'), given, { path: '', required: false });
  const loaded: number[] = [];
  const atLoading = new Map<string, number>();
  let now = new Map<string, number>();
  let ended = 0;
  let usage = process.cpuUsage();
  const watch = setInterval(() => {
    const seen = workersOfOurs();
    if (seen.size > 0) now = seen;
  }, 100);
  await evaluate(evaluationRequest(settings), {
    cwd: folder,
    environment: { ...process.env, OMP_NUM_THREADS: '1' },
    progress: {
      note(text) {
        if (!text.startsWith('Model loaded')) return;
        if (loaded.length === 0) {
          usage = process.cpuUsage();
          for (const [pid, seconds] of workersOfOurs()) atLoading.set(pid, seconds);
        }
        loaded.push(performance.now());
      },
      update() {
        ended = performance.now();
      },
      stop: () => undefined,
    },
    signal: new AbortController().signal,
    now: () => new Date(),
    origin: { commit: null, branch: null, event: null },
  });
  clearInterval(watch);
  const { user, system } = process.cpuUsage(usage);
  return {
    seconds: (ended - loaded[0]!) / 1000,
    processor: [...now].map(([pid, seconds]) => seconds - (atLoading.get(pid) ?? 0)),
    skew: (loaded.at(-1)! - loaded[0]!) / 1000,
    own: (user + system) / 1e6,
  };
}

/** Processor seconds so far of the workers that this process has started. */
function workersOfOurs(): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = fieldsOfStat(status);
      if (fields[1] !== String(process.pid)) continue;
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sosbench_worker')) continue;
      found.set(pid, (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND);
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

function list(seconds: readonly number[]): string {
  return seconds.map((value) => value.toFixed(1)).join(' and ');
}

function writeQuestions(count: number): void {
  mkdirSync(join(folder, 'data', 'wmdp'), { recursive: true });
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      question: `What is ${n} plus ${n % 7}?`,
      choices: [0, 1, 2, 3].map((offset) => String(n + (n % 7) + offset)),
      answer: 0,
    }),
  );
  writeFileSync(join(folder, 'data', 'wmdp', 'wmdp-bio.jsonl'), `${lines.join('\n')}\n`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
