/** Quantile of sorted values, between neighbours in proportion (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: readonly number[], probability: number): number {
  const at = probability * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}
