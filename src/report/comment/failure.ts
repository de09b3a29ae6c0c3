import { escapeBlock, escapeCode, escapeMarkdown } from '../../markdown/escape.ts';

/** What could not be done. Texts may hold names and values from outside. */
export interface Failure {
  message: string;
  /** Null for what should not happen. */
  code: string | null;
  /** What to do about it, in one line or several. */
  hint: string | null;
}

/** Longest text shown of a message or hint, in characters. */
const MAX_LENGTH = 2000;

/** What could not be done, as markdown for a check or a job summary. */
export function renderFailure({ message, code, hint }: Failure, title = 'Could not run'): string {
  const what = code === null ? 'Internal error' : escapeCode(code);
  const isBlock = hint?.includes('\n') ?? false;
  return [
    `> [!CAUTION]\n> **${title}.** ${escapeMarkdown(message, MAX_LENGTH)} (${what})`,
    hint &&
      (isBlock
        ? `What to do:\n\n${escapeBlock(hint, MAX_LENGTH)}`
        : `What to do: ${escapeMarkdown(hint, MAX_LENGTH)}`),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}
