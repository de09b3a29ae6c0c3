import { hash } from 'node:crypto';
import type { CatalogueBenchmark } from '../../src/suite/benchmark.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import type { BenchmarkInventory, TaskInventory } from '../../src/suite/plan/inventory.ts';

interface Documents {
  count: number;
  /** Number of a document's cluster; none where left out. */
  cluster?: (docId: number) => number | string;
  length?: number;
  readings?: number;
  maxNewTokens?: number;
  /** Which text a document has; its place where left out. Equal ones have equal hashes. */
  text?: (docId: number) => number;
}

export function taskInventory(task: string, documents: Documents): TaskInventory {
  const { count, cluster, length = 100, readings = 2, maxNewTokens = 0, text } = documents;
  const each = <Value>(make: (docId: number) => Value) =>
    Array.from({ length: count }, (_, docId) => make(docId));
  return {
    task,
    reason: null,
    documents: {
      hashes: each((docId) => hex(`${task} ${text?.(docId) ?? docId}`)),
      clusters: each((docId) => (cluster ? hex(`cluster ${cluster(docId)}`) : null)),
      lengths: each(() => length),
      exampleLength: 0,
      readings: each(() => readings),
      dropped: {},
      maxNewTokens,
    },
  };
}

/** Characters of a prompt with its examples and how often it is read, as docs/cost.md estimates them (4 characters a token). */
const WORK: Record<string, [length: number, readings: number, maxNewTokens?: number]> = {
  'mmlu-pro': [5000, 1],
  bbh: [1960, 5.5],
  gpqa: [1000, 4],
  musr: [3800, 3],
  math: [3040, 1, 1024],
  ifeval: [190, 1, 1280],
  beavertails: [160, 1],
  cdna: [160, 1],
  dttoxicity: [220, 1],
  jailbreakhub: [1760, 1],
  bbq: [456, 3],
  wmdp: [480, 1],
  xstest: [170, 1],
  wildguardtest: [600, 2],
  toxigen: [200, 1],
  strongreject: [240, 1],
  sgxstest: [170, 1],
  saladbench: [800, 1],
};

/** Items of one cluster: BBQ has some 25 templates a category, MuSR two to four questions a narrative. */
const CLUSTERS: Record<string, (count: number) => (docId: number) => number> = {
  bbq: () => (docId) => docId % 25,
  musr: (count) => (docId) => docId % Math.ceil(count / 3),
};

/**
 * The documents of all benchmarks that lm-eval runs, with made-up hashes: as many as there are, or (`scale` of a benchmark) as many
 * times that.
 */
export function fullInventory(scale?: (row: CatalogueBenchmark) => number): BenchmarkInventory[] {
  if (scale !== undefined) return makeInventory(scale);
  full ??= makeInventory(() => 1);
  return [...full];
}

/** Made once: its hashes take longest, and nobody changes it. */
let full: BenchmarkInventory[] | undefined;

function makeInventory(scale: (row: CatalogueBenchmark) => number): BenchmarkInventory[] {
  return CATALOGUE.filter(({ harness }) => harness === 'lm-eval').map((row) => ({
    id: row.id,
    reason: null,
    tasks: row.tasks.map((task) => {
      const { id } = row;
      const { name } = task;
      const items = Math.ceil(task.items * scale(row));
      const [length, readings, maxNewTokens = 0] = WORK[id]!;
      const cluster = CLUSTERS[id]?.(items);
      return taskInventory(name, {
        count: items,
        length,
        readings,
        maxNewTokens,
        // The questions of GPQA's smaller sets are in its larger ones; elsewhere clusters stay within a task.
        ...(id === 'gpqa' && { cluster: (docId: number) => `gpqa ${docId}` }),
        ...(cluster && { cluster: (docId: number) => `${name} ${cluster(docId)}` }),
      });
    }),
  }));
}

/** LiveBench's questions, their length assumed. */
export function liveBenchInventory(): BenchmarkInventory[] {
  return CATALOGUE.filter(({ harness }) => harness === 'livebench').map(({ id, tasks }) => ({
    id,
    reason: null,
    tasks: tasks.map(({ name, items }) =>
      taskInventory(name, { count: items, length: 3000, readings: 1, maxNewTokens: 4096 }),
    ),
  }));
}

function hex(text: string): string {
  return hash('sha256', text).slice(0, 16);
}
