/** Free texts are nearly all different; the commonest shows a constant answer. */
const MAX_ANSWERS = 30;

/** How often each answer was given, the commonest first; no more than 30 of them. */
export function countAnswers(answers: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return commonestAnswers(counts);
}

/** The commonest of answers that are counted already. */
export function commonestAnswers(counts: ReadonlyMap<string, number>): Record<string, number> {
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return Object.fromEntries(ordered.slice(0, MAX_ANSWERS));
}
