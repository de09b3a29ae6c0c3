import { escapeCode, escapeMarkdown } from '../../markdown/escape.ts';
import { COMMENT_BUDGET } from '../../markdown/limits.ts';

/** Why a report is never green, whatever the comparison found. */
export interface ShownObjection {
  /** In few words. */
  title: string;
  text: string;
  /** What to write in a comment to get on; left out where nothing helps. */
  command?: string;
}

/** A report with what stands against it first: a reader must not take the verdict below for the last word. */
export function withObjections(
  objections: readonly ShownObjection[],
  render: (budget: number) => string,
  budget: number = COMMENT_BUDGET,
): string {
  if (objections.length === 0) return render(budget);
  const head = objections.map(
    ({ title, text, command }) =>
      `> [!IMPORTANT]\n> **${escapeMarkdown(title)}.** ${escapeMarkdown(text, 1000)}${command === undefined ? '' : ` ${escapeCode(command)}`}\n\n`,
  );
  return head.join('') + render(budget - Buffer.byteLength(head.join('')));
}
