import { hash } from 'node:crypto';
import type { CatalogueBenchmark } from '../benchmark.ts';
import { CATALOGUE } from '../catalogue.ts';
import { itemCost } from '../plan/assemble.ts';
import { type BenchmarkInventory, SKIPPED_WHEN_THINKING, type TaskInventory } from '../plan/inventory.ts';
import type { Plan } from '../plan/plan.ts';
import type { Pace } from './pace.ts';

/** What one question of a benchmark takes; docs/cost.md says which figures were counted and which are assumed. */
interface QuestionWork {
  /** Tokens of a prompt with its examples. */
  prompt: number;
  /** How often it is read: once, or once for each option whose answer is more than a token. */
  readings: number;
  /** The most tokens that are written; 0 for multiple choice. */
  written?: number;
}

const WORK: Readonly<Record<string, QuestionWork>> = {
  'mmlu-pro': { prompt: 1250, readings: 1 },
  bbh: { prompt: 490, readings: 5.5 },
  gpqa: { prompt: 250, readings: 4 },
  musr: { prompt: 950, readings: 3 },
  math: { prompt: 760, readings: 1, written: 1024 },
  ifeval: { prompt: 47, readings: 1, written: 1280 },
  beavertails: { prompt: 40, readings: 1 },
  cdna: { prompt: 40, readings: 1 },
  dttoxicity: { prompt: 55, readings: 1 },
  jailbreakhub: { prompt: 440, readings: 1 },
  bbq: { prompt: 114, readings: 3 },
  wmdp: { prompt: 120, readings: 1 },
  xstest: { prompt: 42, readings: 1 },
  wildguardtest: { prompt: 150, readings: 2 },
  toxigen: { prompt: 50, readings: 1 },
  strongreject: { prompt: 60, readings: 1 },
  sgxstest: { prompt: 42, readings: 1 },
  saladbench: { prompt: 200, readings: 1 },
};

const LIVEBENCH_WORK: QuestionWork = { prompt: 750, readings: 1, written: 4096 };

const CHARACTERS_PER_TOKEN = 4;
/** BBQ has some 25 templates a category, MuSR two to four questions a narrative. */
const BBQ_TEMPLATES = 25;
const MUSR_QUESTIONS = 3;

/**
 * Documents of benchmarks as the catalogue counts them, with made-up hashes: as much as a plan has to know before its data is here.
 *
 * @param maxGenToks the most tokens of a written answer; each benchmark's own where null.
 * @param isThinking whether the model is to reason first: benchmarks of options are left out then, as a run does.
 */
export function catalogueInventory(
  benchmarks: readonly CatalogueBenchmark[],
  maxGenToks: number | null,
  isThinking = false,
): BenchmarkInventory[] {
  return benchmarks.map((benchmark) => ({
    id: benchmark.id,
    reason: null,
    tasks: benchmark.tasks.map(({ name, items }) =>
      estimateTask(benchmark, name, items, maxGenToks, isThinking),
    ),
  }));
}

function estimateTask(
  benchmark: CatalogueBenchmark,
  task: string,
  items: number,
  maxGenToks: number | null,
  isThinking: boolean,
): TaskInventory {
  if (isThinking && isOfOptions(benchmark)) return { task, documents: null, reason: SKIPPED_WHEN_THINKING };
  return { task, reason: null, documents: makeDocuments(benchmark, task, items, maxGenToks) };
}

function isOfOptions(benchmark: CatalogueBenchmark): boolean {
  return (workOf(benchmark).written ?? 0) === 0;
}

function makeDocuments(
  benchmark: CatalogueBenchmark,
  task: string,
  items: number,
  maxGenToks: number | null,
): NonNullable<TaskInventory['documents']> {
  const { prompt, readings, written = 0 } = workOf(benchmark);
  const each = <Value>(make: (docId: number) => Value) =>
    Array.from({ length: items }, (_, docId) => make(docId));
  return {
    hashes: makeHashes(task, items),
    clusters: each((docId) => clusterOf(benchmark.id, task, docId, items)),
    lengths: each(() => prompt * CHARACTERS_PER_TOKEN),
    exampleLength: 0,
    readings: each(() => readings),
    dropped: {},
    maxNewTokens: written === 0 ? 0 : (maxGenToks ?? written),
  };
}

