import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { plural } from '../../count.ts';
import { sourceInFolder } from '../../harness/lm-eval/data.ts';
import type { Benchmark } from '../../suite/benchmark.ts';
import { CATALOGUE } from '../../suite/catalogue.ts';
import { nearest } from '../../suite/select.ts';
import { type Check, fail, ok, warn } from '../check.ts';

const LAYOUT = 'it holds <benchmark>/<subset>.jsonl or .parquet; docs/benchmarks.md has the names';

/** The layout of a `datasets-dir`: which benchmarks have all their files, and folders that no benchmark reads. */
export function checkData(folder: string, benchmarks: readonly Benchmark[]): Check[] {
  if (!existsSync(folder)) return [fail('datasets-dir', `there is no folder ${folder}`, LAYOUT)];
  const lacking = benchmarks.filter((benchmark) =>
    benchmark.tasks.some((task) => sourceInFolder(folder, benchmark, task, '').kind === 'unavailable'),
  );
  const ids = CATALOGUE.map(({ id }) => id);
  const strange = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ids.includes(entry.name))
    .map(({ name }) => name);
  const checks: Check[] = [];
  if (lacking.length === 0)
    checks.push(
      ok('datasets-dir', `${folder} has all that is asked for: ${plural(benchmarks.length, 'benchmark')}`),
    );
  else {
    const names = lacking.map(({ id }) => id).join(', ');
    const message = `${folder} lacks files of ${names}`;
    checks.push(
      lacking.length === benchmarks.length &&
        !benchmarks.some((benchmark) => existsSync(join(folder, benchmark.id)))
        ? fail('datasets-dir', `${folder} has no benchmark that was asked for`, LAYOUT)
        : warn('datasets-dir', `${message}: these benchmarks are skipped`, LAYOUT),
    );
  }
  for (const name of strange)
    checks.push(
      warn(
        'datasets-dir-names',
        `no benchmark reads ${join(folder, name)}`,
        `did you mean '${nearest(name, ids)}'?`,
      ),
    );
  return checks;
}
