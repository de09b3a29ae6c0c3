import type { AnswerStyle } from '../../src/answer-style.ts';
import type { ModelIdentity } from '../../src/record/identity.ts';
import type { BenchmarkResult, Item, LoadedRecord, RunRecord } from '../../src/record/schema.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';

/** One benchmark of a made-up record. */
export interface Row {
  /** One raw score an item, as the harness measures it. */
  scores: readonly number[];
  /** Task of an item, by its place; the benchmark's first task where left out. */
  task?: (index: number) => string;
  /** Cluster of an item, by its place; none where left out. */
  cluster?: (index: number) => number;
  /** Document id of an item, by its place; the place where left out. */
  docId?: (index: number) => number;
  /** Which document an item is, by its place: equal numbers have equal hashes. Its id where left out. */
  document?: (index: number) => number;
  inclusionP?: (index: number) => number;
  /** How an answer is written, by its place; its tasks then generate text. `none`: they do, and nothing is recorded. */
  style?: ((index: number) => AnswerStyle) | 'none';
  /** Chosen option; varies where left out. */
  answer?: (index: number) => number;
  status?: BenchmarkResult['status'];
  reason?: string;
  planned?: number;
  /** Whether single items are kept; false as after an import of means. */
  items?: boolean;
}

interface Made {
  model: string;
  /** Of the weights; the model's name where left out. */
  digest?: string;
  benchmarks: Record<string, Row>;
  /** Changes to the finished record. */
  edit?: (record: RunRecord) => void;
}

/** A record as a run would leave it. */
export function makeRecord({ model, digest = `sha256:${model}`, benchmarks, edit }: Made): LoadedRecord {
  const rows = Object.entries(benchmarks).map(([id, row]) => ({ id, row, own: makeItems(id, row) }));
  const items = rows.flatMap(({ own }) => own);
  const record: RunRecord = {
    schemaVersion: 1,
    complete: true,
    model: { name: model, source: `./${model}`, digest, identity: makeIdentity(digest) },
    commit: commitOf(model),
    branch: model,
    event: null,
    imported: null,
    started: '2026-03-01T11:00:00Z',
    finished: '2026-03-01T12:00:00Z',
    suite: 'pr',
    seed: 1,
    planHash: 'plan-a',
    shard: null,
    environment: {
      platform: 'linux',
      device: { type: 'cuda', name: 'NVIDIA H100', count: 1, memory: null, threads: 16 },
      versions: { torch: '2.8.0' },
      batchSize: '8',
      sandboxes: [],
    },
    protocol: {
      harness: { name: 'lm-eval', version: '0.4.13' },
      backend: 'hf',
      systemInstruction: null,
      chatTemplateApplied: false,
      enableThinking: null,
      seed: 1234,
      includePaths: [],
      tasks: Object.fromEntries(
        rows.flatMap(({ row, own }) =>
          [...new Set(own.map(({ task }) => task))].map((task) => [
            task,
            taskProtocol(row.style === undefined ? 'multiple_choice' : 'generate_until'),
          ]),
        ),
      ),
    },
    subject: {
      chatTemplateSha256: null,
      tokenizerSha256: 'tokenizer-a',
      dtype: 'bfloat16',
      quantisation: null,
      parameters: 1_000_000_000,
      modelArgs: {},
      servedModel: null,
    },
    benchmarks: rows.map(({ id, row, own }) => makeResult(id, row, own)),
    totals: { items: items.length, tokens: null, deviceMinutes: 12.34, retries: {} },
  };
  edit?.(record);
  const kept = items.filter(({ benchmark }) => benchmarks[benchmark]?.items !== false);
  return { path: `records/${model}`, record, items: kept };
}

/** What a run takes of a model whose weights are these. */
export function makeIdentity(weights: string, parts: Partial<ModelIdentity['parts']> = {}): ModelIdentity {
  return {
    algorithm: 'made-up',
    digest: weights,
    parts: {
      weights,
      adapter: 'none',
      config: 'config-a',
      generation: 'none',
      tokenizer: 'tokenizer-a',
      template: 'none',
      dtype: 'auto',
      quantisation: {},
      arguments: {},
      ...parts,
    },
    unknown: [],
  };
}

/** Commit of a made-up model: its name in hex digits. */
export function commitOf(model: string): string {
  return Buffer.from(model).toString('hex').padEnd(40, '0').slice(0, 40);
}

/** The task that a benchmark's items are of where its entry says nothing else. */
export function firstTask(id: string): string {
  return findBenchmark(id)?.tasks[0]?.name ?? `task_${id}`;
}

/** `right` items scored 1, then `wrong` ones scored 0. */
export function rightThenWrong(right: number, wrong: number): number[] {
  return [...new Array<number>(right).fill(1), ...new Array<number>(wrong).fill(0)];
}

/** The scores with the items at those indexes turned over. */
export function flipped(scores: readonly number[], ...indexes: number[]): number[] {
  return scores.map((score, index) => (indexes.includes(index) ? 1 - score : score));
}

/** `first`, `first + 1`, ... */
export function indexes(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

function makeItems(id: string, row: Row): Item[] {
  return row.scores.map((score, index) => {
    const task = row.task?.(index) ?? firstTask(id);
    const docId = row.docId?.(index) ?? index;
    return {
      benchmark: id,
      task,
      docId,
      docHash: hash(task) + BigInt(row.document?.(index) ?? docId),
      cluster: row.cluster ? BigInt(row.cluster(index)) : null,
      stratum: task,
      metric: 'acc',
      score,
      margin: null,
      prediction: String(row.answer?.(index) ?? index % 2),
      inclusionP: row.inclusionP?.(index) ?? 1,
      ...(typeof row.style === 'function' && { style: row.style(index) }),
    };
  });
}

function makeResult(id: string, row: Row, own: readonly Item[]): BenchmarkResult {
  const n = own.length;
  const mean = n === 0 ? null : own.reduce((sum, { score }) => sum + score, 0) / n;
  const answers: Record<string, number> = {};
  const sizes = new Map<string, number>();
  for (const { prediction, task } of own) {
    answers[prediction] = (answers[prediction] ?? 0) + 1;
    sizes.set(task, (sizes.get(task) ?? 0) + 1);
  }
  const status = row.status ?? 'done';
  const reason = row.reason ?? null;
  return {
    id,
    status,
    reason,
    n,
    planned: row.planned ?? n,
    unscored: 0,
    mean,
    stderr: mean === null || n < 2 ? null : Math.sqrt((mean * (1 - mean)) / (n - 1)),
    stderrOrigin: mean === null || n < 2 ? null : 'items',
    chance: findBenchmark(id)?.chance ?? null,
    constantScore: findBenchmark(id)?.constantScore ?? null,
    answers,
    instructions: null,
    tasks: [...sizes].map(([task, size]) => ({
      ...{ task, status, reason, n: size, dropped: {} },
      ...{ mean: null, stderr: null, chance: null },
    })),
  };
}

function taskProtocol(outputType: string) {
  return {
    version: '1.0',
    fewshot: 0,
    outputType,
    metric: 'acc',
    generation: null,
    data: 'mini',
    prompts: 'prompts-a',
  };
}

/** Spreads the tasks over the range of document hashes. */
function hash(text: string): bigint {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  let value = 7n;
  for (const character of text)
    value = (value * 31n + BigInt(character.codePointAt(0) ?? 0)) % 1_000_000_007n;
  hashes.set(text, value * 1_000_000n);
  return value * 1_000_000n;
}

const hashes = new Map<string, bigint>();
