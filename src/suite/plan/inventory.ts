/** Why a benchmark of options has no documents where the model is to reason before it answers. */
export const SKIPPED_WHEN_THINKING =
  'scored by log-probabilities, and the model is to reason first (enable-thinking)';

/** What a plan is made of: per task the documents that are there, or the reason why there are none. */
export interface TaskInventory {
  task: string;
  documents: DocumentInventory | null;
  /** Why there are no documents; null where there are. */
  reason: string | null;
}

/** The documents of a task, in the harness's order; arrays run side by side. */
export interface DocumentInventory {
  hashes: readonly string[];
  clusters: readonly (string | null)[];
  /** Characters of each question, and of the examples before it. */
  lengths: readonly number[];
  exampleLength: number;
  /** How often the model reads each document's prompt: once, or once for each answer option. */
  readings: readonly number[];
  dropped: Record<string, number>;
  /** Tokens a free-text answer may take; 0 for multiple choice. */
  maxNewTokens: number;
}

export interface BenchmarkInventory {
  id: string;
  /** Why the whole benchmark cannot run; null where it can. */
  reason: string | null;
  tasks: TaskInventory[];
}
