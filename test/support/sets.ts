/** Whether every element of `small` is in `large`. */
export function isWithin<Element>(small: ReadonlySet<Element>, large: ReadonlySet<Element>): boolean {
  return [...small].every((element) => large.has(element));
}

export function countCommon<Element>(a: ReadonlySet<Element>, b: ReadonlySet<Element>): number {
  return [...a].filter((element) => b.has(element)).length;
}
