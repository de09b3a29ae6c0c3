import { noun } from '../../count.ts';
import { hash64Text } from '../../hash64.ts';
import type { Item } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { isTooMuchMissing } from '../../suite/missing.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { permanentRandom } from '../../suite/plan/sample.ts';
import type { BenchmarkResultView } from '../measure/result-view.ts';
import type { Difference, Missing } from '../schema.ts';

/**
 * What trusted settings ask of a candidate. Where nothing is given, what is asked is taken from the two records: all that the
 * baseline has, but for what a sample of the candidate's seed leaves out.
 */
export interface Requested {
  /** Suite of those settings: `full` asks every question, whatever the candidate's record says of itself. */
  suite?: string | undefined;
  /** The plan that those settings make or name: it alone says which questions are asked. */
  plan?: Plan | null | undefined;
  /** Ids of the plan's chunks that were to run (those of a shard, or up to an early stop); all where left out. */
  chunks?: ReadonlySet<string> | undefined;
}

/** What a candidate lacks of one benchmark. */
export interface Lack {
  /** Questions that were required. */
  required: number;
  /** By task, those that lack nothing left out. */
  tasks: Missing[];
  /** Whether that is too much for a verdict. */
  incomplete: boolean;
  /** The missing questions as answered wrong, to stand beside the candidate's own items; none where single items are unknown. */
  wrong: Item[];
  /**
   * Whether chance alone left out the other questions that the baseline has: a plan's sample, or one by permanent random numbers. Only then
   * do the baseline's answers to them tell what the candidate's would have been.
   */
  restIsRandom: boolean;
  /** Items of the candidate that its sample would not have: it may have chosen them. */
  unasked: ReadonlySet<Item>;
}

const NOTHING: Lack = {
  required: 0,
  tasks: [],
  incomplete: false,
  wrong: [],
  restIsRandom: false,
  unasked: new Set(),
};

/**
 * What the candidate lacks of one benchmark. Required of it, by task, are the questions that were asked for and that the
 * baseline has a score for. The whole is incomplete where a task lacks too much (`isTooMuchMissing`).
 *
 * @param blockedBy why the benchmark cannot be compared: tasks that imports call by other names are not missing.
 */
export function findLack(
  id: string,
  { baseline, candidate }: { baseline: BenchmarkResultView; candidate: BenchmarkResultView },
  requested: Requested,
  blockedBy: readonly Difference[],
): Lack {
  if (!baseline.measured || baseline.result === null) return NOTHING;
  const before = byTask(baseline.items);
  // Of a benchmark that its record says failed or was skipped, items count for nothing.
  const after = byTask(candidate.measured ? candidate.items : []);
  const inPlan = requested.plan ? plannedDocuments(requested.plan, requested.chunks) : null;
  if (inPlan === null && blockedBy.some(({ path }) => path.startsWith('benchmarks.'))) return NOTHING;
  const imported = baseline.run.imported !== null || candidate.run.imported !== null;
  const tasks: Missing[] = [];
  const wrong: Item[] = [];
  const unasked = new Set<Item>();
  let total = 0;
  let restIsRandom = requested.chunks === undefined;
  for (const result of baseline.result.tasks) {
    if (result.n === 0) continue;
    const { task } = result;
    // Another version of the harness may have hashed the same documents otherwise.
    if (inPlan === null && imported && blockedBy.some(({ path }) => path === `tasks.${task}.documents`)) {
      restIsRandom = false;
      continue;
    }
    const own = before.get(task) ?? [];
    const theirs = after.get(task) ?? [];
    const there = candidate.measured ? countOf(candidate, task) : 0;
    if (own.length === 0 || (theirs.length === 0 && there > 0)) {
      const required = countRequired(task, result.n, there, { baseline, candidate }, requested, inPlan);
      const missing = Math.max(0, required - there);
      total += required;
      if (missing > 0) tasks.push({ task, required, missing, changed: 0, documents: null });
      restIsRandom = false;
      continue;
    }
    if (haveSameDocuments(own, theirs)) {
      total += own.length;
      continue;
    }
    const { questions, unnamed, byChance } = requiredOf(
      task,
      own,
      theirs,
      { baseline, candidate },
      requested,
      inPlan,
    );
    if (questions.length < own.length && !byChance) restIsRandom = false;
    if (byChance) for (const item of beyond(theirs, own, questions)) unasked.add(item);
    const without = withoutScore(questions, theirs);
    const missing = without.length + unnamed;
    total += questions.length + unnamed;
    if (missing === 0) continue;
    const changed = countChanged(without, own, theirs);
    const documents = documentCounts(task, { baseline, candidate }, own, theirs);
    tasks.push({ task, required: questions.length + unnamed, missing, changed, documents });
    if (candidate.measured)
      wrong.push(
        ...without.map((item) =>
          answeredWrong(item, id, theirs[0]?.inclusionP ?? inPlan?.get(task)?.inclusionP),
        ),
      );
  }
  const isWhollyMissing = !candidate.measured && inPlan === null;
  const incomplete =
    isWhollyMissing || tasks.some(({ missing, required }) => isTooMuchMissing(missing, required));
  // Beside a mean alone they would be all that the candidate has.
  const isMean = candidate.items.length === 0 && (candidate.result?.n ?? 0) > 0;
  return { required: total, tasks, incomplete, wrong: isMean ? [] : wrong, restIsRandom, unasked };
}

