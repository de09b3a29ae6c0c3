import { permanentRandom } from './permanent-random.ts';

/**
 * The `n` documents of a task with the smallest permanent random numbers, as sorted positions. Every document is
 * among them with probability n / N: a simple random sample without replacement. A larger `n` keeps what a smaller one
 * chose, and one document more or less in the task changes at most one choice.
 */
export function chooseDocuments(docHashes: readonly string[], n: number, seed: number): number[] {
  const all = docHashes.map((_, docId) => docId);
  if (n >= all.length) return all;
  const seen = new Map<string, number>();
  const numbers = Float64Array.from(docHashes, (docHash) => {
    const occurrence = seen.get(docHash) ?? 0;
    seen.set(docHash, occurrence + 1);
    return permanentRandom(seed, docHash, occurrence);
  });
  return all
    .sort((a, b) => numbers[a]! - numbers[b]! || a - b)
    .slice(0, n)
    .sort((a, b) => a - b);
}
