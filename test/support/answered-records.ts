import type { JournalEntry, JournalIdentity, JournalMade } from '../../src/evaluate/journal/entry.ts';
import { Journal } from '../../src/evaluate/journal/journal.ts';
import type { ModelLoaded, WorkerItem } from '../../src/harness/lm-eval/messages.ts';
import type { ModelIdentity } from '../../src/record/identity.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import type { LoadedRecord, RunRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import { makeFolder } from '../../src/system/files/files.ts';
import { VERSION } from '../../src/version.ts';
import { answersOf, recordOf } from './results.ts';

export const MODEL = 'a'.repeat(64);

/** An identity of which all is known. */
export function identityOf(digest: string | null): ModelIdentity {
  const parts = {
    weights: 'w',
    adapter: 'none',
    config: 'c',
    generation: 'none',
    tokenizer: 't',
    template: 'none',
  };
  return {
    algorithm: 'sha256-loaded-files-2',
    digest,
    parts: { ...parts, dtype: 'auto', quantisation: {}, arguments: {} },
    unknown: digest === null ? ['weights: nobody knows'] : [],
  };
}

export const VERSIONS = { python: '3.11.2', lm_eval: '0.4.13', torch: '2.9.0', transformers: '5.0.0' };

export const LOADED: ModelLoaded = {
  type: 'hello',
  versions: VERSIONS,
  device: { type: 'cpu', name: 'CPU', count: 1, memory: null, threads: 2 },
  dtype: 'float32',
  quantisation: null,
  parameters: 1,
  maxLength: 128,
  chatTemplateApplied: false,
  chatTemplateSha256: null,
  tokenizerSha256: null,
};

/** The settings under which such a record was made. */
export function protocolOf(plan: Plan): Record<string, string> {
  const tasks = plan.benchmarks.flatMap((benchmark) =>
    benchmark.tasks.map(({ task }) => [`task ${task}`, 'version 1']),
  );
  return { backend: 'hf', 'batch-size': '8', device: 'cpu', ...Object.fromEntries(tasks) };
}

export const QUESTIONS = { suite: 'mini', seed: '1', benchmarks: 'bbq,xstest' };

interface Answered {
  plan: Plan;
  commit?: string | null;
  model?: string | null;
  /** Chunks that are not in it. */
  without?: readonly string[];
  answers?: Map<string, WorkerItem[]>;
  identity?: Partial<JournalIdentity>;
  made?: JournalMade | null;
  entries?: readonly JournalEntry[];
  change?: Partial<RunRecord>;
}

/** What `run` leaves of a model that it evaluated: record, items and journal. */
export async function leaveAnswered(path: string, given: Answered): Promise<LoadedRecord> {
  const { plan, commit = null, model = MODEL, without = [], change = {}, entries = [] } = given;
  const all = given.answers ?? answersOf(plan);
  const results = new Map([...all].filter(([id]) => !without.includes(id)));
  const { record, items } = recordOf(plan, results);
  const identity = {
    ...{ planHash: plan.planHash, modelDigest: 'sha256:m', protocol: protocolOf(plan) },
    ...(model !== null && { modelIdentity: model }),
    ...given.identity,
  };
  const made = given.made === undefined ? { program: VERSION, questions: QUESTIONS } : given.made;
  await makeFolder(path);
  const now = () => new Date(Date.UTC(2026, 0, 1, 10));
  const opened = await Journal.open(recordPaths(path).journal, identity, {
    ...{ fresh: true, now },
    ...(made && { made }),
  });
  await opened.journal.append({ type: 'hello', hello: LOADED, seconds: 5 });
  for (const entry of entries) await opened.journal.append(entry);
  for (const [chunk, chunkItems] of results)
    await opened.journal.append({ type: 'chunk', chunk, seconds: 2, batchSize: '8', items: chunkItems });
  await opened.journal.close();
  await writeRecord(
    path,
    { ...record, commit, model: { ...record.model, identity: identityOf(model) }, ...change },
    items,
  );
  return await readRecord(path);
}
