import type { LoadedRecord } from '../../record/schema.ts';

/** Records that a run may take answers from. Who may write them decides that: they are trusted, and not of the change that is judged. */
export interface KnownRecords {
  /** What the new record will be compared with: where it is of this very model, nothing is evaluated. Null for none. */
  baseline: LoadedRecord | null;
  /** Others of a model of that identity (64 hex digits), the newest first. */
  find(identity: string): Promise<LoadedRecord[]>;
}