/** In words, for the reader; null where nothing is missing. */
export function describeLack({
  tasks,
  required,
  wrong,
}: Pick<Lack, 'tasks' | 'required' | 'wrong'>): string | null {
  const missing = tasks.reduce((sum, task) => sum + task.missing, 0);
  if (missing === 0) return null;
  const named = tasks.slice(0, MAX_NAMED_TASKS).map(describeTask);
  const more = tasks.length - named.length;
  const rest = more > 0 ? `, and ${more} more ${more === 1 ? 'task' : 'tasks'}` : '';
  const [have, count] = missing === 1 ? ['has', 'counts'] : ['have', 'count'];
  const counted = wrong.length > 0 ? ` and ${count} as wrong` : '';
  return `${missing} of ${required} ${noun(required, 'question')} that the baseline has ${have} no score here${counted}: ${named.join(', ')}${rest}`;
}

const MAX_NAMED_TASKS = 4;

function describeTask({ task, required, missing, changed, documents }: Missing): string {
  if (missing >= required && changed === 0) return `${task} (all ${required})`;
  const facts = [
    `${missing} of ${required}`,
    changed > 0 ? `${changed} replaced by other documents` : null,
    documents !== null && documents.candidate < documents.baseline
      ? `${documents.candidate} ${noun(documents.candidate, 'document')} here, ${documents.baseline} in the baseline`
      : null,
  ];
  return `${task} (${facts.filter(Boolean).join('; ')})`;
}

/** What a plan asks, by task: how often each document, and with what probability it was chosen. */
type Planned = ReadonlyMap<string, { counts: ReadonlyMap<bigint, number>; inclusionP: number | undefined }>;

function plannedDocuments({ benchmarks, chunks }: Plan, run: ReadonlySet<string> | undefined): Planned {
  const chosen = run && new Map<string, Set<number>>();
  if (chosen) {
    for (const { id, task, docIds } of chunks) {
      if (!run.has(id)) continue;
      const own = chosen.get(task) ?? new Set();
      for (const docId of docIds) own.add(docId);
      chosen.set(task, own);
    }
  }
  const planned = new Map<string, { counts: Map<bigint, number>; inclusionP: number | undefined }>();
  for (const { task, docIds, docHashes, inclusionP } of benchmarks.flatMap(({ tasks }) => tasks)) {
    const counts = new Map<bigint, number>();
    docIds.forEach((docId, index) => {
      if (chosen && !chosen.get(task)?.has(docId)) return;
      const hash = BigInt.asIntN(64, BigInt(`0x${docHashes[index]}`));
      counts.set(hash, (counts.get(hash) ?? 0) + 1);
    });
    planned.set(task, { counts, inclusionP: inclusionP[0] });
  }
  return planned;
}

interface Required {
  /** The baseline's items that are required. */
  questions: Item[];
  /** More that are, of which is not known which they are. */
  unnamed: number;
  /** Whether chance chose them among the baseline's. */
  byChance: boolean;
}

