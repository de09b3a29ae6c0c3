import { createHash } from 'node:crypto';

const MAX_LENGTH = 120;
/** Names that Windows keeps for devices. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A folder name for each model (and suffix): letters, digits, `.`, `_` and `-`, as the harness writes them
 * (`org/model` becomes `org__model`). Names that would collide, are too long or stand for something get a hash.
 */
export function folderNames(runs: readonly { model: string; suffix: string | null }[]): string[] {
  const taken = new Set<string>();
  return runs.map(({ model, suffix }) => {
    const full = suffix === null ? model : `${model}-${suffix}`;
    const clean = full
      .normalize('NFC')
      .replace(/[/\\]+/g, '__')
      .replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '_')
      .replace(/^[._-]+(?=[^._-])/, '')
      .replace(/[._-]+$/, '');
    const long = Buffer.byteLength(clean) > MAX_LENGTH;
    let name = long || clean === '' || RESERVED.test(clean) ? withHash(clean, full) : clean;
    if (taken.has(name.toLowerCase())) name = withHash(clean, full);
    for (let again = 2; taken.has(name.toLowerCase()); again++) name = withHash(clean, `${full} ${again}`);
    taken.add(name.toLowerCase());
    return name;
  });
}

function withHash(clean: string, full: string): string {
  const hash = createHash('sha256').update(full).digest('hex').slice(0, 8);
  let start = clean;
  while (Buffer.byteLength(start) > MAX_LENGTH - 9) start = [...start].slice(0, -1).join('');
  return start === '' ? `model-${hash}` : `${start}-${hash}`;
}
