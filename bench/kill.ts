/**
 * Death at a random moment. Simulated: the real scheduler and journal with workers in memory, the journal torn at a
 * random byte of what was written last. Real: `kill -9` on a run of a tiny model, which then goes on. At most the chunks
 * in flight may be evaluated again, and the final `items.parquet` has to be that of an undisturbed run.
 *
 *   node bench/kill.ts [--simulated 200] [--real 20]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { Journal } from '../src/evaluate/journal/journal.ts';
import type { ChunkWorker } from '../src/evaluate/workers/flights.ts';
import { runChunks } from '../src/evaluate/workers/scheduler.ts';
import { WorkerFault } from '../src/harness/lm-eval/worker-fault.ts';
import { encodeItems } from '../src/record/items.ts';
import { buildResults } from '../src/record/results/build.ts';
import { CATALOGUE } from '../src/suite/catalogue.ts';
import { cacheRoot } from '../src/system/paths.ts';
import { managedPython } from '../src/system/python/managed.ts';
import { startProcess, within } from '../test/support/process.ts';
import { createRandom } from '../test/support/random.ts';
import { answersOf, smallPlan } from '../test/support/results.ts';

/** Eight chunks. */
const ITEMS = 1024;

const { values } = parseArgs({
  options: { simulated: { type: 'string', default: '200' }, real: { type: 'string', default: '20' } },
});
const random = createRandom(20_260_101);
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-kill-'));
try {
  await simulate(Number(values.simulated));
  await killForReal(Number(values.real));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function simulate(deaths: number): Promise<void> {
  const plan = smallPlan();
  const answers = answersOf(plan);
  const encode = (results: Parameters<typeof buildResults>[2]) =>
    Buffer.from(encodeItems(buildResults(CATALOGUE, plan, results, new Map()).items, 'run'));
  const expected = encode(answers);
  const identity = { planHash: plan.planHash, modelDigest: 'm', protocol: {} };
  const workers = 2;
  let repeated = 0;
  let most = 0;
  let different = 0;
  for (let death = 0; death < deaths; death++) {
    const path = join(folder, `journal-${death}.ndjson`);
    let begun = 0;
    /** One life: dies when so many entries are written, perhaps in the middle of the last one; null lives on. */
    const live = async (dieAt: number | null) => {
      const { journal, state } = await Journal.open(path, identity, { fresh: false, now: () => new Date() });
      const end = new AbortController();
      let written = 0;
      const worker: ChunkWorker = {
        device: 'none',
        async evaluate({ id }) {
          begun++;
          await sleep(random.uniform() * 8);
          return { type: 'result', chunk: id, seconds: 0, items: answers.get(id)! };
        },
        shutdown: async () => undefined,
        kill: () => undefined,
      };
      await runChunks({
        chunks: plan.chunks.filter(({ id }) => !state.results.has(id)),
        workers,
        batchSize: '8',
        signal: end.signal,
        now: () => 0,
        startWorker: async () => worker,
        onProgress: () => undefined,
        onSlotLost: () => undefined,
        onFault: async () => undefined,
        async onResult({ chunk, items }) {
          if (end.signal.aborted) throw new WorkerFault('died', 'all is over');
          await journal.append({ type: 'chunk', chunk, seconds: 0, batchSize: '8', items });
          state.results.set(chunk, items);
          if (++written === dieAt) end.abort();
        },
      });
      await journal.close();
      if (dieAt !== null && random.uniform() < 0.5) tear(path);
      return state.results;
    };
    await live(1 + Math.floor(random.uniform() * (plan.chunks.length - 1)));
    const results = await live(null);
    repeated += begun - plan.chunks.length;
    most = Math.max(most, begun - plan.chunks.length);
    if (!encode(results).equals(expected)) different++;
  }
  say(
    `simulated: ${deaths} deaths, ${repeated} chunks begun again, at most ${most} by one death (in flight: ${workers}); ` +
      `items.parquet differs ${different} times (to be 0)`,
  );
}

/** Cuts the last line at a random byte, as a death in the middle of writing it does. */
function tear(path: string): void {
  const content = readFileSync(path);
  const start = content.lastIndexOf(0x0a, content.length - 2) + 1;
  truncateSync(path, start + Math.floor(random.uniform() * (content.length - start)));
}

async function killForReal(deaths: number): Promise<void> {
  if (deaths === 0) return;
  const python = await managedPython({ cache: cacheRoot(process.env), environment: process.env, note: say });
  const model = join(folder, 'model');
  await execa(python, [join(import.meta.dirname, '../test/support/tiny_model.py'), model]);
  writeQuestions();
  const command = (output: string) =>
    [
      [
        join(import.meta.dirname, '../src/cli/bin.ts'),
        'run',
        '--model',
        model,
        '--model-args',
        'dtype=float32',
      ],
      [
        '--devices',
        'cpu:1',
        '--datasets-dir',
        join(folder, 'data'),
        '--benchmarks',
        'wmdp',
        '--output',
        output,
      ],
    ].flat();
  const undisturbed = join(folder, 'undisturbed');
  const started = performance.now();
  await execa(process.execPath, command(undisturbed), { stdin: 'ignore' });
  const whole = performance.now() - started;
  const expected = readFileSync(join(undisturbed, 'items.parquet'));
  const chunks = journalChunks(undisturbed).length;
  let done = 0;
  let lives = 0;
  let output = '';
  let different = 0;
  let begun = 0;
  let lost = 0;
  let left = 0;
  let known: string[] = [];
  while (done < deaths) {
    if (output === '') output = join(folder, `killed-${done}`);
    const run = startProcess([process.execPath, ...command(output)], { environment: process.env });
    lives++;
    const moment = random.uniform() * whole * 1.1;
    const over = await Promise.race([run.result.then(() => true), sleep(moment).then(() => false)]);
    if (!over) {
      run.kill('SIGKILL');
      await run.result;
      done++;
    }
    if (!(await within(5, () => run.descendants().length === 0))) left++;
    const now = journalChunks(output);
    if (known.some((chunk) => !now.includes(chunk))) lost++;
    known = now;
    if (over || done === deaths) {
      if (!over) await execa(process.execPath, command(output), { stdin: 'ignore' });
      if (!readFileSync(join(output, 'items.parquet')).equals(expected)) different++;
      const finished = journalChunks(output);
      if (finished.length !== chunks || new Set(finished).size !== chunks) lost++;
      begun += finished.length;
      output = '';
      known = [];
    }
  }
  say(
    `real: ${deaths} kills in ${lives} lives, ${begun} chunks finished; a finished chunk was lost or done twice ${lost} times ` +
      `(to be 0); items.parquet differs ${different} times (to be 0); something was left running ${left} times (to be 0)`,
  );
}

function writeQuestions(): void {
  mkdirSync(join(folder, 'data', 'wmdp'), { recursive: true });
  const lines = Array.from({ length: ITEMS }, (_, n) =>
    JSON.stringify({
      question: `What is ${n} plus ${n % 7}?`,
      choices: [0, 1, 2, 3].map((offset) => String(n + (n % 7) + offset)),
      answer: 0,
    }),
  );
  writeFileSync(join(folder, 'data', 'wmdp', 'wmdp-bio.jsonl'), `${lines.join('\n')}\n`);
}

/** Ids of the finished chunks, in the order they were written. */
function journalChunks(output: string): string[] {
  try {
    const text = readFileSync(join(output, 'journal.ndjson'), 'utf8');
    const lines = text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean);
    return lines
      .map((line) => JSON.parse(line))
      .flatMap(({ type, chunk }) => (type === 'chunk' ? [chunk] : []));
  } catch {
    return [];
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
