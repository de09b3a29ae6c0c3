import type { ModelLoaded, WorkerItem } from '../../harness/lm-eval/messages.ts';
import type { Unscored } from '../../record/results/unscored.ts';
import type { Reused, SandboxUse } from '../../record/schema.ts';
import type { Chunk } from '../../suite/plan/plan.ts';
import type { ChunkEntry, JournalLine, JournalServer, JournalSource, KnownEntry } from './entry.ts';

/** A failure of an earlier attempt; `device` is null where it was not written down. */
export interface PastFault {
  chunk: string;
  kind: string;
  message: string;
  batchSize: string;
  device: string | null;
}

/** What earlier attempts left. */
export interface JournalState {
  started: string;
  /** Null where it was begun in this very folder. */
  source: JournalSource | null;
  /** The last loaded model's own words; null when no model was loaded yet. */
  modelLoaded: ModelLoaded | null;
  /** The last server that was asked; null when none was yet. */
  server: JournalServer | null;
  /** What graders ran in. */
  sandboxes: SandboxUse[];
  results: Map<string, WorkerItem[]>;
  /** By chunk, what has no score; only chunks with some. */
  unscored: Map<string, Unscored[]>;
  /** By chunk that is to be done, answers that another record has. */
  known: Map<string, Pick<KnownEntry, 'items' | 'reused'>>;
  /** By chunk that is done, how many of its answers are another record's; only chunks with some. */
  reused: Map<string, Reused[]>;
  faults: PastFault[];
  /** Ways in which workers read requests, see `HelloSchema`; one that did not say is left out. */
  engines: Set<NonNullable<ModelLoaded['engine']>>;
  /** Why the first of those that went the harness's way did; null where none said. Later ones only follow it. */
  engineReason: string | null;
  /** By device (`deviceKey`), the tokens that a batch could hold when it was first used. */
  budgets: Map<string, number>;
  /** Seconds a device was held: loading, finished chunks and failed ones. */
  deviceSeconds: number;
}

/** What a journal's lines come to. */
export function replayJournal(
  started: string,
  source: JournalSource | null,
  entries: readonly JournalLine[],
): JournalState {
  const state: JournalState = {
    started,
    source,
    modelLoaded: null,
    server: null,
    sandboxes: [],
    ...noChunks(),
    faults: [],
    engines: new Set(),
    engineReason: null,
    budgets: new Map(),
    deviceSeconds: 0,
  };
  for (const entry of entries) {
    if (entry.type === 'header') continue;
    state.deviceSeconds += entry.seconds;
    if (entry.type === 'hello') applyModelLoaded(state, entry.hello);
    else if (entry.type === 'server') state.server = entry.server;
    else if (entry.type === 'sandbox') state.sandboxes.push(entry.sandbox);
    else if (entry.type === 'chunk') keepChunk(state, entry);
    else if (entry.type === 'known') state.known.set(entry.chunk, entry);
    else state.faults.push(pastFault(entry));
  }
  return state;
}

/** What a worker said of the loaded model. The first budget of a device stays: batches decide last digits. */
export function applyModelLoaded(state: JournalState, modelLoaded: ModelLoaded): void {
  state.modelLoaded = modelLoaded;
  if (modelLoaded.engine != null) state.engines.add(modelLoaded.engine);
  state.engineReason ??= modelLoaded.engineReason ?? null;
  const key = deviceKey(modelLoaded.device);
  if (modelLoaded.batchTokens != null && !state.budgets.has(key))
    state.budgets.set(key, modelLoaded.batchTokens);
}

/** A kind of device, whichever slot it is in. */
export function deviceKey({ type, name, count, memory }: ModelLoaded['device']): string {
  return JSON.stringify([type, name, count, memory]);
}

/** Of a state, what is known of chunks. */
export type DoneChunks = Pick<JournalState, 'results' | 'unscored' | 'known' | 'reused'>;

/** Nothing is done yet. */
export function noChunks(): DoneChunks {
  return { results: new Map(), unscored: new Map(), known: new Map(), reused: new Map() };
}

/** A chunk without the questions whose answers are known. */
export function askedOf(chunk: Chunk, { known }: Pick<JournalState, 'known'>): Chunk {
  const items = known.get(chunk.id)?.items;
  if (items === undefined) return chunk;
  const answered = new Set(items.map(({ docId }) => docId));
  return { ...chunk, docIds: chunk.docIds.filter((docId) => !answered.has(docId)) };
}

/** What was asked of a chunk, with the answers that were known. */
export function withKnown<Result extends { chunk: string; items: WorkerItem[] }>(
  result: Result,
  { known }: Pick<JournalState, 'known'>,
): Result & { reused?: Reused[] } {
  const taken = known.get(result.chunk);
  if (taken === undefined) return result;
  const items = [...taken.items, ...result.items].sort((a, b) => a.docId - b.docId);
  return { ...result, items, reused: taken.reused };
}

/** What became of a chunk; of several tries the last counts. */
export function keepChunk(
  { results, unscored, known, reused: taken }: DoneChunks,
  {
    chunk,
    items,
    unscored: without = [],
    reused = [],
  }: Pick<ChunkEntry, 'chunk' | 'items' | 'unscored' | 'reused'>,
): void {
  known.delete(chunk);
  if (reused.length > 0) taken.set(chunk, reused);
  else taken.delete(chunk);
  results.set(chunk, items);
  if (without.length > 0) unscored.set(chunk, without);
  else unscored.delete(chunk);
}

function pastFault({
  chunk,
  kind,
  message,
  batchSize,
  device,
}: Extract<JournalLine, { type: 'fault' }>): PastFault {
  return { chunk, kind, message, batchSize, device: device ?? null };
}
