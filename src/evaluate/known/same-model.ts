import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { CommitIdSchema } from '../../commit-id.ts';
import type { ModelIdentity } from '../../record/identity.ts';
import { type RecordPaths, recordPaths } from '../../record/paths.ts';
import type { LoadedRecord, Reused } from '../../record/schema.ts';
import { writeRecord } from '../../record/write.ts';
import { isAddress } from '../../serving/given-server.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { writeFileAtomic } from '../../system/files/files.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { encodeJournal } from '../journal/journal.ts';
import type { ReadyModel } from '../model.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import { type Asking, describeOtherProtocol } from './comparable.ts';
import { madeBy, otherQuestions } from './questions.ts';
import type { KnownAnswers } from './read-answers.ts';

/**
 * Why a model has to be evaluated although a baseline is there: null where it is the baseline's very model, asked the same questions in the
 * same way, so that there is nothing to find out.
 *
 * @param stored the plan that is followed; null where settings make one.
 */
export function whyEvaluate(
  known: KnownAnswers,
  asking: Asking,
  request: EvaluationRequest,
  stored: Plan | null,
): string | null {
  const other = describeOtherProtocol(known, asking);
  if (other !== null) return other;
  if (known.server?.kind === 'given' || (request.stages.includes('livebench') && isAddress(request.server)))
    return 'a server that was given answers LiveBench, and which model it has is not known here';
  const { record } = known.source;
  if (!record.complete || record.shard !== null || record.looks !== undefined)
    return 'its evaluation is incomplete';
  if (request.shard !== null)
    return 'this is a part of a run: each part takes over what is known of its questions';
  if (stored !== null && stored.planHash !== record.planHash) return 'it followed another plan';
  const questions = otherQuestions(known.journal.made, madeBy(request), stored !== null);
  return questions.length === 0 ? null : `it was asked other questions: ${questions.join(', ')}`;
}

interface SameModel {
  known: KnownAnswers;
  request: EvaluationRequest;
  context: EvaluationContext;
  model: ReadyModel;
  identity: ModelIdentity | null;
  paths: RecordPaths;
}

/**
 * Leaves the record of a model that nobody needs to evaluate: the baseline's, under this run's own name and commit. All of its answers are
 * marked as those of the baseline.
 */
export async function leaveSameModel(
  folder: string,
  { known, request, context, model, identity, paths }: SameModel,
): Promise<LoadedRecord> {
  const { source, journal } = known;
  const { commit } = source.record;
  const now = context.now().toISOString();
  const entries = journal.entries.flatMap((entry) => ofBaseline(entry, commit));
  const made = {
    identity: { ...journal.identity, modelDigest: model.digest },
    made: madeBy(request),
    started: now,
    entries,
  };
  const plan = recordPaths(source.path).plan;
  if (existsSync(plan)) await copyFile(plan, paths.plan);
  await writeFileAtomic(paths.journal, encodeJournal(made, context.signJournal ?? null));
  const { resumed: _, files: __, asked: ___, model: ____, ...rest } = source.record;
  const record = await writeRecord(
    folder,
    {
      ...rest,
      model: { name: model.name, source: model.source, digest: model.digest, ...(identity && { identity }) },
      ...context.origin,
      commit: CommitIdSchema.safeParse(context.origin.commit).data ?? null,
      started: now,
      finished: context.now().toISOString(),
      ...(context.asked && { asked: context.asked }),
      totals: { ...rest.totals, deviceMinutes: 0, retries: {} },
      reused: [{ commit, items: source.items.length }],
    },
    source.items,
    source.games,
  );
  return { ...source, path: folder, record };
}

/** A line of the baseline's journal as one of this run's, which it took no time. */
function ofBaseline(entry: JournalEntry, commit: Reused['commit']): JournalEntry[] {
  switch (entry.type) {
    case 'chunk':
      return [{ ...entry, seconds: 0, reused: [{ commit, items: entry.items.length }] }];
    case 'hello':
    case 'server':
      return [{ ...entry, seconds: 0, taken: true }];
    case 'sandbox':
      return [entry];
    // What went wrong did so in another run; what was known there is in its chunks.
    case 'fault':
    case 'known':
      return [];
  }
}
