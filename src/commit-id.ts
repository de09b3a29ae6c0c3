import { z } from 'zod';

/** A whole commit id of git, SHA-1 or SHA-256, in lower case. */
export const CommitIdSchema = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is not a whole commit id');

export function isCommitId(text: string): boolean {
  return CommitIdSchema.safeParse(text).success;
}
