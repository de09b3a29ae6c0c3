/** Settings and inputs under former names, by what each is called now. An entry stays for as long as somebody may have the old one. */
const RENAMED: Readonly<Record<string, string>> = {};

/**
 * What a name is called now: one that was renamed, or one that is written with underscores or capitals.
 *
 * @param known all names there are.
 * @returns null for a name that is one, and for one that was none.
 */
export function currentName(
  name: string,
  known: readonly string[],
  renamed: Readonly<Record<string, string>> = RENAMED,
): string | null {
  if (known.includes(name)) return null;
  const spelled = name.toLowerCase().replaceAll(/[_ ]/g, '-');
  const now = Object.hasOwn(renamed, spelled) ? renamed[spelled]! : spelled;
  return known.includes(now) ? now : null;
}
