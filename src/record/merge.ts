import { SosBenchError } from '../error.ts';
import type { WorkerItem } from '../harness/lm-eval/messages.ts';
import { ownValue } from '../json.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import { CATALOGUE } from '../suite/catalogue.ts';
import type { Plan } from '../suite/plan/plan.ts';
import { cutShards, type Shard, shardName } from '../suite/plan/shards.ts';
import { type BuiltResults, buildResults } from './results/build.ts';
import { judgeUnscored, type Unscored } from './results/unscored.ts';
import type { Resumed, RunRecord } from './schema.ts';
import { sumReused, uniqueSandboxes } from './schema.ts';

/** One attempt at one shard, as it was left in a folder. */
export interface ShardAttempt {
  path: string;
  record: RunRecord;
  /** What the worker answered, by chunk. */
  results: ReadonlyMap<string, readonly WorkerItem[]>;
  /** What has no score, by chunk. */
  unscored: ReadonlyMap<string, readonly Unscored[]>;
}

/**
 * One attempt for every shard, in order: the newest that was not interrupted.
 *
 * @throws SosBenchError `merge-refused` listing what is not a shard, overlaps or is missing.
 */
export function chooseShards<Attempt extends ShardAttempt>(attempts: readonly Attempt[]): Attempt[] {
  const unsharded = attempts.filter(({ record }) => record.shard === null);
  if (unsharded.length > 0 || attempts.length === 0)
    throw refused(
      `${unsharded.map(({ path }) => path).join(', ') || 'nothing given'}: no shard of a plan`,
      'give the output folders of run --shard I/N',
    );
  const counts = [...new Set(attempts.map(({ record }) => record.shard!.of))];
  if (counts.length > 1) {
    const names = attempts.map(({ path, record }) => `${path} (${shardName(record.shard!)})`);
    throw refused(
      `shards of different divisions overlap: ${names.join(', ')}`,
      'leave out those of the other N',
    );
  }
  const of = counts[0]!;
  const shards = Array.from({ length: of }, (_, index): Shard => ({ index: index + 1, of }));
  const chosen = shards.map(({ index }) =>
    newest(attempts.filter(({ record }) => record.shard!.index === index)),
  );
  const missing = shards.filter((_, index) => chosen[index] === undefined);
  if (missing.length > 0) {
    const reported = missing.map((shard) => {
      const stopped = attempts.filter(({ record }) => record.shard!.index === shard.index);
      return `${shardName(shard)}${stopped.length > 0 ? ` (interrupted: ${stopped.map(({ path }) => path).join(', ')})` : ''}`;
    });
    throw refused(
      `shards are missing: ${reported.join(', ')}`,
      'run each of them again with --shard and merge again',
    );
  }
  return chosen as Attempt[];
}

function newest<Attempt extends ShardAttempt>(attempts: readonly Attempt[]): Attempt | undefined {
  const ended = attempts.filter(({ record }) =>
    record.benchmarks.every(({ status }) => status !== 'partial'),
  );
  const when = ({ record }: Attempt) => record.finished ?? '';
  return ended.reduce<Attempt | undefined>(
    (best, attempt) => (best === undefined || when(attempt) > when(best) ? attempt : best),
    undefined,
  );
}

/**
 * The record of the whole plan, as if one run had made it. Exact: it is built from the items' own results, in the
 * plan's order, not from the shards' summaries.
 *
 * @param shards one attempt for every shard, in order, all of this plan, model and protocol.
 * @throws SosBenchError `merge-refused` where a shard's results are not all there.
 */
