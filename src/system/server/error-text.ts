import { z } from 'zod';
import type { HttpAnswer } from './http.ts';

/** The places where OpenAI-compatible servers put what went wrong. */
const ErrorBodySchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

const MOST_CHARACTERS = 300;

/** What a server said went wrong, in one line. */
export function errorText({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): string {
  let said = text;
  try {
    const parsed = ErrorBodySchema.safeParse(JSON.parse(text));
    if (parsed.success) said = parsed.data;
  } catch {
    // No JSON: a proxy's page, or a plain line.
  }
  const line = said.replace(/\s+/g, ' ').trim().slice(0, MOST_CHARACTERS);
  return `status ${status}${line && `: ${line}`}`;
}
