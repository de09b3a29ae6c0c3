/** What an item depends on. */
export interface Dependent {
  /** Items that share it are dependent; null where the item stands alone. */
  cluster: bigint | null;
  /** Hash of its document: an item that stands alone depends on others of the same document, and on them only. */
  docHash: bigint;
}

/**
 * Clusters of items as numbers 0, 1, 2, ... in order of their first item, for `clusteredMean`. A document that is there twice is one
 * cluster: its second answer tells nothing new. Undefined where no two items share one, so that exact methods apply.
 *
 * The one function that does so: the standard errors of a record, of its CSV and of a comparison rest on the same units.
 */
export function numberClusters(items: readonly Dependent[]): Int32Array | undefined {
  const known = new Map<bigint, number>();
  const numbers = Int32Array.from(items, ({ cluster, docHash }) => {
    const key = cluster ?? docHash;
    let number = known.get(key);
    if (number === undefined) {
      number = known.size;
      known.set(key, number);
    }
    return number;
  });
  return known.size < items.length ? numbers : undefined;
}
