/**
 * Whether the verdict keeps its promises, by simulation: false alarms, coverage of intervals, power beside two common
 * gates, and `detectable`. Prints Markdown; the same numbers each time. Several parts run in processes of their own, two at a time.
 *
 *   node bench/calibration.ts [--quick] [--seed N] [--repetitions N] [--only PART]... [--records A B [A B]...]
 *
 * --quick        200 simulated pull requests instead of 10,000
 * --repetitions  so many instead of 10,000; intervals after looks are of a share of them, looks' false alarms of four times as many, those of borrowing alone of twice as many
 * --only         false-alarms, score-coverage, difference-coverage, borrowing, power, detectable, visible-drops, look-alarms, look-endings,
 *                look-covariance, look-borrowing or records
 * --records      pairs of record folders whose answers are to be swapped by cluster, and borrowed from
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { readRecord } from '../src/record/read.ts';
import type { LoadedRecord } from '../src/record/schema.ts';
import { createRandom } from '../test/support/random.ts';
import { borrowedRecords } from './support/calibration/borrowed-records.ts';
import { borrowing } from './support/calibration/borrowing.ts';
import type { Context, Table } from './support/calibration/context.ts';
import { differenceCoverage } from './support/calibration/difference-coverage.ts';
import { falseAlarms } from './support/calibration/false-alarms.ts';
import { lookBorrowing } from './support/calibration/look-borrowing.ts';
import { lookAlarms, lookCovariance, lookEndings } from './support/calibration/looks.ts';
import { detectableCheck, power, visibleDrops } from './support/calibration/power.ts';
import { scoreCoverage } from './support/calibration/score-coverage.ts';
import { swapSides } from './support/calibration/swaps.ts';
import { fullSuite, miniSuite, sampledSuite, withoutLiveBench } from './support/suite-sizes.ts';

/** What takes longest begins first. */
const SLOW_FIRST = ['look-borrowing', 'borrowing', 'look-alarms', 'false-alarms'];
const PROCESSES = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    repetitions: { type: 'string' },
    only: { type: 'string', multiple: true },
    records: { type: 'boolean', default: false },
  },
});
const repetitions = Number(values.repetitions ?? (values.quick ? 200 : 10_000));
const [full, sampled, mini] = [fullSuite(), sampledSuite(5000), miniSuite()];
const suites = [full, sampled, mini];
const started = performance.now();

const parts: Record<string, (context: Context) => Table | Table[]> = {
  'false-alarms': (context) => falseAlarms(suites, context),
  'score-coverage': (context) => scoreCoverage(suites, context),
  'difference-coverage': (context) => differenceCoverage(suites, context),
  borrowing: (context) => borrowing(sampled, context),
  power: (context) => power(suites, context),
  detectable: (context) => detectableCheck([full, sampled], context),
  'visible-drops': (context) => visibleDrops([full, withoutLiveBench(full), sampled, mini], context),
  'look-alarms': lookAlarms,
  'look-endings': lookEndings,
  'look-covariance': lookCovariance,
  'look-borrowing': lookBorrowing,
};
for (const name of values.only ?? []) {
  if (name !== 'records' && !(name in parts)) throw new Error(`there is no part '${name}'`);
}
const names = Object.keys(parts).filter((name) => values.only?.includes(name) ?? true);
if (names.length === 1) {
  for (const table of [parts[names[0]!]!(contextFor())].flat()) print(table);
} else if (names.length > 1) await runApart(names);
if (values.records) {
  const pairs = await readPairs(positionals);
  print(swapSides(pairs, contextFor()));
  print(borrowedRecords(pairs, contextFor()));
}

/** Prints the parts in their order, each made in a process of its own, so many at a time. */
async function runApart(names: readonly string[]): Promise<void> {
  const rank = (name: string) => (SLOW_FIRST.includes(name) ? SLOW_FIRST.indexOf(name) : SLOW_FIRST.length);
  const waiting = [...names].sort((a, b) => rank(a) - rank(b));
  const left = [...names];
  const done = new Map<string, string>();
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      done.set(name, await runPart(name));
      for (let next = left[0]; next !== undefined && done.has(next); next = left[0]) {
        process.stdout.write(done.get(next)!);
        left.shift();
      }
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
}

async function runPart(name: string): Promise<string> {
  const given = ['--seed', values.seed, '--repetitions', String(repetitions), '--only', name];
  const child = spawn(process.execPath, [import.meta.filename, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const printed = await text(child.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`part ${name} ended with ${code}`);
  return printed;
}

/** Every part starts the generator again, so that its numbers do not depend on which other parts ran. */
function contextFor(): Context {
  return {
    random: createRandom(Number(values.seed)),
    repetitions,
    progress: (text) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(`${seconds} s  ${text}\n`);
    },
  };
}

async function readPairs(folders: readonly string[]): Promise<[LoadedRecord, LoadedRecord][]> {
  if (folders.length === 0 || folders.length % 2 === 1) throw new Error('--records needs pairs of folders');
  const records = await Promise.all(folders.map((folder) => readRecord(folder)));
  return records.flatMap((record, place) => (place % 2 ? [] : [[record, records[place + 1]!]]));
}

function print({ title, note, head, rows }: Table): void {
  process.stdout.write(`## ${title}\n\n${note}\n\n${markdownTable([head, ...rows])}\n\n`);
}
