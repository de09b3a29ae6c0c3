import { rm } from 'node:fs/promises';
import type { RecordPaths } from '../../record/paths.ts';
import { writeFileAtomic } from '../../system/files/files.ts';
import type { JournalEntry } from '../journal/entry.ts';
import { encodeJournal, type JournalContent, readJournal } from '../journal/journal.ts';
import type { Sign } from '../journal/signature.ts';

/** Whether a run asked nothing itself: all that its journal has is taken over from other records. */
export function isAllTaken({ entries }: Pick<JournalContent, 'entries'>): boolean {
  return entries.some(isTaken) && entries.every((entry) => isTaken(entry) || entry.type === 'sandbox');
}

/**
 * Takes out of a journal what was taken over from other records, for a run that is to ask all of it. A journal that has nothing else goes,
 * with the record that was made of it.
 *
 * @param sign signs the lines again; null where they are not signed.
 * @returns whether there was anything of the kind.
 * @throws SosBenchError `journal-invalid`, `permission-denied`, `disk-full`.
 */
export async function forgetTaken(paths: RecordPaths, sign: Sign | null): Promise<boolean> {
  const journal = await readJournal(paths.journal);
  if (journal === null || !journal.entries.some(isTaken)) return false;
  if (isAllTaken(journal)) {
    for (const path of [paths.record, paths.items, paths.journal]) await rm(path, { force: true });
    return true;
  }
  const entries = journal.entries.filter((entry) => !isTaken(entry));
  await writeFileAtomic(paths.journal, encodeJournal({ ...journal, entries }, sign));
  return true;
}

/** Whether a line tells of other records' answers; a chunk is asked whole again where some of its answers are. */
function isTaken(entry: JournalEntry): boolean {
  switch (entry.type) {
    case 'known':
      return true;
    case 'chunk':
      return (entry.reused ?? []).length > 0;
    case 'hello':
    case 'server':
      return entry.taken === true;
    case 'sandbox':
    case 'fault':
      return false;
  }
}