function requiredOf(
  task: string,
  own: readonly Item[],
  theirs: readonly Item[],
  views: { baseline: BenchmarkResultView; candidate: BenchmarkResultView },
  requested: Requested,
  inPlan: Planned | null,
): Required {
  if (inPlan !== null) {
    const planned = inPlan.get(task);
    const byChance = planned?.inclusionP !== undefined && planned.inclusionP < 1;
    return { questions: takePlanned(own, planned?.counts), unnamed: 0, byChance };
  }
  const all = { questions: [...own], unnamed: 0, byChance: false };
  const sampled = theirs.some(({ inclusionP }) => inclusionP < 1);
  if (!sampled || requested.suite === 'full' || isSamePlan(views)) return all;
  return drawnBySeed(own, theirs, views) ?? inSight(task, own, theirs, views);
}

/** Those of the items that a plan asks, each as often as it does. */
function takePlanned(own: readonly Item[], inPlan: ReadonlyMap<bigint, number> | undefined): Item[] {
  const left = new Map(inPlan);
  return own.filter(({ docHash }) => {
    const count = left.get(docHash) ?? 0;
    if (count > 0) left.set(docHash, count - 1);
    return count > 0;
  });
}

function isSamePlan({
  baseline,
  candidate,
}: {
  baseline: BenchmarkResultView;
  candidate: BenchmarkResultView;
}): boolean {
  return baseline.run.planHash !== null && baseline.run.planHash === candidate.run.planHash;
}

/** Standard deviations by which the largest number drawn may miss the inclusion probability. */
const SIGMAS = 5;

/**
 * What a sample by permanent random numbers takes of the baseline's questions: those with numbers up to the largest that the
 * candidate's have, whatever else is in its task. So a question that was taken out of the data, or whose document was changed, is
 * known to be missing. Null where the candidate's items were not chosen so.
 */
function drawnBySeed(
  own: readonly Item[],
  theirs: readonly Item[],
  { candidate }: { candidate: BenchmarkResultView },
): Required | null {
  const { seed } = candidate.run;
  const p = theirs[0]!.inclusionP;
  if (seed === null || theirs.some(({ inclusionP }) => inclusionP !== p)) return null;
  const available = theirs.length / p;
  const bound = p + SIGMAS * Math.sqrt((p * (1 - p)) / available) + 3 / available;
  const drawn = numbersOf(theirs, seed);
  // The number of a document that is there twice depends on copies which a sample may not show.
  const within = drawn.filter((number) => number <= bound);
  if (drawn.length - within.length > Math.max(1, 0.01 * drawn.length)) return null;
  const largest = within.reduce((max, number) => Math.max(max, number), 0);
  const numbers = numbersOf(own, seed);
  return { questions: own.filter((_, index) => numbers[index]! <= largest), unnamed: 0, byChance: true };
}

function numbersOf(items: readonly Item[], seed: number): number[] {
  const order = items.map((_, index) => index).sort((a, b) => items[a]!.docId - items[b]!.docId);
  const seen = new Map<bigint, number>();
  const numbers = new Array<number>(items.length);
  for (const index of order) {
    const { docHash } = items[index]!;
    const occurrence = seen.get(docHash) ?? 0;
    seen.set(docHash, occurrence + 1);
    numbers[index] = permanentRandom(seed, hash64Text(docHash), occurrence);
  }
  return numbers;
}

/**
 * Of a sample that was chosen in another way: the questions that both have, those whose document is another one at the same
 * index, and as many as a task with fewer documents lacks.
 */
function inSight(
  task: string,
  own: readonly Item[],
  theirs: readonly Item[],
  views: { baseline: BenchmarkResultView; candidate: BenchmarkResultView },
): Required {
  const known = new Set(own.map(({ docHash }) => docHash));
  const foreign = new Set(theirs.filter(({ docHash }) => !known.has(docHash)).map(({ docId }) => docId));
  const without = new Set(withoutScore(own, theirs));
  const questions = own.filter((item) => !without.has(item) || foreign.has(item.docId));
  const documents = documentCounts(task, views, own, theirs);
  const fewer = documents === null ? 0 : Math.max(0, documents.baseline - documents.candidate);
  return { questions, unnamed: Math.round(fewer * theirs[0]!.inclusionP), byChance: false };
}

