import { dirname } from 'node:path';
import { checkWhole, describeFileChange, type FileChange } from '../../system/kept/manifest.ts';
import { type Check, fail } from '../check.ts';

const HINT =
  'a run builds another; find out who wrote there, and give release gates a runner that pull requests cannot reach';

/**
 * Every byte of an environment that we built, against what it was then: before anything in it is started.
 *
 * @returns null where it is as it was built.
 */
export async function checkEnvironment(id: string, python: string): Promise<Check | null> {
  const folder = dirname(dirname(python));
  return differs(id, folder, await checkWhole(folder));
}

/** How a check says that something in the cache is not what it was. */
export function differs(id: string, folder: string, differences: readonly FileChange[]): Check | null {
  if (differences.length === 0) return null;
  const [first, ...others] = differences;
  const more =
    others.length === 0 ? '' : `, and ${others.length} more ${others.length === 1 ? 'file' : 'files'}`;
  return fail(id, `${folder} is not as it was made: ${describeFileChange(first!)}${more}`, HINT);
}
