import { ownValue } from '../json.ts';

/** Those that LiveBench's scripts accept at the pinned commit; they end with an error for any other date. */
export const LIVEBENCH_RELEASES = [
  '2024-06-24',
  '2024-07-26',
  '2024-08-31',
  '2024-11-25',
  '2025-04-02',
  '2025-04-25',
  '2025-05-30',
  '2025-11-25',
] as const;

/** The release of LiveBench with the paper's counts: 1,000 questions. */
export const LIVEBENCH_RELEASE = '2024-07-26';

/** The releases a task has questions in: from the first, up to the last before `until`. */
interface Life {
  from?: string;
  until?: string;
}

/** The catalogue's tasks that are not in all releases. */
const LIVES: Record<string, Life> = {
  LCB_generation: { until: '2025-04-25' },
  coding_completion: { until: '2025-04-25' },
  cta: { until: '2025-04-25' },
  spatial: { from: '2024-07-26' },
  web_of_lies_v2: { until: '2025-04-02' },
};

/** Tasks of later releases that this version does not score, by benchmark. */
const NOT_SCORED: Record<string, Record<string, Life>> = {
  'livebench-coding': { code_generation: { from: '2025-04-25' }, code_completion: { from: '2025-04-25' } },
  'livebench-reasoning': {
    web_of_lies_v3: { from: '2025-04-02', until: '2025-11-25' },
    theory_of_mind: { from: '2025-11-25' },
  },
};

/**
 * Why a task of the catalogue has no question in a release; null where it should have some. LiveBench leaves such a task out
 * of its category's mean.
 */
export function absentFromRelease(task: string, release: string): string | null {
  const { from, until } = ownValue(LIVES, task) ?? {};
  if (from !== undefined && release < from) return `LiveBench has it from ${from} on, not in ${release}`;
  if (until !== undefined && release >= until) return `LiveBench retired it with ${until}`;
  return null;
}

/** What LiveBench has in a benchmark of a release, and this version does not score: the benchmark is then not its category's mean. */
export function notScoredInRelease(benchmark: string, release: string): { task: string; reason: string }[] {
  return Object.entries(NOT_SCORED[benchmark] ?? {})
    .filter(([, { from = '', until }]) => from <= release && (until === undefined || release < until))
    .map(([task]) => ({ task, reason: `LiveBench ${release} has it; this version does not score it` }));
}
