import type { Benchmark, CatalogueBenchmark } from './benchmark.ts';
import { CATALOGUE, findBenchmark } from './catalogue.ts';

/** Which benchmark of SOS-Bench a task of some harness belongs to. */
export interface FoundTask {
  benchmark: CatalogueBenchmark;
  /** The catalogue's own task for it; null where the name stands for the whole benchmark. */
  task: CatalogueBenchmark['tasks'][number] | null;
}

/** Task names of the published run's harness (a fork) for benchmarks that have tasks of our own here. */
const FORK_TASKS: Record<string, string> = {
  BeaverTailsEval: 'sosb_beavertails',
  CDNA: 'sosb_cdna',
  DTToxicity: 'sosb_dttoxicity',
  JailbreakHub: 'sosb_jailbreakhub',
  SaladBench: 'sosb_saladbench',
  SGXSTest: 'sosb_sgxstest',
  StrongREJECT: 'sosb_strongreject',
  WildGuardTest: 'sosb_wildguardtest',
  xstest: 'sosb_xstest',
  leaderboard_gpqa_diamond: 'sosb_gpqa_diamond',
  leaderboard_gpqa_extended: 'sosb_gpqa_extended',
  leaderboard_gpqa_main: 'sosb_gpqa_main',
  ifeval: 'leaderboard_ifeval',
};

/** Groups of the harness that are a benchmark as a whole. Upstream's `bbq` is other data, so it is not among them. */
const GROUPS: Record<string, string> = {
  leaderboard_bbh: 'bbh',
  leaderboard_gpqa: 'gpqa',
  leaderboard_musr: 'musr',
  leaderboard_math_hard: 'math',
  wmdp: 'wmdp',
};

const byName = new Map<string, FoundTask>();
for (const benchmark of CATALOGUE) {
  for (const task of benchmark.tasks) {
    byName.set(task.name, { benchmark, task });
    if (benchmark.id === 'bbq') byName.set(`bbq_${task.subset.toLowerCase()}`, { benchmark, task });
  }
}
for (const [alias, name] of Object.entries(FORK_TASKS)) byName.set(alias, byName.get(name)!);
for (const [group, id] of Object.entries(GROUPS)) {
  byName.set(group, { benchmark: findBenchmark(id)!, task: null });
}

/** The catalogue's benchmark and task of that name, as either harness calls it; undefined for a task it does not know. */
export function findTask(name: string, harness: Benchmark['harness']): FoundTask | undefined {
  const found = byName.get(name);
  return found?.benchmark.harness === harness ? found : undefined;
}

/** Id of the benchmark that a task outside the catalogue becomes; never one of the catalogue's. */
export function foreignId(task: string): string {
  return findBenchmark(task) === undefined ? task : `task:${task}`;
}
