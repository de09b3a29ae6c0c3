import type { Section } from './sections.ts';

/**
 * A text in at most `budget` bytes: its sections drop out in the order of `keep`, the lowest first, and what has a shorter
 * form takes that before it goes. What is to stay whatever the budget is has `keep: Infinity`.
 *
 * @param assemble makes the text of the sections that stay, and of those that went.
 */
export function fitSections(
  given: readonly Section[],
  budget: number,
  assemble: (sections: readonly Section[], dropped: readonly Section[]) => string,
): string {
  const sections = [...given];
  const dropped: Section[] = [];
  for (;;) {
    const text = assemble(sections, dropped);
    const next = sections.filter(({ keep }) => keep < Infinity).toSorted((a, b) => a.keep - b.keep)[0];
    if (next === undefined || Buffer.byteLength(text) <= budget) return text;
    if (next.less !== undefined) {
      sections.splice(sections.indexOf(next), 1, next.less);
      continue;
    }
    sections.splice(sections.indexOf(next), 1);
    dropped.push(next);
  }
}

/** Says which sections had no room; null where none went. */
export function nameDropped(dropped: readonly Section[]): string | null {
  const titles = dropped.map(({ title }) => title.toLowerCase());
  return titles.length > 0 ? `Left out for length: ${titles.join(', ')}.` : null;
}
