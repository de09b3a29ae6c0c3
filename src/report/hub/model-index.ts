import type { RunRecord } from '../../record/schema.ts';
import type { CatalogueBenchmark } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { checkAddress } from '../links.ts';
import { type HubFile, type HubFileOptions, writeYaml } from './eval-results.ts';
import { hubValue, measureTasks } from './measured.ts';

/** How each text begins that `renderModelIndex` makes. */
export const MODEL_INDEX_MARK = '# Made by sos-bench: show --format model-index';

/** Ids of metrics as model cards have them, and what they are called. */
const METRICS: Record<string, { type: string; name: string }> = {
  acc: { type: 'accuracy', name: 'accuracy' },
  acc_norm: { type: 'acc_norm', name: 'accuracy, normalised by length' },
  exact_match: { type: 'exact_match', name: 'exact match' },
  ifeval: { type: 'ifeval', name: 'mean of strict and loose, by prompt and by instruction' },
  livebench: { type: 'livebench', name: "LiveBench's score, mean of its tasks" },
};

/**
 * A record's benchmarks as the `model-index` of a model card: YAML for the head of its `README.md`. Scores are points as the harness
 * measures them, so WMDP is not inverted, and says so. Text from the record is quoted.
 */
export function renderModelIndex(record: RunRecord, { source, samples }: HubFileOptions): HubFile {
  const leftOut: string[] = [];
  const url = checkAddress(source);
  const results = record.benchmarks.flatMap((result) => {
    const benchmark = findBenchmark(result.id);
    const names = benchmark?.tasks.map(({ name }) => name) ?? [];
    const { measured, problem } = measureTasks(record, result, names, { samples });
    if (measured === null || benchmark === undefined || result.mean === null) {
      leftOut.push(`${benchmark?.name ?? result.id}: ${problem ?? 'it has no score'}`);
      return [];
    }
    const { revision, fewshot, notes } = measured;
    const metric = METRICS[benchmark.metric]!;
    const direction = benchmark.direction === 'lower' ? ', lower is better' : '';
    return [
      {
        task: { type: 'text-generation', name: 'Text Generation' },
        dataset: {
          ...{ name: benchmark.name, type: benchmark.dataset.id, ...partOf(benchmark) },
          ...(revision !== null && { revision }),
          ...(fewshot !== null && { args: { num_few_shot: fewshot } }),
        },
        metrics: [
          {
            type: metric.type,
            value: hubValue(result.mean),
            name: `${metric.name}${direction} (${notes})`,
          },
        ],
        ...(url !== null && { source: { name: 'SOS-Bench', url } }),
      },
    ];
  });
  const document = { 'model-index': [{ name: record.model.name, results }] };
  return { text: `${MODEL_INDEX_MARK}\n${writeYaml(document)}`, entries: results.length, leftOut };
}

/** The split, where all questions of a benchmark are of one. */
function partOf({ tasks }: CatalogueBenchmark): { split?: string } {
  const [first, ...others] = tasks;
  return first !== undefined && others.every(({ split }) => split === first.split)
    ? { split: first.split }
    : {};
}
