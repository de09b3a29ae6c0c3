import { CommitIdSchema } from '../commit-id.ts';
import { ownValue } from '../json.ts';
import { summariseGames } from '../judge/score/judge-result.ts';
import type { ModelIdentity } from '../record/identity.ts';
import { buildResults } from '../record/results/build.ts';
import { judgeUnscored } from '../record/results/unscored.ts';
import {
  type LoadedRecord,
  RECORD_SCHEMA_VERSION,
  type Resumed,
  type RunRecord,
  sumReused,
  uniqueSandboxes,
} from '../record/schema.ts';
import { writeRecord } from '../record/write.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import type { Plan } from '../suite/plan/plan.ts';
import { redactArguments } from '../system/secrets.ts';
import type { JournalState } from './journal/state.ts';
import type { ReferenceGames } from './judge/reference.ts';
import type { ReadyModel } from './model.ts';
import type { Inventory } from './questions/lm-eval-inventory.ts';
import type { EvaluationContext, EvaluationRequest } from './request.ts';
import type { ScheduleOutcome } from './workers/scheduler.ts';

interface Leftovers {
  request: EvaluationRequest;
  context: EvaluationContext;
  benchmarks: readonly Benchmark[];
  /** What this run did of the whole plan. */
  plan: Plan;
  fullPlan: Plan;
  state: JournalState;
  inventory: Inventory;
  model: ReadyModel;
  /** What the run began with; null or left out for nothing. */
  resumed?: Resumed | null;
  identity?: ModelIdentity | null;
  outcome: ScheduleOutcome;
  /** Where looks ended it before all was asked; undefined elsewhere. */
  looks?: RunRecord['looks'];
  /** Games against a reference; none where nobody judged. */
  games?: readonly ReferenceGames[];
}

/** Puts together and writes the record of whatever the journal holds. */
export async function writeRunRecord(folder: string, left: Leftovers): Promise<LoadedRecord> {
  const { record, items } = makeRunRecord(left);
  const { games = [] } = left;
  const boards = games.map(({ board }) => board);
  const written = await writeRecord(folder, record, items, boards);
  return { path: folder, record: written, items, ...(boards.length > 0 && { games: boards }) };
}

/** The record of whatever the journal holds. */
export function makeRunRecord(left: Leftovers): Pick<LoadedRecord, 'record' | 'items'> {
  const {
    request,
    context,
    benchmarks,
    plan,
    fullPlan,
    state,
    inventory,
    model,
    identity = null,
    resumed,
    outcome,
    looks,
    games = [],
  } = left;
  // Where a server alone answered, no worker has opened the model.
  const { modelLoaded, server } = state;
  if (modelLoaded === null && server === null) throw new Error('a record needs a model that was asked');
  const failed = new Map([...outcome.failed, ...judgeUnscored(fullPlan, state.unscored)]);
  const built = buildResults(benchmarks, plan, state.results, failed);
  const tasks = [...inventory.protocols].map(([task, protocol]) => [
    task,
    { ...protocol, prompts: built.prompts.get(task) ?? null },
  ]);
  const retries: Record<string, number> = {};
  for (const { kind } of state.faults) retries[kind] = (ownValue(retries, kind) ?? 0) + 1;
  const reused = sumReused(plan.chunks.flatMap(({ id }) => state.reused.get(id) ?? []));
  const record: RunRecord = {
    schemaVersion: RECORD_SCHEMA_VERSION,
    complete: built.complete,
    model: {
      name: model.name,
      source: model.source,
      digest: model.digest,
      ...(identity && { identity }),
    },
    ...context.origin,
    // What another CI calls a commit need not be one.
    commit: CommitIdSchema.safeParse(context.origin.commit).data ?? null,
    imported: null,
    started: state.started,
    finished: notBefore(state.started, context.now().toISOString()),
    suite: request.suite,
    seed: request.seed,
    planHash: plan.planHash,
    shard: request.shard,
    ...(context.asked && { asked: context.asked }),
    environment: {
      platform: `${process.platform}-${process.arch}`,
      device: modelLoaded?.device ?? {
        type: 'server',
        name: server!.kind,
        count: 0,
        memory: null,
        threads: 0,
      },
      versions: { ...server?.versions, ...modelLoaded?.versions, node: process.versions.node },
      batchSize: request.batchSize,
      ...(modelLoaded?.batchTokens != null && { batchTokens: modelLoaded.batchTokens }),
      ...(state.engines.size > 0 && { engine: [...state.engines].sort().join(' + ') }),
      ...(state.engineReason !== null && { engineReason: state.engineReason }),
      sandboxes: uniqueSandboxes(state.sandboxes),
    },
    protocol: {
      harness: {
        name: 'lm-eval',
        version: modelLoaded === null ? null : (modelLoaded.versions.lm_eval ?? 'unknown'),
      },
      backend: modelLoaded === null ? null : request.backend,
      systemInstruction: request.systemInstruction,
      chatTemplateApplied: modelLoaded?.chatTemplateApplied ?? null,
      enableThinking: request.enableThinking,
      thinkEndToken: request.thinkEndToken ?? null,
      seed: request.seed,
      includePaths: [...request.includePaths],
      tasks: Object.fromEntries(tasks),
    },
    subject: {
      chatTemplateSha256: modelLoaded?.chatTemplateSha256 ?? null,
      ...(modelLoaded?.chatTemplate !== undefined && { chatTemplate: modelLoaded.chatTemplate }),
      tokenizerSha256: modelLoaded?.tokenizerSha256 ?? null,
      dtype: modelLoaded?.dtype ?? null,
      quantisation: modelLoaded?.quantisation ?? null,
      parameters: modelLoaded?.parameters ?? null,
      modelArgs: redactArguments(request.modelArgs),
      servedModel: server?.model ?? null,
    },
    benchmarks: built.benchmarks,
    totals: {
      items: built.items.length,
      tokens: built.tokens,
      // A model that is split holds several.
      deviceMinutes: (state.deviceSeconds * (modelLoaded?.device.count ?? 1)) / 60,
      retries,
    },
    ...(resumed == null ? {} : { resumed }),
    ...(reused.length === 0 ? {} : { reused }),
    ...(looks && { looks }),
    ...(games.length > 0 && {
      judge: games.map(({ board, protocol, pinned, spent }) => ({
        ...summariseGames(board, request.judge?.judgeLimits),
        ...{ protocol, pinned, spent },
      })),
    }),
  };
  return { record, items: built.items };
}

/** The clock may have been set back since the run began. */
function notBefore(started: string, now: string): string {
  return Date.parse(now) < Date.parse(started) ? started : now;
}
