/**
 * The same items through us and through lm-evaluation-harness's own command line: same model, batch size, data.
 * Prints wall times, their ratio, agreement item by item, and the peak memory of our Node process.
 *
 *   node bench/compare-with-harness-cli.ts --model DIR [--data DIR] [--benchmarks ID,...] [--runs N]
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { selectBenchmarks } from '../src/suite/select.ts';
import { cacheRoot } from '../src/system/paths.ts';
import { managedPython } from '../src/system/python/managed.ts';
import { runHarnessCli } from '../test/support/harness-cli.ts';
import { compareItems } from '../test/support/item-equality.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    data: { type: 'string', default: 'tasks/mini' },
    benchmarks: { type: 'string', default: 'mmlu-pro,bbq,xstest,ifeval' },
    runs: { type: 'string', default: '3' },
    'max-gen-toks': { type: 'string', default: '64' },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);
const cache = cacheRoot(process.env);
const model = values.model ?? join(cache, 'demo-models', 'smollm2-135m', 'model');
if (!existsSync(model)) throw new Error(`no model at ${model}: give --model, or run the demo once`);
const python = await managedPython({ cache, environment: process.env, note: say });
const benchmarks = selectBenchmarks(values.benchmarks.split(','));
const scratch = await mkdtemp(join(tmpdir(), 'sos-bench-cli-'));
const ratios: number[] = [];
try {
  for (let run = 1; run <= Number(values.runs); run++) {
    const output = join(scratch, `ours-${run}`);
    const ours = await timeOurs(output);
    const theirs = await runHarnessCli({
      python,
      model,
      cache,
      data: values.data,
      benchmarks,
      batchSize: 8,
      maxGenToks: Number(values['max-gen-toks']),
      seed: 1234,
      folder: join(scratch, `theirs-${run}`),
    });
    const agreement = await compareItems(join(output, 'journal.ndjson'), theirs.items);
    ratios.push(ours.seconds / theirs.seconds);
    say(
      `run ${run}: ours ${ours.seconds.toFixed(1)} s, lm_eval ${theirs.seconds.toFixed(1)} s, ratio ${ratios.at(-1)?.toFixed(3)}; ` +
        `${agreement.compared} items compared, ${agreement.disagreements.length} differ, ${agreement.nearTies.length} near-ties, ` +
        `${agreement.missing.length} missing; our Node process ${ours.peakMegabytes.toFixed(0)} MB`,
    );
  }
  say(
    `median ratio ${ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]?.toFixed(3)} (to be <= 1.05)`,
  );
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function timeOurs(output: string): Promise<{ seconds: number; peakMegabytes: number }> {
  const started = performance.now();
  const child = execa(
    'node',
    [
      [
        'dist/cli.js',
        'run',
        '--model',
        model,
        '--model-args',
        'dtype=float32',
        '--datasets-dir',
        values.data,
      ],
      ['--benchmarks', values.benchmarks, '--batch-size', '8', '--max-gen-toks', values['max-gen-toks']],
      ['--device', 'cpu', '--output', output],
    ].flat(),
    { stdin: 'ignore' },
  );
  let peak = 0;
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }, 200);
  try {
    await child;
  } finally {
    clearInterval(watch);
  }
  return { seconds: (performance.now() - started) / 1000, peakMegabytes: peak / 1024 };
}
