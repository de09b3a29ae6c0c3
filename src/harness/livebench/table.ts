import Papa from 'papaparse';
import { SosBenchError } from '../../error.ts';
import { runInSandbox } from '../../system/sandbox/run.ts';
import { MODEL, withScratch } from './checkout/scratch.ts';
import { LIMITS, scriptJob } from './checkout/script.ts';
import type { ScoreOptions } from './grade/score.ts';
import type { LiveBenchQuestion } from './question.ts';

/** What LiveBench's own table says, in its points (percent): categories to 1 decimal, tasks to 3. */
export interface LiveBenchTable {
  categories: Map<string, number>;
  tasks: Map<string, number>;
  /** Mean of the categories; null where there is only one. */
  average: number | null;
}

const WALL_MS = 300_000;

/**
 * Runs LiveBench's `show_livebench_result.py` on scores, to hold our means against its.
 *
 * @param scores by question id; every question has one.
 * @throws SosBenchError `worker-failed` where it leaves no table, `interrupted`.
 */
export async function showTable(
  scores: ReadonlyMap<string, number>,
  options: Pick<
    ScoreOptions,
    'environment' | 'questions' | 'release' | 'scratchParent' | 'sandbox' | 'signal'
  >,
): Promise<LiveBenchTable> {
  const { environment, questions, release, scratchParent, sandbox, signal } = options;
  return await withScratch(scratchParent, questions, scores, async (input) => {
    const args = ['--bench-name', 'live_bench', '--question-source', 'jsonl'];
    const job = scriptJob(
      environment,
      sandbox,
      'show_livebench_result.py',
      [...args, '--livebench-release-option', release],
      {
        input,
        watch: ['all_groups.csv', 'all_tasks.csv'],
        limits: { ...LIMITS, wallMs: WALL_MS, silenceMs: WALL_MS },
        scratchParent,
        signal,
      },
    );
    const { files, printed } = await runInSandbox(sandbox, job);
    const groups = parseRow(files?.get('all_groups.csv'));
    const tasks = parseRow(files?.get('all_tasks.csv'));
    if (groups === null || tasks === null) {
      const last = printed.trim().split('\n').at(-1) ?? '';
      throw new SosBenchError(
        'worker-failed',
        `LiveBench's table script left no table: ${last.slice(0, 200)}`,
      );
    }
    const { average = null, ...categories } = Object.fromEntries(groups);
    return { categories: new Map(Object.entries(categories)), tasks, average };
  });
}

/** Our model's line of one of its tables. */
function parseRow(csv: string | undefined): Map<string, number> | null {
  if (csv === undefined) return null;
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, skipEmptyLines: true });
  const row = data.find(({ model }) => model === MODEL);
  if (row === undefined) return null;
  return new Map(
    Object.entries(row)
      .filter(([name]) => name !== 'model')
      .map(([name, value]) => [name, Number(value)]),
  );
}

/** Category means as LiveBench makes them, a fraction of 1: the mean of the means of the tasks. */
export function categoryMeans(
  questions: readonly LiveBenchQuestion[],
  scores: ReadonlyMap<string, number>,
): Map<string, number> {
  const tasks = new Map<string, Map<string, number[]>>();
  for (const { id, category, task } of questions) {
    const score = scores.get(id);
    if (score === undefined) continue;
    const ofCategory = tasks.get(category) ?? new Map<string, number[]>();
    tasks.set(category, ofCategory.set(task, [...(ofCategory.get(task) ?? []), score]));
  }
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return new Map([...tasks].map(([category, byTask]) => [category, mean([...byTask.values()].map(mean))]));
}
