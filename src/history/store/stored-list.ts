import type { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { firstIssue } from '../../first-issue.ts';
import type { Snapshot } from '../backends/store-files.ts';
import { parseJsonOrUndefined } from './entry.ts';

/**
 * Reads a file at the root of the store; null where there is none.
 *
 * @param hint what to do about a broken one.
 * @throws SosBenchError `store-invalid`: a broken list is never taken for an empty one.
 */
export async function readStored<T>(
  files: Snapshot,
  description: string,
  { path, schema, hint }: { path: string; schema: z.ZodType<T>; hint: string },
): Promise<T | null> {
  const content = await files.read(path);
  if (content === null) return null;
  const parsed = schema.safeParse(parseJsonOrUndefined(content));
  if (parsed.success) return parsed.data;
  throw new SosBenchError(
    'store-invalid',
    `${path} in ${description} cannot be used: ${firstIssue(parsed.error)}`,
    { hint },
  );
}