export function mergeShards(
  plan: Plan,
  shards: readonly ShardAttempt[],
): { record: RunRecord; built: BuiltResults } {
  const results = new Map<string, readonly WorkerItem[]>();
  const failures = new Map<string, string>();
  const unscored = new Map<string, readonly Unscored[]>();
  const parts = cutShards(plan.chunks, shards.length);
  const hashes = new Map(
    plan.benchmarks.flatMap(({ tasks }) =>
      tasks.map((task) => [task.task, new Map(task.docIds.map((id, index) => [id, task.docHashes[index]]))]),
    ),
  );
  for (const [index, { path, record, results: own, unscored: without }] of shards.entries()) {
    for (const { id, status, reason } of record.benchmarks)
      if (status === 'failed') failures.set(id, reason ?? 'failed');
    for (const chunk of parts[index]!) {
      const items = own.get(chunk.id);
      const lacking = without.get(chunk.id);
      if (lacking !== undefined) unscored.set(chunk.id, lacking);
      if (items !== undefined) results.set(chunk.id, requirePlanned(items, hashes.get(chunk.task)!, path));
      else if (!failures.has(chunk.benchmark))
        throw refused(`${path} has no results of ${chunk.id}`, 'run the shard again and merge again');
    }
  }
  requireOneDtype(shards);
  requireOneRequest(shards);
  for (const [id, reason] of judgeUnscored(plan, unscored)) failures.set(id, reason);
  const records = shards.map(({ record }) => record);
  // A shard whose questions a server answered says nothing of how a worker ran.
  const first = records.find(({ protocol }) => protocol.harness.version !== null) ?? records[0]!;
  const built = buildResults(knownBenchmarks(plan, first), plan, results, failures);
  const tasks = Object.entries(first.protocol.tasks).map(([task, protocol]) => [
    task,
    { ...protocol, prompts: built.prompts.get(task) ?? null },
  ]);
  const retries: Record<string, number> = {};
  for (const { totals } of records)
    for (const [kind, n] of Object.entries(totals.retries))
      retries[kind] = (ownValue(retries, kind) ?? 0) + n;
  const resumed = mergeResumed(records);
  const reused = sumReused(records.flatMap((record) => record.reused ?? []));
  const { resumed: _, reused: __, ...common } = first;
  const record: RunRecord = {
    ...common,
    complete: built.complete,
    started: records.map(({ started }) => started ?? '').sort()[0] || null,
    finished:
      records
        .map(({ finished }) => finished ?? '')
        .sort()
        .at(-1) || null,
    shard: null,
    environment: first.environment && mergeEnvironments(first.environment, records),
    subject: {
      ...first.subject,
      servedModel: records.map(({ subject }) => subject.servedModel).find((name) => name !== null) ?? null,
    },
    protocol: { ...first.protocol, tasks: Object.fromEntries(tasks) },
    benchmarks: built.benchmarks,
    totals: {
      items: built.items.length,
      tokens: built.tokens,
      deviceMinutes: records.reduce((sum, { totals }) => sum + (totals.deviceMinutes ?? 0), 0),
      retries,
    },
    ...(resumed === null ? {} : { resumed }),
    ...(reused.length === 0 ? {} : { reused }),
  };
  return { record, built };
}

/** Questions of all shards; of the sources the one that most can write to. */
function mergeResumed(records: readonly RunRecord[]): Resumed | null {
  const all = records.flatMap(({ resumed }) => resumed ?? []);
  if (all.length === 0) return null;
  const from = (['artifact', 'signed-artifact', 'output', 'state-dir'] as const).find((one) =>
    all.some((resumed) => resumed.from === one),
  )!;
  return { questions: all.reduce((sum, { questions }) => sum + questions, 0), from };
}

function requirePlanned(
  items: readonly WorkerItem[],
  hashes: ReadonlyMap<number, string | undefined>,
  path: string,
): readonly WorkerItem[] {
  const other = items.find(({ docId, docHash }) => hashes.get(docId) !== docHash);
  if (other === undefined) return items;
  throw refused(
    `${path} has results of documents that were not planned (${other.docId})`,
    'run the shard again',
  );
}

/** Numbers in another precision are another measurement: no interval covers the difference. */
function requireOneDtype(shards: readonly ShardAttempt[]): void {
  const reported = shards.filter(({ record }) => record.subject.dtype !== null);
  if (new Set(reported.map(({ record }) => record.subject.dtype)).size < 2) return;
  const names = reported.map(({ path, record }) => `${path} (${record.subject.dtype})`);
  throw refused(
    `shards computed in different dtypes: ${names.join(', ')}`,
    'name one for all, such as --model-args dtype=bfloat16, and run those of the other again',
  );
}

