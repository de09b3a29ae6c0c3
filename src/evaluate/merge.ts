import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { SosBenchError } from '../error.ts';
import { chooseShards, mergeShards, type ShardAttempt } from '../record/merge.ts';
import { recordPaths } from '../record/paths.ts';
import { readRecordAlone } from '../record/read.ts';
import { type LoadedRecord, type RunRecord, runOf } from '../record/schema.ts';
import { writeRecord } from '../record/write.ts';
import { parsePlan } from '../suite/plan/parse-plan.ts';
import type { Plan } from '../suite/plan/plan.ts';
import { writeFileAtomic } from '../system/files/files.ts';
import { takeLock } from '../system/files/lock.ts';
import { identityDifferences, requireSameIdentity } from './journal/identity.ts';
import { encodeJournal, type JournalContent, readJournal } from './journal/journal.ts';
import { keepChunk, noChunks } from './journal/state.ts';

interface ShardFolder extends ShardAttempt {
  plan: Plan;
  journal: JournalContent;
}

/**
 * Puts the shards of one plan together: record, plan and journal, as one run would have left them. The same `run`
 * without `--shard` goes on from there.
 *
 * @param folders output folders of `run --shard I/N`; of several attempts at one shard the newest counts.
 * @throws SosBenchError `merge-refused`, `record-missing`, `record-invalid`, `journal-invalid`, `plan-invalid`;
 *   `run-locked`, `journal-mismatch` or `record-exists` where the output folder is somebody else's.
 */
export async function mergeFolders(folders: readonly string[], output: string): Promise<LoadedRecord> {
  const attempts: ShardFolder[] = [];
  const plans = new Map<string, Plan>();
  for (const folder of folders) attempts.push(await readShard(folder, plans));
  requireOneRun(attempts);
  const chosen = chooseShards(attempts);
  const { plan, journal } = chosen[0]!;
  const { record, built } = mergeShards(plan, chosen);
  const merged = {
    identity: journal.identity,
    started: record.started ?? journal.started,
    source: chosen.some((shard) => shard.journal.source === 'artifact') ? ('artifact' as const) : null,
    made: journal.made ?? null,
    entries: chosen.flatMap((shard) => shard.journal.entries),
  };
  const paths = recordPaths(output);
  const lock = await takeLock(paths.lock, `the output folder ${output}`);
  try {
    await requireFree(output, record, merged);
    await writeFileAtomic(paths.plan, `${JSON.stringify(plan)}\n`);
    await writeFileAtomic(paths.journal, encodeJournal(merged));
    return { path: output, record: await writeRecord(output, record, built.items), items: built.items };
  } finally {
    await lock.release();
  }
}

/** @param plans those read so far, by their text: shards of one run have the same, and it is large. */
async function readShard(folder: string, plans: Map<string, Plan>): Promise<ShardFolder> {
  const paths = recordPaths(folder);
  // The items are built again from the journal.
  const record = await readRecordAlone(folder);
  const journal = await readJournal(paths.journal);
  if (journal === null || !existsSync(paths.plan)) {
    throw refused(
      `${folder} has no ${journal === null ? 'journal.ndjson' : 'plan.json'}`,
      'keep the whole output folder of a shard: record.json, items.parquet, plan.json and journal.ndjson',
    );
  }
  const done = noChunks();
  for (const entry of journal.entries) if (entry.type === 'chunk') keepChunk(done, entry);
  const shard = { path: folder, record, plan: await readPlanOf(paths.plan, plans), journal, ...done };
  requireOneSource(shard);
  return shard;
}

async function readPlanOf(path: string, plans: Map<string, Plan>): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new SosBenchError('plan-invalid', `${path} cannot be read`, { hint: 'run the shard again', cause });
  }
  const plan = plans.get(text) ?? parsePlan(text, path);
  plans.set(text, plan);
  return plan;
}

/** The files of a shard are of one run; they may have been put together elsewhere. */
function requireOneSource({ path, record, plan, journal }: ShardFolder): void {
  const others = [
    ...(journal.identity.planHash === plan.planHash ? [] : ['journal.ndjson']),
    ...(record.planHash === plan.planHash ? [] : ['record.json']),
  ];
  if (others.length > 0)
    throw refused(`${path}: ${others.join(' and ')} of another plan than plan.json`, 'run the shard again');
  if (record.model.digest !== journal.identity.modelDigest)
    throw refused(`${path}: journal.ndjson of another model than record.json`, 'run the shard again');
}

/** Shards of another plan, model or protocol do not belong together. */
function requireOneRun(attempts: readonly ShardFolder[]): void {
  const [first, ...others] = attempts;
  for (const other of others) {
    const differences = identityDifferences(first!.journal.identity, other.journal.identity);
    const [old, now] = [first!.record.protocol.harness, other.record.protocol.harness];
    // Null where a server answered all of a shard.
    if (old.version !== now.version && old.version !== null && now.version !== null)
      differences.push(`lm-eval (${old.version}, now ${now.version})`);
    const [model, its] = [first!.record.subject.servedModel, other.record.subject.servedModel];
    if (model !== its && model !== null && its !== null)
      differences.push(`the model that the server answered for (${model}, now ${its})`);
    if (first!.plan.planHash !== other.plan.planHash) differences.push('plan.json');
    if (differences.length === 0) continue;
    throw refused(
      `${first!.path} and ${other.path} are not of one run; different: ${[...new Set(differences)].join(', ')}`,
      'merge shards of one plan, model and protocol only',
    );
  }
}

/** An earlier merge of the same run may be replaced, nothing else. */
async function requireFree(output: string, record: RunRecord, merged: JournalContent): Promise<void> {
  const paths = recordPaths(output);
  const left = await readJournal(paths.journal);
  if (left !== null) requireSameIdentity(paths.journal, left.identity, merged.identity, OTHER_FOLDER);
  if (!existsSync(paths.record)) return;
  const there = await readRecordAlone(output);
  if (left !== null && runOf(there) === runOf(record) && there.shard === null) return;
  throw new SosBenchError('record-exists', `${output} holds another record`, { hint: OTHER_FOLDER });
}

const OTHER_FOLDER = 'give another --output folder';

function refused(message: string, hint: string): SosBenchError {
  return new SosBenchError('merge-refused', message, { hint });
}
