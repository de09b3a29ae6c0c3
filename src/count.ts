export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 question`, `2 questions`; `several` where that is not the noun with an s. */
export function plural(count: number, one: string, several = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}

/** The noun alone, for a number that is written without commas. */
export function noun(count: number, one: string): string {
  return count === 1 ? one : `${one}s`;
}
