/**
 * `compare --json` of two full-size records (24 benchmarks, 152,380 items each) from process start to JSON, beside the same
 * analysis in pandas and scipy. To be under 1.5 s and 400 MB, and at least 3 times as fast.
 *
 *   node bench/compare-speed.ts [--python PATH] [--runs N]
 *
 * Without a Python that has pandas, pyarrow and scipy only our own half is measured. Both halves are checked to give the
 * same numbers.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { writeRecord } from '../src/record/write.ts';
import { CATALOGUE } from '../src/suite/catalogue.ts';
import type { Verdict } from '../src/verdict/schema.ts';
import { fullSizeRecords } from './support/full-size-records.ts';

const { values } = parseArgs({
  options: { python: { type: 'string' }, runs: { type: 'string', default: '5' } },
});
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-compare-speed-'));
const [main, pr, sizes] = ['main', 'pr', 'sizes.json'].map((name) => join(folder, name));

try {
  const { baseline, candidate } = fullSizeRecords(1);
  await writeRecord(main!, baseline.record, baseline.items);
  await writeRecord(pr!, candidate.record, candidate.items);
  const ours = await measure(
    [process.execPath, 'dist/cli.js', 'compare', '--baseline', main!, '--candidate', pr!, '--json'],
    [0, 1],
  );
  report('sos-bench compare --json', ours, ' (to be under 1.5 s and 400 MB)');

  if (values.python) {
    writeFileSync(sizes!, JSON.stringify(describeRows()));
    const script = join(import.meta.dirname, 'support', 'compare_with_pandas.py');
    const items = (record: string) => join(record, 'items.parquet');
    const theirs = await measure([values.python, script, items(main!), items(pr!), sizes!], [0]);
    report('pandas and scipy', theirs);
    const ratio = (key: 'seconds' | 'processor') => (theirs[key] / ours[key]).toFixed(1);
    say(`ratio ${ratio('seconds')} (to be at least 3), of processor time ${ratio('processor')}`);
    const differences = farthest(JSON.parse(ours.output), JSON.parse(theirs.output));
    say(`largest difference of an estimate, standard error or p-value: ${differences.toExponential(1)}`);
  } else say('pandas: not measured (give --python PATH)');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

interface Measured {
  seconds: number;
  from: number;
  to: number;
  /** Processor time, median. */
  processor: number;
  /** Peak resident memory, MB. */
  memory: number;
  output: string;
}

/** Median of several runs, each in a process of its own under `time`. */
async function measure(command: string[], codes: number[]): Promise<Measured> {
  const times: number[] = [];
  const processor: number[] = [];
  let memory = 0;
  let output = '';
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const done = await execa('/usr/bin/time', ['-f', '%M %U %S', ...command], {
      reject: false,
      maxBuffer: 1e8,
    });
    times.push((performance.now() - started) / 1000);
    if (!codes.includes(done.exitCode ?? -1)) throw new Error(`${command.join(' ')}: ${done.stderr}`);
    // `time` says first if the exit code is not 0, and its figure last.
    const [kilobytes, user, system] = done.stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
    memory = Math.max(memory, kilobytes! / 1024);
    processor.push(user! + system!);
    output = done.stdout;
  }
  times.sort((a, b) => a - b);
  return {
    seconds: median(times),
    from: times[0]!,
    to: times.at(-1)!,
    processor: median(processor),
    memory,
    output,
  };
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}

/** What the Python half has to know of the benchmarks. */
function describeRows() {
  return Object.fromEntries(
    CATALOGUE.map(({ id, factor, size, direction, harness, metric }) => [
      id,
      {
        factor,
        weight: size,
        inverted: direction === 'lower',
        graded: harness === 'livebench' || metric === 'ifeval' ? metric : null,
      },
    ]),
  );
}

interface Theirs {
  factors: { id: string; estimate: number; se: number; p: number; pAdjusted: number }[];
  benchmarks: Theirs['factors'];
}

function farthest(ours: Verdict, theirs: Theirs): number {
  let largest = 0;
  for (const part of ['factors', 'benchmarks'] as const) {
    for (const { id, delta } of ours[part]) {
      const other = theirs[part].find((row) => row.id === id)!;
      for (const key of ['estimate', 'se', 'p', 'pAdjusted'] as const) {
        largest = Math.max(largest, Math.abs(delta[key]! - other[key]));
      }
    }
  }
  return largest;
}

function report(what: string, { seconds, from, to, processor, memory }: Measured, bound = ''): void {
  say(
    `${what}: median ${seconds.toFixed(2)} s (${from.toFixed(2)} to ${to.toFixed(2)}), ` +
      `processor ${processor.toFixed(2)} s, peak ${memory.toFixed(0)} MB${bound}`,
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
