import type { WorkerItem } from '../../src/harness/lm-eval/messages.ts';
import { buildResults } from '../../src/record/results/build.ts';
import { RECORD_SCHEMA_VERSION, type RunRecord } from '../../src/record/schema.ts';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { planAllItems } from '../../src/suite/plan/assemble.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';

/** A plan of two tasks of BBQ (several chunks each) and XSTest. */
export function smallPlan(seed = 1): Plan {
  const task = (name: string, count: number, first: number) => ({
    task: name,
    reason: null,
    documents: {
      hashes: Array.from({ length: count }, (_, docId) => hash(first + docId)),
      clusters: Array.from({ length: count }, (_, docId) =>
        name.includes('bbq') ? hash(5000 + (docId >> 2)) : null,
      ),
      lengths: Array.from({ length: count }, () => 10),
      exampleLength: 0,
      readings: Array.from({ length: count }, () => 3),
      dropped: {},
      maxNewTokens: 0,
    },
  });
  return planAllItems('mini', seed, [
    { id: 'bbq', reason: null, tasks: [task('sosb_bbq_age', 600, 0), task('sosb_bbq_ses', 300, 1000)] },
    { id: 'xstest', reason: null, tasks: [task('sosb_xstest', 20, 2000)] },
  ]);
}

/** What a worker would answer: scores and predictions that differ from item to item. */
export function answersOf(plan: Plan): Map<string, WorkerItem[]> {
  const hashes = new Map(
    plan.benchmarks.flatMap(({ tasks }) => tasks.map((task) => [task.task, task.docHashes])),
  );
  return new Map(
    plan.chunks.map((chunk) => [
      chunk.id,
      chunk.docIds.map((docId) => ({
        docId,
        docHash: hashes.get(chunk.task)![docId]!,
        promptHash: hash(docId),
        scores: { acc: docId % 3 === 0 ? 0 : 1 },
        target: String(docId % 3),
        tokens: 7,
        prediction: String((docId * 7) % 3),
        margin: (docId % 13) / 8 - 0.5,
        // As of answers that were generated; of some nothing is known.
        ...(chunk.task === 'sosb_xstest' &&
          docId % 4 > 0 && { style: { chars: 100 + docId, headers: docId % 3, listItems: docId, bold: 0 } }),
      })),
    ]),
  );
}

/** A record as a run of the plan would leave it. */
export function recordOf(plan: Plan, answers = answersOf(plan), failures = new Map<string, string>()) {
  const built = buildResults(CATALOGUE, plan, answers, failures);
  const record: RunRecord = {
    schemaVersion: RECORD_SCHEMA_VERSION,
    complete: built.complete,
    model: { name: 'm', source: './m', digest: 'sha256:m' },
    commit: null,
    branch: null,
    event: null,
    imported: null,
    started: '2026-01-01T10:00:00.000Z',
    finished: '2026-01-01T11:00:00.000Z',
    suite: plan.suite,
    seed: plan.seed,
    planHash: plan.planHash,
    shard: null,
    environment: {
      platform: 'linux-x64',
      device: { type: 'cpu', name: 'CPU', count: 1, memory: null, threads: 2 },
      versions: {},
      batchSize: '8',
      sandboxes: [],
    },
    protocol: {
      harness: { name: 'lm-eval', version: '0.4.13' },
      backend: 'hf',
      systemInstruction: null,
      chatTemplateApplied: false,
      enableThinking: null,
      seed: 1,
      includePaths: [],
      tasks: {},
    },
    subject: {
      chatTemplateSha256: null,
      tokenizerSha256: null,
      dtype: 'float32',
      quantisation: null,
      parameters: 1,
      modelArgs: {},
      servedModel: null,
    },
    benchmarks: built.benchmarks,
    totals: { items: built.items.length, tokens: built.tokens, deviceMinutes: 0, retries: {} },
  };
  return { ...built, record };
}

function hash(number: number): string {
  return (BigInt(number + 1) * 0x9e3779b97f4a7c15n).toString(16).slice(-16).padStart(16, '0');
}