/** Hashes of a task's documents: one of the task, told apart by position. */
function makeHashes(task: string, items: number): string[] {
  const own = hash('sha256', task, 'hex').slice(0, 8);
  return Array.from({ length: items }, (_, docId) => own + docId.toString(16).padStart(8, '0'));
}

function workOf({ id, harness }: CatalogueBenchmark): QuestionWork {
  const work = harness === 'livebench' ? LIVEBENCH_WORK : WORK[id];
  if (work === undefined) throw new Error(`nothing is assumed of the questions of ${id}`);
  return work;
}

/** Which documents are not independent: those of one template, one narrative, one question in several sets. */
function clusterOf(id: string, task: string, docId: number, items: number): string | null {
  switch (id) {
    case 'bbq':
      return `${task} ${docId % BBQ_TEMPLATES}`;
    case 'musr':
      return `${task} ${docId % Math.ceil(items / MUSR_QUESTIONS)}`;
    case 'gpqa':
      return `gpqa ${docId}`;
    default:
      return null;
  }
}

/** A GPU as its maker's data sheet has it: GB/s of memory bandwidth, GB of memory. */
export interface GpuModel {
  name: string;
  bandwidth: number;
  memory: number;
}

export const GPUS: Readonly<Record<string, GpuModel>> = {
  'a100-40gb': { name: 'A100 40 GB', bandwidth: 1555, memory: 40 },
  'a100-80gb': { name: 'A100 80 GB', bandwidth: 2039, memory: 80 },
  h100: { name: 'H100 80 GB', bandwidth: 3350, memory: 80 },
  h200: { name: 'H200', bandwidth: 4800, memory: 141 },
  l40s: { name: 'L40S', bandwidth: 864, memory: 48 },
  a10: { name: 'A10', bandwidth: 600, memory: 24 },
};

/** The published runs: median hours of the harness's part, for models of 7 to 8 billion parameters on an A100 with 40 GB. */
const PUBLISHED = { hours: 11, parameters: 8e9, bandwidth: 1555 };
/** Fastest and slowest of them, as shares of the median. */
export const PUBLISHED_RANGE = [0.54, 1.55] as const;

/** Weights in bfloat16, and a tenth for all else. */
const BYTES_PER_PARAMETER = 2;
const ROOM = 1.1;

/**
 * How fast a GPU evaluates, by the rule of docs/cost.md: published hours, in proportion to the parameters and against the memory
 * bandwidth. Null where bfloat16 weights do not fit: there is nothing to compute from for several GPUs.
 *
 * @param parameters of the model.
 */
export function estimatePace(parameters: number, { bandwidth, memory }: GpuModel): Pace | null {
  if (parameters * BYTES_PER_PARAMETER * ROOM > memory * 1e9) return null;
  const seconds =
    PUBLISHED.hours * 3600 * (parameters / PUBLISHED.parameters) * (PUBLISHED.bandwidth / bandwidth);
  return { load: 0, perCost: new Map([[null, seconds / fullCost()]]), perItem: null };
}

/** Cost of the runs that were published: all that lm-eval runs. Questions of a task cost the same, so one of each is enough. */
function fullCost(): number {
  const costs = CATALOGUE.filter(({ harness }) => harness === 'lm-eval').flatMap((benchmark) =>
    benchmark.tasks.map(({ name, items }) => items * itemCost(makeDocuments(benchmark, name, 1, null), 0)),
  );
  return costs.reduce((sum, cost) => sum + cost, 0);
}

/** Tokens of a plan: read by the model, and the most that it may write. */
export interface EstimatedTokens {
  read: number;
  written: number;
}

/** Tokens of each benchmark of a plan that was made of `catalogueInventory`, by id. */
export function estimateTokens(
  { benchmarks }: Pick<Plan, 'benchmarks'>,
  inventory: readonly BenchmarkInventory[],
): Map<string, EstimatedTokens> {
  const documents = new Map(
    inventory.flatMap(({ tasks }) => tasks.map((task) => [task.task, task.documents] as const)),
  );
  return new Map(
    benchmarks.map(({ id, tasks }) => {
      const tokens = { read: 0, written: 0 };
      for (const { task, docIds } of tasks.filter(({ docIds }) => docIds.length > 0)) {
        const { lengths, readings, maxNewTokens } = documents.get(task)!;
        for (const docId of docIds)
          tokens.read += (lengths[docId]! / CHARACTERS_PER_TOKEN) * readings[docId]!;
        tokens.written += docIds.length * maxNewTokens;
      }
      return [id, tokens];
    }),
  );
}
