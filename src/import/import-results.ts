import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { noun } from '../count.ts';
import { SosBenchError } from '../error.ts';
import { buildImportedRecord } from './build-record.ts';
import { detectFile } from './detect.ts';
import { readTable, type Table } from './format/read-table.ts';
import { joinHalves, type Unjoined } from './join.ts';
import { type JudgedModel, joinJudged } from './judged/judged-model.ts';
import { type JudgedFiles, ownPublished, readJudged } from './judged/read-judged.ts';
import { listFiles } from './list-files.ts';
import { readJudgments } from './livebench/judgments.ts';
import { findRelease, readLiveBenchTable } from './livebench/table.ts';
import { folderNames } from './lm-eval/folder-names.ts';
import { readHarnessTable } from './lm-eval/harness-table.ts';
import { readLmEval, type SampleFile } from './lm-eval/lm-eval.ts';
import { mergeSources, type Run } from './merge.ts';
import { type Names, readNames } from './names.ts';
import { Refusal } from './refusal.ts';
import type { ImportSource } from './source.ts';
import { type NewRecord, writeRecords } from './write-records.ts';

export interface ImportRequest {
  /** Files, or folders that are searched. */
  paths: readonly string[];
  output: string;
  /** Names file; one that lies beside the results is found without. */
  names: string | null;
  repair: boolean;
  /** Told before each sample log is read. */
  onProgress: (path: string) => void;
}

interface LeftOut {
  file: string;
  reason: string;
}

/** What an import made and what it left. */
export interface ImportReport {
  records: {
    model: string;
    folder: string;
    from: string;
    benchmarks: number;
    items: number;
    /** Scores of judges, by benchmark and judge, and the games behind them. */
    judged: number;
    games: number;
    files: string[];
    repairs: string[];
    notes: string[];
    /** Lines and questions that were lost, in words; they are among the notes too. */
    losses: string[];
  }[];
  /** Rows of one half of the published scores that the other half lacks. */
  unjoined: Unjoined[];
  /** Results that cannot be used. */
  refused: LeftOut[];
  /** Files that are no results. */
  ignored: LeftOut[];
}

/**
 * Makes one record folder a model and run of what others left.
 *
 * @throws SosBenchError `import-invalid` when a path holds nothing to import, `record-exists` when a folder is taken;
 * nothing is written then.
 */
export async function importResults(request: ImportRequest): Promise<ImportReport> {
  const found = await findFiles(request.paths);
  const names = await findNames(request, found);
  const { sources, unjoined } = await readAll(found, names, request.onProgress);
  const { judged, published } = await readJudged(judgedFiles(found), names, request.onProgress);
  if (sources.length + judged.length + published.length === 0) throw nothingToImport(request.paths, found);
  const models = new Set([...sources, ...judged].map(({ model }) => model));
  const boards = ownPublished(published, models);
  unjoined.push(...boards.unjoined);
  const runs = addJudged(mergeSources(sources), joinJudged([...judged, ...boards.own]));
  const folders = folderNames(runs);
  const records: ImportReport['records'] = [];
  await writeRecords(request.output, build(runs, folders, request, records), runs.length);
  return { records, unjoined, refused: found.refused.map(nameOnly), ignored: found.ignored.map(nameOnly) };
}

function* build(
  runs: readonly Run[],
  folders: readonly string[],
  request: ImportRequest,
  done: ImportReport['records'],
): Generator<NewRecord> {
  for (const [i, run] of runs.entries()) {
    const { record, items, games } = buildImportedRecord(run, request);
    const folder = folders[i]!;
    const { from, files, repairs, notes } = record.imported!;
    done.push({
      model: record.model.name,
      folder: join(request.output, folder),
      from,
      benchmarks: record.benchmarks.filter(({ status }) => status !== 'skipped').length,
      items: items.length,
      judged: record.judge?.length ?? 0,
      games: games.reduce((sum, board) => sum + board.games.length, 0),
      files,
      repairs,
      notes,
      losses: [
        ...new Set([...run.sources.flatMap(({ losses = [] }) => losses), ...(run.judged?.losses ?? [])]),
      ],
    });
    yield { folder, record, items, games };
  }
}