/** How many questions are required where a side has no single items. */
function countRequired(
  task: string,
  had: number,
  there: number,
  views: { baseline: BenchmarkResultView; candidate: BenchmarkResultView },
  requested: Requested,
  inPlan: Planned | null,
): number {
  if (inPlan !== null) {
    const planned = [...(inPlan.get(task)?.counts.values() ?? [])].reduce((sum, count) => sum + count, 0);
    return Math.min(had, planned);
  }
  const sampled = views.candidate.items.some(({ inclusionP }) => inclusionP < 1);
  if (there === 0 || !sampled || requested.suite === 'full' || isSamePlan(views)) return had;
  return Math.min(had, there);
}

/** Items whose document the others lack; each of the others stands for one. */
function withoutScore(items: readonly Item[], others: readonly Item[]): Item[] {
  const left = new Map<bigint, number>();
  for (const { docHash } of others) left.set(docHash, (left.get(docHash) ?? 0) + 1);
  return items.filter(({ docHash }) => {
    const count = left.get(docHash) ?? 0;
    if (count > 0) left.set(docHash, count - 1);
    return count === 0;
  });
}

/** Items of questions that the baseline has and that are not among those required. */
function beyond(theirs: readonly Item[], own: readonly Item[], questions: readonly Item[]): Item[] {
  const countsOf = (items: readonly Item[]) => {
    const counts = new Map<bigint, number>();
    for (const { docHash } of items) counts.set(docHash, (counts.get(docHash) ?? 0) + 1);
    return counts;
  };
  const [known, left] = [countsOf(own), countsOf(questions)];
  return theirs.filter(({ docHash }) => {
    const count = left.get(docHash) ?? 0;
    if (count > 0) left.set(docHash, count - 1);
    return count === 0 && known.has(docHash);
  });
}

/** How many of the missing questions have another document in their place, one that the baseline does not know. */
function countChanged(missing: readonly Item[], own: readonly Item[], theirs: readonly Item[]): number {
  const known = new Set(own.map(({ docHash }) => docHash));
  const foreign = new Set(theirs.filter(({ docHash }) => !known.has(docHash)).map(({ docId }) => docId));
  return missing.filter(({ docId }) => foreign.has(docId)).length;
}

/** Documents the task has on the two sides; null where one is not known. */
function documentCounts(
  task: string,
  { baseline, candidate }: { baseline: BenchmarkResultView; candidate: BenchmarkResultView },
  own: readonly Item[],
  theirs: readonly Item[],
): Missing['documents'] {
  const before = documentsOf(baseline, task, own);
  const after = documentsOf(candidate, task, theirs);
  return before === null || after === null ? null : { baseline: before, candidate: after };
}

function documentsOf({ result }: BenchmarkResultView, task: string, items: readonly Item[]): number | null {
  const found = result?.tasks.find((own) => own.task === task);
  if (found === undefined) return null;
  if (found.documents !== undefined) return found.documents;
  // Records of earlier versions: as many as the sample stands for, where nothing of it is missing.
  const [first] = items;
  if (first === undefined || found.status !== 'done' || result!.unscored > 0) return null;
  return Math.round(items.length / first.inclusionP);
}

/** The answer that costs most: where higher is worse (WMDP), all right. */
function answeredWrong(item: Item, id: string, inclusionP: number | undefined): Item {
  const score = findBenchmark(id)?.direction === 'lower' ? 1 : 0;
  return { ...item, score, margin: null, prediction: '', inclusionP: inclusionP ?? item.inclusionP };
}

function countOf({ result }: BenchmarkResultView, task: string): number {
  return result?.tasks.find((own) => own.task === task)?.n ?? 0;
}

function byTask(items: readonly Item[]): Map<string, Item[]> {
  const tasks = new Map<string, Item[]>();
  for (const item of items) {
    const own = tasks.get(item.task);
    if (own) own.push(item);
    else tasks.set(item.task, [item]);
  }
  return tasks;
}

/** The usual case. */
function haveSameDocuments(a: readonly Item[], b: readonly Item[]): boolean {
  return a.length === b.length && a.every(({ docHash }, index) => docHash === b[index]!.docHash);
}
