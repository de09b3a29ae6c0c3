/** How a model reasons, as the settings say it. */
export interface Thinking {
  /** Null where it does as it likes. */
  enabled: boolean | null;
  /** Text that ends reasoning; null where nothing is cut off. */
  end: string | null;
  /** Whether the server has to be told in every request whether to reason; ours are told when they start. */
  inRequest: boolean;
}

export const NOT_THINKING: Thinking = { enabled: null, end: null, inRequest: false };

export interface CutAnswer {
  text: string;
  /** Whether reasoning has no end; undefined where none was looked for. */
  unended?: boolean;
}

/**
 * An answer without the reasoning before it, as the harness (0.4.13) cuts it: what comes after the last end of reasoning. Where
 * there is none and the answer was cut at the token limit, or begins with what opens reasoning, nothing of it is an answer.
 *
 * @param completion the text; whether it was cut; and whether the server parted reasoning from it already.
 */
export function cutReasoning(
  completion: { content: string; cut: boolean | null; apart: boolean },
  { enabled, end }: Pick<Thinking, 'enabled' | 'end'>,
): CutAnswer {
  const { content, cut, apart } = completion;
  const thinks = enabled !== false;
  if (apart) return { text: content, ...(thinks && { unended: content === '' }) };
  if (end === null) return { text: content };
  const index = content.lastIndexOf(end);
  if (index >= 0)
    return { text: content.slice(index + end.length).trimStart(), ...(thinks && { unended: false }) };
  const opening = end.replace('/', '');
  const isBegun = opening !== end && content.trimStart().startsWith(opening);
  if (!thinks) return { text: content };
  return { text: cut || isBegun ? '' : content, unended: true };
}
