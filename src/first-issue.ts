import type { z } from 'zod';

/**
 * What is wrong with a document, in words: the path of its first fault and what the schema says of it.
 *
 * @param whole what the document itself is called.
 */
export function firstIssue({ issues: [issue] }: z.ZodError, whole = 'the document'): string {
  return `${issue?.path.join('.') || whole}: ${issue?.message}`;
}
