import { noun } from '../../count.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { type Asking, describeDifference } from './comparable.ts';
import { type KnownAnswers, readAnswers } from './read-answers.ts';
import type { TakenOver } from './take-over.ts';

/** A record in a sentence. */
export function nameKnown({ record, path }: LoadedRecord): string {
  return record.commit === null ? path : `commit ${record.commit.slice(0, 7)}`;
}

/** Reads what each record's model answered; of one that cannot be used the log has a line. */
export async function readSources(
  records: readonly LoadedRecord[],
  note: (text: string) => void,
): Promise<KnownAnswers[]> {
  const sources: KnownAnswers[] = [];
  for (const record of records) {
    const known = await readAnswers(record);
    if (typeof known !== 'string') sources.push(known);
    else note(`No answers are taken from the record of ${nameKnown(record)}: ${known}`);
  }
  return sources;
}

/** Those whose model and protocol are this run's. */
export function chooseSources(
  sources: readonly KnownAnswers[],
  asking: Asking,
  note: (text: string) => void,
): KnownAnswers[] {
  return sources.filter((source) => {
    const reason = describeDifference(source, asking);
    if (reason === null) return true;
    note(`No answers are taken from the record of ${nameKnown(source.source)}: ${reason}`);
    return false;
  });
}

/** Says what is not asked again, and what is although an answer is there. */
export function noteTakenOver(
  { items, left, reused, refused }: TakenOver,
  note: (text: string) => void,
): void {
  if (items > 0) {
    const from = reused.map(({ commit }) => (commit === null ? 'a record' : `commit ${commit.slice(0, 7)}`));
    const whose = from.length === 0 ? 'another record' : from.join(', ');
    note(
      left === 0
        ? `The model is that of ${whose}: all ${items} ${noun(items, 'answer')} are known, and no question is asked; use --force to evaluate`
        : `The model is that of ${whose}: ${items} ${noun(items, 'answer')} ${items === 1 ? 'is' : 'are'} known, ${left} ${noun(left, 'question')} ${left === 1 ? 'is' : 'are'} asked`,
    );
  }
  for (const [reason, tasks] of refused) {
    const more = tasks.length > 3 ? ` and ${tasks.length - 3} more` : '';
    note(`${tasks.slice(0, 3).join(', ')}${more}: asked again, since ${reason}`);
  }
}
