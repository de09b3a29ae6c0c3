import { stringify } from 'yaml';
import type { TaskScore } from '../../record/results/task-scores.ts';
import type { RunRecord } from '../../record/schema.ts';
import { checkAddress } from '../links.ts';
import { type HubMeasureOptions, hubValue, measureTasks } from './measured.ts';

/** What a file for the Hub is made of. */
interface HubRecord {
  record: RunRecord;
  /** Of the record, as its harness measures them. */
  tasks: readonly TaskScore[];
}

export interface HubFileOptions extends HubMeasureOptions {
  /** Page of the web that the results are from; null for none. */
  source: string | null;
}

/** A file for the Hub, and a line for each score that is not in it. */
export interface HubFile {
  text: string;
  entries: number;
  leftOut: string[];
}

/**
 * Tasks that are benchmarks of the Hub: by our task, the id in the `eval.yaml` of its data set. Of our 24 data sets these two have one:
 * huggingface.co/datasets/TIGER-Lab/MMLU-Pro and huggingface.co/datasets/Idavidrein/gpqa.
 */
const REGISTERED: Readonly<Record<string, { name: string; benchmark: string; dataset: string; id: string }>> =
  {
    leaderboard_mmlu_pro: mmluPro(),
    sosb_gpqa_diamond: gpqa('diamond'),
    sosb_gpqa_main: gpqa('main'),
    sosb_gpqa_extended: gpqa('extended'),
  };

/** How each file begins that `renderEvalResults` makes. */
export const EVAL_RESULTS_MARK = '# Made by sos-bench: show --format eval-results';

/**
 * A record's scores as the Hub's model pages show them: a list for `.eval_results/*.yaml` of the model's repository. Only of benchmarks that
 * the Hub has, and only what was measured as it says; `notes` of each tells how. Values are points. Text from the record is quoted.
 */
export function renderEvalResults(
  { record, tasks }: HubRecord,
  { source, samples }: HubFileOptions,
): HubFile {
  const leftOut: string[] = [];
  const url = checkAddress(source);
  const entries = Object.entries(REGISTERED).flatMap(([task, { name, benchmark, dataset, id }]) => {
    const result = record.benchmarks.find((one) => one.id === benchmark);
    if (result === undefined) return [];
    const { measured, problem } = measureTasks(record, result, [task], { samples });
    const score = tasks.find((one) => one.task === task);
    if (measured === null || score === undefined) {
      leftOut.push(`${name}: ${problem ?? 'it has no score'}`);
      return [];
    }
    return [
      {
        dataset: {
          ...{ id: dataset, task_id: id },
          ...(measured.revision !== null && { revision: measured.revision }),
        },
        value: hubValue(score.mean),
        ...(record.finished !== null && { date: record.finished.slice(0, 10) }),
        ...(url !== null && { source: { url, name: 'SOS-Bench' } }),
        notes: measured.notes,
      },
    ];
  });
  return {
    text: `${EVAL_RESULTS_MARK}\n${writeYaml(entries)}`,
    entries: entries.length,
    leftOut,
  };
}

/** YAML whose strings are quoted: readers of YAML 1.1 take a plain date for a date, and `no` for false. */
export function writeYaml(document: unknown): string {
  return stringify(document, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 });
}

function mmluPro() {
  return { name: 'MMLU-Pro', benchmark: 'mmlu-pro', dataset: 'TIGER-Lab/MMLU-Pro', id: 'mmlu_pro' };
}

function gpqa(id: string) {
  return { name: `GPQA ${id}`, benchmark: 'gpqa', dataset: 'Idavidrein/gpqa', id };
}
