import { createHash } from 'node:crypto';

/** 16 hex digits as a signed 64-bit integer, which is how a record holds the hash of a document. */
export function toInt64(hex: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${hex}`));
}

/** Of one item, in hex: its document's hash, its prompt's hash, and its target. */
export interface PromptHash {
  docHash: string;
  promptHash: string;
  target: string;
}

/** SHA-256 over the sorted lines `DOCUMENT PROMPT TARGET` of a task's items, in hex. */
export function digestPrompts(items: readonly PromptHash[]): string {
  const lines = items.map(({ docHash, promptHash, target }) => `${docHash} ${promptHash} ${target}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
