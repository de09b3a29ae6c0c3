import type { Item, LoadedRecord } from '../../src/record/schema.ts';
import type { Factor } from '../../src/suite/benchmark.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import type { Random } from './random.ts';
import { makeRecord } from './records.ts';

/** A record of the plan's items, scores still to be filled in. */
export function recordOfPlan(plan: Plan): LoadedRecord {
  const rows = plan.benchmarks.map(({ id, tasks }) => {
    const flat = tasks.flatMap(({ task, docIds, docHashes, clusters, inclusionP }) =>
      docIds.map((docId, i) => ({
        task,
        docId,
        hash: docHashes[i]!,
        cluster: clusters[i] ?? null,
        p: inclusionP[i]!,
      })),
    );
    const row = {
      scores: flat.map(() => 0),
      task: (place: number) => flat[place]!.task,
      docId: (place: number) => flat[place]!.docId,
      inclusionP: (place: number) => flat[place]!.p,
    };
    return { id, flat, row };
  });
  const made = makeRecord({
    model: 'model',
    benchmarks: Object.fromEntries(rows.map(({ id, row }) => [id, row])),
  });
  const flat = rows.flatMap((row) => row.flat);
  const signed = (hash: string) => BigInt.asIntN(64, BigInt(`0x${hash}`));
  const items = made.items.map((item, index) => ({
    ...item,
    docHash: signed(flat[index]!.hash),
    cluster: flat[index]!.cluster === null ? null : signed(flat[index]!.cluster!),
  }));
  const { identity: _, ...model } = made.record.model;
  const { planHash, seed } = plan;
  return { ...made, record: { ...made.record, model, planHash, seed }, items };
}

/**
 * Answers of two models to one plan; the second has lost so much (a fraction of 1) of each factor that is named. A share of the answers
 * flips, in one direction within a cluster.
 */
export function answersOfTwo(
  template: LoadedRecord,
  drops: Partial<Record<Factor, number>>,
  random: Random,
  flipRate = 0.1,
): [LoadedRecord, LoadedRecord] {
  const directions = new Map<bigint, boolean>();
  const direction = (cluster: bigint | null, down: number): boolean => {
    if (cluster === null) return random.uniform() < down;
    const known = directions.get(cluster) ?? random.uniform() < down;
    directions.set(cluster, known);
    return known;
  };
  const [before, after]: [Item[], Item[]] = [[], []];
  const accuracies = new Map<string, number>();
  for (const item of template.items) {
    const benchmark = findBenchmark(item.benchmark);
    let accuracy = accuracies.get(item.benchmark);
    if (accuracy === undefined) {
      accuracy = 0.25 + 0.5 * random.uniform();
      accuracies.set(item.benchmark, accuracy);
    }
    const drop = (benchmark?.factor && drops[benchmark.factor]) || 0;
    // A drop larger than the flips takes more of them.
    const rate = Math.max(flipRate, Math.abs(drop));
    const down = (1 + drop / rate) / 2;
    const flips = random.uniform() < rate;
    const lost = direction(item.cluster, down);
    const old = flips ? lost : random.uniform() < accuracy;
    const now = flips ? !lost : old;
    const inverted = benchmark?.direction === 'lower';
    before.push({ ...item, score: Number(old !== inverted) });
    after.push({ ...item, score: Number(now !== inverted) });
  }
  const candidate = { ...template.record.model, name: 'candidate', digest: 'sha256:candidate' };
  return [
    { ...template, items: before },
    { ...template, record: { ...template.record, model: candidate }, items: after },
  ];
}
