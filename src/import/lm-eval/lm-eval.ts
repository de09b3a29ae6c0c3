import { basename, dirname } from 'node:path';
import { plural } from '../../count.ts';
import { makeFields, scanObject } from '../format/json-bytes.ts';
import { type OnRecord, readRecords } from '../read-records.ts';
import { BadRecord, BadRecords, Refusal } from '../refusal.ts';
import type { ImportSource } from '../source.ts';
import { addDropped, sourceOfResults, sourceOfSamples } from './make-source.ts';
import { commonMetrics, metricOf, nameParts, type ResultsFile, readResultsFile } from './results-file.ts';
import { type SampledTask, SampleReader } from './samples.ts';

export interface SampleFile {
  path: string;
  /** An object of arrays, by task. */
  grouped: boolean;
}

export interface LmEvalImport {
  sources: ImportSource[];
  refused: { path: string; reason: string }[];
}

/** Reads results files and the sample logs that belong to them; logs without results are sources of their own. */
export async function readLmEval(
  resultsPaths: readonly string[],
  sampleFiles: readonly SampleFile[],
  onProgress: (path: string) => void,
): Promise<LmEvalImport> {
  const done: LmEvalImport = { sources: [], refused: [] };
  const attempt = async (path: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      done.refused.push({ path, reason: error.message });
    }
  };
  const files: ResultsFile[] = [];
  for (const path of resultsPaths) {
    await attempt(path, async () => void files.push(await readResultsFile(path)));
  }
  const common = commonMetrics(files);
  for (const file of files) {
    file.common = common;
    readAllEmbedded(file);
  }
  const alone: ImportSource[] = [];
  for (const sample of sampleFiles) {
    onProgress(sample.path);
    await attempt(sample.path, async () => {
      for (const [task, { owner, read }] of await readSampleFile(sample, files)) {
        if (owner === null) alone.push(sourceOfSamples(sample.path, task, read, files));
        else if (owner.sampled.has(task))
          throw new Refusal(`${task}: another log of the same run was read already`);
        else {
          owner.sampled.set(task, read);
          owner.files.push(basename(sample.path));
        }
      }
    });
  }
  done.sources = [...files.map(sourceOfResults), ...alone];
  return done;
}

function readAllEmbedded(file: ResultsFile): void {
  for (const [task, records] of Object.entries(file.results.samples ?? {})) {
    if (Array.isArray(records)) readEmbedded(file, task, records);
  }
}

/** Logs that stand in the results file, as the harness's Python function returns them. */
function readEmbedded(file: ResultsFile, task: string, records: readonly unknown[]): void {
  const fields = makeFields();
  const bad = new BadRecords();
  try {
    const reader = new SampleReader(task, metricOf(file, task));
    let taken = 0;
    for (const record of records) {
      try {
        const bytes = Buffer.from(JSON.stringify(record));
        scanObject(bytes, 0, bytes.length, fields);
        reader.take(bytes, fields);
        taken++;
      } catch (error) {
        if (!(error instanceof BadRecord)) throw error;
        bad.add(error.message);
      }
    }
    bad.requireMinority(taken);
    file.sampled.set(task, reader.finish());
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof SyntaxError)) throw error;
    file.notes.push(`${task}: samples not used: ${error.message}`);
  }
}

interface ReadTask {
  owner: ResultsFile | null;
  read: SampledTask;
}

async function readSampleFile(
  { path, grouped }: SampleFile,
  files: readonly ResultsFile[],
): Promise<Map<string, ReadTask>> {
  const readers = new Map<string, { owner: ResultsFile | null; reader: SampleReader }>();
  const single = nameParts(path).task;
  const bad = new BadRecords();
  const take: OnRecord = (bytes, fields, group) => {
    const task = group ?? single;
    let open = readers.get(task);
    if (open === undefined) {
      const owner = findOwner(path, task, files);
      open = { owner, reader: new SampleReader(task, owner && metricOf(owner, task)) };
      readers.set(task, open);
    }
    open.reader.take(bytes, fields);
  };
  bad.requireMinority(await readRecords(path, grouped, take, bad));
  if (readers.size === 0) throw new Refusal('it holds no records');
  const read = [...readers].map(([task, { owner, reader }]): [string, ReadTask] => [
    task,
    { owner, read: reader.finish() },
  ]);
  // Of a line that cannot be read it is not known which task it was of, unless the file has one alone.
  if (read.length === 1)
    for (const [reason, count] of bad.reasons) addDropped(read[0]![1].read, reason, count);
  else if (bad.count > 0)
    read[0]![1].read.losses.push(
      `${basename(path)}: ${plural(bad.count, 'record')} left out: ${[...bad.reasons.keys()].join('; ')}`,
    );
  return new Map(read);
}

/** The results a log belongs to: of the same time, else the only ones in the same folder that have the task. */
function findOwner(path: string, task: string, files: readonly ResultsFile[]): ResultsFile | null {
  const { stamp } = nameParts(path);
  const having = files.filter((file) => file.results.tasks.some((reported) => reported.task === task));
  const near = having.filter((file) => dirname(file.path) === dirname(path));
  const same =
    stamp === null
      ? near.filter((file) => file.stamp === null)
      : having.filter((file) => file.stamp === stamp);
  const best = same.filter((file) => near.includes(file));
  if (best.length === 1) return best[0]!;
  if (same.length === 1) return same[0]!;
  return stamp === null && near.length === 1 ? near[0]! : null;
}
