/**
 * Two CPU workers (one thread each) against one (one thread), from the first chunk's start to the last one's end. To be
 * >= 1.8x as fast. Needs two cores that nobody else uses.
 *
 *   node bench/workers.ts [--items 3000]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { evaluate } from '../src/evaluate/evaluate.ts';
import { evaluationRequest } from '../src/settings/evaluation.ts';
import { resolveSettings } from '../src/settings/resolve.ts';
import { settingsOf } from '../src/settings/table.ts';
import { cacheRoot } from '../src/system/paths.ts';
import { managedPython } from '../src/system/python/managed.ts';

const { values } = parseArgs({ options: { items: { type: 'string', default: '3000' } } });
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-workers-'));
try {
  const python = await managedPython({ cache: cacheRoot(process.env), environment: process.env, note: say });
  const model = join(folder, 'model');
  await execa(python, [join(import.meta.dirname, '../test/support/tiny_model.py'), model]);
  writeQuestions(Number(values.items));
  const one = await time(model, 'cpu:1');
  const two = await time(model, 'cpu:2');
  const [a, b] = ['cpu:1', 'cpu:2'].map((name) => readFileSync(join(folder, name, 'items.parquet')));
  say(
    `${values.items} items: one worker ${one.toFixed(1)} s, two ${two.toFixed(1)} s: ${(one / two).toFixed(2)}x ` +
      `(to be >= 1.8); items.parquet ${a!.equals(b!) ? 'identical' : 'DIFFERS'}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds from the moment the first worker have the model to the end of the last chunk. */
async function time(model: string, devices: string): Promise<number> {
  const given = {
    model,
    'model-args': 'dtype=float32',
    benchmarks: 'wmdp',
    'datasets-dir': join(folder, 'data'),
    output: join(folder, devices),
    devices,
  };
  const settings = await resolveSettings(settingsOf('run'), given, { path: '', required: false });
  let started: number | null = null;
  let ended = 0;
  await evaluate(evaluationRequest(settings), {
    cwd: folder,
    environment: { ...process.env, OMP_NUM_THREADS: '1' },
    progress: {
      note(text) {
        if (text.startsWith('Model loaded')) started ??= performance.now();
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
  return (ended - (started ?? ended)) / 1000;
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
