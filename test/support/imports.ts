import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ImportReport, importResults } from '../../src/import/import-results.ts';
import { readRecord } from '../../src/record/read.ts';
import type { BenchmarkResult, LoadedRecord } from '../../src/record/schema.ts';
import { temporaryFolder } from './folder.ts';

export const FIXTURES = 'test/fixtures/import';
export const LM_EVAL = `${FIXTURES}/lm-eval/acme__tiny`;
export const STAMP = '2026-02-03T04-05-06.700000';

/** Real material beside the checkout, which is not a part of the project; undefined where it is absent. */
export const SHARED = ['../shared/data', '../../shared/data']
  .map((path) => resolve(path))
  .find((path) => existsSync(path));

/** Options of a test that needs it: skips, saying so, where it is absent. */
export const needsShared = { skip: SHARED === undefined && '../shared is absent' };

interface Options {
  names?: string;
  repair?: boolean;
  output?: string;
}

/** Imports and reads back all records, by folder name. */
export async function importAll(
  paths: string | readonly string[],
  { names, repair = false, output = join(temporaryFolder(), 'out') }: Options = {},
): Promise<{ report: ImportReport; records: Map<string, LoadedRecord> }> {
  const report = await importResults({
    paths: typeof paths === 'string' ? [paths] : paths,
    output,
    names: names ?? null,
    repair,
    onProgress: () => undefined,
  });
  const records = new Map<string, LoadedRecord>();
  for (const name of readdirSync(output)) records.set(name, await readRecord(join(output, name)));
  return { report, records };
}

/** The only record of an import. */
export async function importOne(paths: string | readonly string[], options?: Options): Promise<LoadedRecord> {
  const { records } = await importAll(paths, options);
  if (records.size !== 1) throw new Error(`${records.size} records: ${[...records.keys()].join(', ')}`);
  return [...records.values()][0]!;
}

/** Imports one table of so many models; counts the records told of, and folders among them. */
export async function importManyModels(count: number): Promise<{ records: number; folders: number }> {
  const path = join(temporaryFolder(), 'scores.csv');
  const rows = Array.from({ length: count }, (_, index) => `model ${index},0.${index % 10}5`);
  writeFileSync(path, `Name,toxigen/acc\n${rows.join('\n')}\n`);
  const { records } = await importResults({
    paths: [path],
    output: join(temporaryFolder(), 'out'),
    names: null,
    repair: false,
    onProgress: () => undefined,
  });
  return { records: records.length, folders: new Set(records.map(({ folder }) => folder)).size };
}

export function benchmark({ record }: LoadedRecord, id: string): BenchmarkResult {
  const found = record.benchmarks.find((result) => result.id === id);
  if (found === undefined)
    throw new Error(`no ${id} among ${record.benchmarks.map((result) => result.id).join()}`);
  return found;
}

/** The records of one of the fixture's sample logs. */
export function sampleLines(task: string): Record<string, unknown>[] {
  return readFileSync(join(LM_EVAL, `samples_${task}_${STAMP}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