interface PathAndReason {
  path: string;
  reason: string;
}

interface Found {
  results: string[];
  samples: SampleFile[];
  judgments: { path: string; isParquet: boolean }[];
  harnessTables: string[];
  liveBenchTables: string[];
  arenaHard: string[];
  answers: string[];
  annotations: string[];
  boards: string[];
  names: string[];
  ignored: PathAndReason[];
  refused: PathAndReason[];
}

async function findFiles(paths: readonly string[]): Promise<Found> {
  const found: Found = {
    results: [],
    samples: [],
    judgments: [],
    harnessTables: [],
    liveBenchTables: [],
    arenaHard: [],
    answers: [],
    annotations: [],
    boards: [],
    names: [],
    ignored: [],
    refused: [],
  };
  const seen = new Set<string>();
  for (const path of paths) {
    const files = await listFiles(path);
    if (files.length === 0) found.ignored.push({ path, reason: 'it is an empty folder' });
    for (const file of files) {
      if (!seen.has(file)) await sort(file, found);
      seen.add(file);
    }
  }
  return found;
}

async function sort(path: string, found: Found): Promise<void> {
  try {
    const detected = await detectFile(path);
    if ('refused' in detected) found.refused.push({ path, reason: detected.refused });
    else if ('ignored' in detected) found.ignored.push({ path, reason: detected.ignored });
    else {
      const { kind } = detected;
      if (kind === 'lm-eval-results') found.results.push(path);
      else if (kind === 'livebench-judgments') found.judgments.push({ path, isParquet: false });
      else if (kind === 'livebench-judgments-parquet') found.judgments.push({ path, isParquet: true });
      else if (kind === 'harness-table') found.harnessTables.push(path);
      else if (kind === 'livebench-table') found.liveBenchTables.push(path);
      else if (kind === 'arena-hard-judgments') found.arenaHard.push(path);
      else if (kind === 'answers') found.answers.push(path);
      else if (kind === 'alpaca-eval-annotations') found.annotations.push(path);
      else if (kind === 'judge-board') found.boards.push(path);
      else if (kind === 'names') found.names.push(path);
      else found.samples.push({ path, grouped: kind === 'lm-eval-sample-groups' });
    }
  } catch (error) {
    found.refused.push({ path, reason: readFailure(error) });
  }
}

/** One file that cannot be read does not keep the others from being. */
function readFailure(error: unknown): string {
  if (error instanceof SosBenchError) return 'there is no permission to read it';
  if (error instanceof Error && 'code' in error) return `it cannot be read (${String(error.code)})`;
  throw error;
}

async function findNames({ names, paths }: ImportRequest, found: Found): Promise<Names | null> {
  if (names !== null) return readNames(names);
  const beside = paths.map((path) => join(dirname(path), 'names.csv')).filter((path) => existsSync(path));
  const tables = found.harnessTables.length + found.liveBenchTables.length + found.boards.length;
  const candidates = [...new Set([...found.names, ...(tables > 0 ? beside : [])])];
  if (candidates.length > 1) {
    throw new SosBenchError('import-invalid', `there are several names files: ${candidates.join(', ')}`, {
      hint: 'say which one counts with --names',
    });
  }
  const [path] = candidates;
  if (path === undefined) return null;
  if (!found.names.includes(path)) {
    const detected = await detectFile(path);
    if (!('kind' in detected) || detected.kind !== 'names') return null;
  }
  return readNames(path);
}

/** Does the work for one file; where that is refused, the others are still read. */
async function attemptFile(found: Found, path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    found.refused.push({ path, reason: error.message });
  }
}

function judgedFiles(found: Found): JudgedFiles {
  const { arenaHard, answers, annotations, boards } = found;
  return {
    ...{ arenaHard, answers, annotations, boards },
    attempt: (path, work) => attemptFile(found, path, work),
    ignore: (path, reason) => void found.ignored.push({ path, reason }),
  };
}

