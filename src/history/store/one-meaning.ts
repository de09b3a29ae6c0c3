import { SosBenchError } from '../../error.ts';

/** Whether a text is the name of a branch or of a tag, as far as it says: no commit id and no whole name of a ref. */
export function isBareName(ref: string): boolean {
  return !/^([0-9a-f]{7,64}|refs\/.*|HEAD.*|.*[\^~:@{].*)$/s.test(ref);
}

/**
 * The commit of a name that a branch or a tag may have. Anybody who may push can make the other one, so where both have it, and differ, none
 * of them is taken: that there is no baseline would let a change pass.
 *
 * @returns null where neither has it.
 * @throws SosBenchError `usage`.
 */
export function oneMeaning(ref: string, branch: string | null, tag: string | null): string | null {
  if (branch === null || tag === null || branch === tag) return branch ?? tag;
  throw new SosBenchError(
    'usage',
    `'${ref}' is a branch (${branch.slice(0, 12)}) and a tag (${tag.slice(0, 12)})`,
    {
      hint: `say which: refs/heads/${ref} or refs/tags/${ref}; remove the other where nobody knows it`,
    },
  );
}
