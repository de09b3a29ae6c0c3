import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { sourceInFolder, taskSpec } from '../../harness/lm-eval/data.ts';
import type { ShownQuestion } from '../../harness/lm-eval/messages.ts';
import type { Worker } from '../../harness/lm-eval/worker.ts';
import { WorkerFault } from '../../harness/lm-eval/worker-fault.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { whyTextIsWithheld } from '../../suite/withheld-text.ts';
import { startWorker } from '../workers/workers.ts';
import { type ReaderContext, type ReaderRequest, withQuestionReader } from './question-reader.ts';

/** A question whose text is wanted. */
export interface WantedQuestion {
  benchmark: string;
  task: string;
  docId: number;
  /** First 8 bytes of the document's SHA-256, as 16 hex digits. */
  docHash: string;
}

export interface FoundTexts {
  /** By task and hash, as `textKey` makes it of them. */
  texts: ReadonlyMap<string, ShownQuestion>;
  /** Why some have none: a line for each benchmark or task. */
  notes: readonly string[];
}

/** What a text is found by. */
export function textKey({ task, docHash }: Pick<WantedQuestion, 'task' | 'docHash'>): string {
  return `${task} ${docHash}`;
}

/**
 * The questions themselves, as the harness puts them, from a folder of data on this machine (as `datasets-dir`). A text is only given
 * where its document has the hash of the record; sets that are gated or harmful are left out, whatever the folder has.
 *
 * @throws SosBenchError `data-missing` where there is no such folder; as starting a worker does.
 */
export async function readShownQuestions(
  wanted: readonly WantedQuestion[],
  { datasetsDir, ...request }: Omit<ReaderRequest, 'includePaths'> & { datasetsDir: string },
  context: ReaderContext,
): Promise<FoundTexts> {
  const folder = resolve(context.cwd, datasetsDir);
  if (!existsSync(folder))
    throw new SosBenchError('data-missing', `there is no folder ${folder}`, {
      hint: "'sos-bench prefetch --datasets-dir DIR' writes the data to one",
    });
  const texts = new Map<string, ShownQuestion>();
  const notes = new Set<string>();
  const tasks = groupByTask(wanted.filter((question) => !isWithheld(question, notes)));
  if (tasks.size === 0) return { texts, notes: [...notes] };
  await withQuestionReader({ ...request, includePaths: [] }, context, async ({ settings, note }) => {
    note('Reading the questions');
    const worker = await startWorker(settings);
    try {
      for (const [task, questions] of tasks) {
        const problem = await readTask(worker, folder, task, questions, texts);
        if (problem !== null) notes.add(problem);
      }
    } finally {
      await worker.shutdown();
    }
  });
  return { texts, notes: [...notes] };
}

function isWithheld({ benchmark }: WantedQuestion, notes: Set<string>): boolean {
  const found = findBenchmark(benchmark);
  const why =
    whyTextIsWithheld(benchmark) ??
    (found?.harness === 'livebench' ? 'only questions of lm-eval are read' : null);
  if (why !== null) notes.add(`${found?.name ?? benchmark}: no text, ${why}`);
  return why !== null;
}

function groupByTask(wanted: readonly WantedQuestion[]): Map<string, WantedQuestion[]> {
  const tasks = new Map<string, WantedQuestion[]>();
  for (const question of wanted) tasks.set(question.task, [...(tasks.get(question.task) ?? []), question]);
  return tasks;
}

/** Adds the texts of a task; what kept some of them away, or null. */
async function readTask(
  worker: Worker,
  folder: string,
  name: string,
  questions: readonly WantedQuestion[],
  texts: Map<string, ShownQuestion>,
): Promise<string | null> {
  const benchmark = findBenchmark(questions[0]!.benchmark);
  const task = benchmark?.tasks.find((one) => one.name === name);
  if (benchmark === undefined || task === undefined)
    return `${name}: no text, the catalogue does not know it`;
  const source = sourceInFolder(folder, benchmark, task, 'datasets-dir');
  if (source.kind === 'unavailable') return `${name}: no text, ${source.reason}`;
  const spec = taskSpec(benchmark, task, source, null);
  try {
    const answer = await worker.request({ type: 'texts', spec, items: questions.map(({ docId }) => docId) });
    if (answer.type !== 'texts') throw new Error(`the worker answered 'texts' with '${answer.type}'`);
    let others = 0;
    for (const [index, question] of questions.entries()) {
      const found = answer.texts[index];
      if (found?.docHash === question.docHash) texts.set(textKey(question), found);
      else others++;
    }
    return others === 0
      ? null
      : `${name}: no text of ${others}, the data in ${folder} is another than that of the records`;
  } catch (error) {
    if (!(error instanceof WorkerFault) || error.ended) throw error;
    return `${name}: no text, ${error.message}`;
  }
}
