import { SosBenchError } from '../../error.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { BASELINE_EVENTS } from '../store/admit.ts';
import type { Entry } from '../store/entry.ts';
import type { Store } from '../store/store.ts';

/** Records whose answers are looked at: the newest has them all, or others add little. */
const MAX_RECORDS = 3;

/** Which records of a store count as the main branch's. */
export interface MainBranch {
  /** `owner/name`; null outside of GitHub. */
  repository: string | null;
  /** The default branch; null where it is not known. */
  branch: string | null;
}

/**
 * Records of a model that the store knows, the newest first: of the main branch alone, whose runs nobody but the store's own writers make.
 * A change's is none: its answers would become main's.
 *
 * @param load reads the record of an entry.
 * @returns with what was found and could not be used, in words. What is wrong with the store is no reason not to evaluate.
 */
export async function findKnown(
  store: Pick<Store, 'description' | 'openIndex'>,
  identity: string,
  main: MainBranch,
  load: (entry: Entry) => Promise<LoadedRecord>,
): Promise<{ records: LoadedRecord[]; notes: string[] }> {
  const records: LoadedRecord[] = [];
  const notes: string[] = [];
  try {
    const index = await store.openIndex();
    if (!index.exists) return { records, notes };
    const lines = await index.ofModel(identity);
    const kept = lines.filter(({ itemsKept }) => itemsKept);
    if (kept.length === 0 && lines.length > 0) {
      const sha = lines[0]!.sha.slice(0, 7);
      notes.push(
        `commit ${sha} has this very model, but ${store.description} no longer keeps its questions: it is asked again`,
      );
    }
    for (const { sha } of kept) {
      if (records.length === MAX_RECORDS) break;
      try {
        const read = await index.entry(sha);
        const refused = read?.entry
          ? whyNot(read.entry, identity, main)
          : (read?.problem ?? 'it has no entry');
        if (refused === null) records.push(await load(read!.entry!));
        else notes.push(`no answers are taken from commit ${sha.slice(0, 7)}: ${refused}`);
      } catch (error) {
        if (!(error instanceof SosBenchError)) throw error;
        notes.push(`no answers are taken from commit ${sha.slice(0, 7)}: ${error.message}`);
      }
    }
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    notes.push(`what ${store.description} knows of this model cannot be had: ${error.message}`);
  }
  return { records, notes };
}

/** Why an entry is not of the main branch, or not of that model; null where it is. What stands in the index alone is nobody's word. */
function whyNot(entry: Entry, identity: string, { repository, branch }: MainBranch): string | null {
  if (entry.model.identity !== identity) return 'its entry is of another model';
  if (!entry.complete) return 'its evaluation is incomplete';
  if (repository === null) return null;
  if (!BASELINE_EVENTS.includes(entry.event ?? ''))
    return `it was recorded by '${entry.event}', not by a push to main`;
  if (entry.repository !== repository) return `it is of the repository ${entry.repository}`;
  if (branch !== null && entry.branch !== branch)
    return `it is of the branch ${entry.branch}, not of ${branch}`;
  return null;
}
