/**
 * Where preparation weighs: a tiny model, thousands of multiple-choice items, through us and through lm-evaluation-harness's
 * own command line, one thread each. Both are timed from process start to end, loading and preparation included, to be
 * <= 0.8 of `lm_eval`; the difference to a run of few items leaves out what both do once (imports, loading).
 *
 *   node bench/preparation.ts [--items 4000] [--runs 1]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { selectBenchmarks } from '../src/suite/select.ts';
import { cacheRoot } from '../src/system/paths.ts';
import { managedPython } from '../src/system/python/managed.ts';
import { makeTinyModel, writeQuestions } from '../test/support/datasets.ts';
import { runHarnessCli } from '../test/support/harness-cli.ts';
import { compareItems } from '../test/support/item-equality.ts';
import { ONE_THREAD } from '../test/support/process.ts';

const FEW = 100;
const BATCH = 8;

const { values } = parseArgs({
  options: { items: { type: 'string', default: '4000' }, runs: { type: 'string', default: '1' } },
});
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-preparation-'));
Object.assign(process.env, ONE_THREAD);
try {
  const cache = cacheRoot(process.env);
  const python = await managedPython({ cache, environment: process.env, note: say });
  const model = await makeTinyModel(python, join(folder, 'model'));
  for (let run = 1; run <= Number(values.runs); run++) {
    const few = await both(python, cache, model, FEW, `${run}-few`);
    const all = await both(python, cache, model, Number(values.items), `${run}-all`);
    const whole = all.ours / all.theirs;
    const each = (all.ours - few.ours) / (all.theirs - few.theirs);
    say(
      `${values.items} items: ours ${all.ours.toFixed(1)} s, lm_eval ${all.theirs.toFixed(1)} s: ${whole.toFixed(2)} (to be <= 0.8); ` +
        `without what ${FEW} items cost as well (${few.ours.toFixed(1)} and ${few.theirs.toFixed(1)} s): ${each.toFixed(2)}; ` +
        `${all.agreement}; load average ${loadavg()[0]!.toFixed(1)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds of both on the same items, and whether they agree. */
async function both(python: string, cache: string, model: string, items: number, name: string) {
  const data = join(folder, `data-${name}`);
  writeQuestions(data, 'wmdp/wmdp-bio', questions(items));
  const output = join(folder, `ours-${name}`);
  const started = performance.now();
  await execa(
    process.execPath,
    [
      [join(import.meta.dirname, '../src/cli/bin.ts'), 'run', '--model', model],
      ['--model-args', 'dtype=float32', '--datasets-dir', data, '--benchmarks', 'wmdp'],
      ['--batch-size', `${BATCH}`, '--device', 'cpu', '--output', output],
    ].flat(),
    { stdin: 'ignore' },
  );
  const ours = (performance.now() - started) / 1000;
  const theirs = await runHarnessCli({
    python,
    model,
    cache,
    data,
    benchmarks: selectBenchmarks(['wmdp']),
    batchSize: BATCH,
    maxGenToks: 64,
    seed: 1234,
    folder: join(folder, `theirs-${name}`),
  });
  const { compared, disagreements, missing } = await compareItems(
    join(output, 'journal.ndjson'),
    theirs.items,
  );
  const agreement = `${compared} items compared, ${disagreements.length} differ, ${missing.length} missing`;
  return { ours, theirs: theirs.seconds, agreement };
}

function questions(count: number): object[] {
  return Array.from({ length: count }, (_, n) => ({
    question: `What is ${n} plus ${n % 7}?`,
    choices: [0, 1, 2, 3].map((offset) => String(n + (n % 7) + offset)),
    answer: 0,
  }));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