/** What judges found of a model goes into its record, where it has one alone; else into a record of its own. */
function addJudged(runs: Run[], judged: readonly JudgedModel[]): Run[] {
  const all = [...runs];
  for (const own of judged) {
    const same = runs.filter(({ model }) => model === own.model);
    if (same.length === 1) same[0]!.judged = own;
    else all.push({ model: own.model, sources: [], suffix: same.length > 1 ? 'judged' : null, judged: own });
  }
  return all;
}

async function readAll(found: Found, names: Names | null, onProgress: (path: string) => void) {
  const tables = { harness: [] as ImportSource[], liveBench: [] as ImportSource[] };
  const judged: ImportSource[] = [];
  const attempt = (path: string, work: () => Promise<void>) => attemptFile(found, path, work);
  for (const path of found.harnessTables) {
    await attempt(path, async () => {
      for (const source of readHarnessTable(await readTable(path), basename(path)))
        tables.harness.push(source);
    });
  }
  const read = new Map<string, Table>();
  for (const path of found.liveBenchTables) {
    await attempt(path, async () => void read.set(path, await readTable(path)));
  }
  const release = findRelease([...read.values()]);
  for (const [path, table] of read) {
    await attempt(path, async () => {
      for (const source of readLiveBenchTable(table, basename(path), release)) tables.liveBench.push(source);
    });
  }
  for (const { path, isParquet } of found.judgments) {
    await attempt(
      path,
      async () => void judged.push(...(await readJudgments(path, basename(path), isParquet))),
    );
  }
  const logs = await readLmEval(found.results, found.samples, onProgress);
  found.refused.push(...logs.refused);
  for (const source of judged)
    source.model = names?.liveBench.get(source.model.toLowerCase()) ?? source.model;
  const joined = joinHalves(tables, names);
  for (const path of found.liveBenchTables) {
    if (!joined.superseded.includes(basename(path))) continue;
    found.ignored.push({
      path,
      reason: 'it has the means of categories, another table those of their tasks',
    });
  }
  const sources = [...joined.sources, ...logs.sources, ...judged];
  return { sources: sources.filter((source) => hasScores(source, found)), unjoined: joined.unjoined };
}

/** A source without a single score makes no record, unless its tasks are listed as not scored. */
function hasScores({ model, files, tasks }: ImportSource, found: Found): boolean {
  if (tasks.some(({ skipped, notScored }) => skipped === null || notScored === true)) return true;
  const reasons = [...new Set(tasks.map(({ task, skipped }) => `${task}: ${skipped}`))].slice(0, MAX_REASONS);
  found.refused.push({ path: files[0]!, reason: `no score of ${model} can be used (${reasons.join('; ')})` });
  return false;
}

const MAX_REASONS = 5;

function nothingToImport(paths: readonly string[], found: Found): SosBenchError {
  const named = found.names.map((path) => ({ path, reason: 'a names file has no scores' }));
  const reasons = [...found.refused, ...found.ignored, ...named];
  const shown = reasons
    .slice(0, MAX_REASONS)
    .map(({ path, reason }) =>
      paths.length === 1 && path === paths[0] ? reason : `${basename(path)}: ${reason}`,
    );
  const more =
    reasons.length > MAX_REASONS
      ? `; and ${reasons.length - MAX_REASONS} ${noun(reasons.length - MAX_REASONS, 'more file')}`
      : '';
  return new SosBenchError(
    'import-invalid',
    `there is nothing to import in ${paths.join(', ')}: ${shown.join('; ')}${more}`,
    {
      hint: "results or sample logs of lm-evaluation-harness, LiveBench's judgments or tables, Arena-Hard's judgments, AlpacaEval's annotations, boards of judges, or the published tables can be imported",
    },
  );
}

function nameOnly({ path, reason }: PathAndReason): LeftOut {
  return { file: basename(path), reason };
}