/** The merged record tells the settings of one shard: they are those of all. */
function requireOneRequest(shards: readonly ShardAttempt[]): void {
  const values = ({ record }: ShardAttempt) =>
    new Map(Object.entries(record.asked?.settings ?? {}).map(([key, { value }]) => [key, value]));
  const [first, ...others] = shards;
  const wanted = values(first!);
  for (const other of others) {
    const found = values(other);
    const keys = [...new Set([...wanted.keys(), ...found.keys()])];
    const different = keys.filter((key) => wanted.get(key) !== found.get(key));
    if (different.length === 0) continue;
    throw refused(
      `${first!.path} and ${other.path} were evaluated with other settings: ${different.join(', ')}`,
      'give all shards the same settings, and run those of the other again',
    );
  }
}

type Environment = NonNullable<RunRecord['environment']>;

/** Devices and versions of all shards, each once: a comparison warns where they are not those of the other record. */
function mergeEnvironments(first: Environment, records: readonly RunRecord[]): Environment {
  const all = records.flatMap(({ environment }) => environment ?? []);
  // Shards that a server alone answered have no device of their own.
  const devices = all
    .map(({ device }) => device)
    .filter(({ type }) => type === first.device.type || type !== 'server');
  const memories = new Set(devices.map(({ memory }) => memory));
  const names = new Set(all.flatMap(({ versions }) => Object.keys(versions)));
  return {
    ...first,
    platform: eachOnce(all.map(({ platform }) => platform)),
    device: {
      ...first.device,
      type: eachOnce(devices.map(({ type }) => type)),
      name: eachOnce(devices.map(({ name }) => name)),
      count: Math.max(...devices.map(({ count }) => count)),
      memory: memories.size === 1 ? first.device.memory : null,
    },
    versions: Object.fromEntries(
      [...names].map((name) => [
        name,
        eachOnce(all.flatMap(({ versions }) => ownValue(versions, name) ?? [])),
      ]),
    ),
    ...smallestBudget(all),
    ...enginesOf(all),
    sandboxes: uniqueSandboxes(all.flatMap(({ sandboxes }) => sandboxes ?? [])),
  };
}

function smallestBudget(all: readonly Environment[]): Pick<Environment, 'batchTokens'> {
  const reported = all.flatMap(({ batchTokens }) => batchTokens ?? []);
  return reported.length === 0 ? {} : { batchTokens: Math.min(...reported) };
}

function enginesOf(all: readonly Environment[]): Pick<Environment, 'engine' | 'engineReason'> {
  const engines = all.flatMap(({ engine }) => engine?.split(' + ') ?? []);
  const reason = all.find(({ engineReason }) => engineReason !== undefined)?.engineReason;
  return {
    ...(engines.length > 0 && { engine: eachOnce(engines) }),
    ...(reason !== undefined && { engineReason: reason }),
  };
}

function eachOnce(texts: readonly string[]): string {
  return [...new Set(texts)].sort().join(' + ');
}

/** Catalogue benchmarks, and what a record tells of tasks from outside. */
function knownBenchmarks(plan: Plan, { protocol }: RunRecord): Benchmark[] {
  const others = plan.benchmarks.filter(({ id }) => !CATALOGUE.some((benchmark) => benchmark.id === id));
  return [
    ...CATALOGUE,
    ...others.map(({ id, tasks }): Benchmark => {
      const metric = tasks
        .map(({ task }) => ownValue(protocol.tasks, task)?.metric)
        .find((name) => name !== undefined);
      return {
        id,
        name: id,
        factor: null,
        harness: 'lm-eval',
        direction: 'higher',
        metric: metric ?? 'acc',
        chance: null,
        constantScore: null,
        size: 0,
        items: 0,
        dataset: null,
        tasks: tasks.map(({ task }) => ({ name: task, subset: task, split: '', items: 0, chance: null })),
        clusterFields: [],
      };
    }),
  ];
}

function refused(message: string, hint: string): SosBenchError {
  return new SosBenchError('merge-refused', message, { hint });
}
