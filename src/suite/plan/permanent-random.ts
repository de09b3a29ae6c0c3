import { hash } from 'node:crypto';

const BITS = 52;

/**
 * The permanent random number of a document, in [0, 1): a hash of the seed, the document's own hash, and which of
 * several equal documents it is (0, 1, ...). A document keeps it whatever else is there, so that plans of one seed
 * overlap as much as their sizes allow (Ohlsson 1995).
 */
export function permanentRandom(seed: number, docHash: string, occurrence: number): number {
  const digest = hash('sha256', `${seed} ${docHash} ${occurrence}`, 'hex');
  return Number.parseInt(digest.slice(0, BITS / 4), 16) / 2 ** BITS;
}
