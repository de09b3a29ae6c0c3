import { escapeCode, escapeMarkdown } from '../../markdown/escape.ts';

/** Why a report is never green, whatever the comparison found. */
export interface ShownObjection {
  /** In few words. */
  title: string;
  text: string;
  /** What to write in a comment to get on; left out where nothing helps. */
  command?: string;
  /** Whether it fails the check, or waits for a person; it waits where left out. */
  conclusion?: 'failure' | 'action_required';
}

/** What stands against a report, above its verdict: a reader must not take that for the last word. */
export function renderObjections(objections: readonly ShownObjection[]): string[] {
  return objections.map(
    ({ title, text, command }) =>
      `> [!IMPORTANT]\n> **${escapeMarkdown(title)}.** ${escapeMarkdown(text, 1000)}${command === undefined ? '' : ` ${escapeCode(command)}`}`,
  );
}

/**
 * The first line of a report: the name and what was found. What stands against a report that is not red by itself is said in place of its
 * verdict.
 *
 * @param heading what was found, as the end of the line; text from outside in it is escaped.
 * @param isRed whether the report fails by itself.
 */
export function renderHeading(
  { mark, heading, isRed }: { mark: string; heading: string; isRed: boolean },
  objections: readonly ShownObjection[] = [],
): string {
  const objection = objections.find(({ conclusion }) => conclusion === 'failure') ?? objections[0];
  if (objection === undefined || isRed)
    return `### ${[mark, `SOS-Bench: ${heading}`].filter(Boolean).join(' ')}`;
  const title = `${objection.title.charAt(0).toLowerCase()}${objection.title.slice(1)}`;
  return `### ${objection.conclusion === 'failure' ? '🔴' : '🟡'} SOS-Bench: ${escapeMarkdown(title)}`;
}
