import { z } from 'zod';
import { parseIfJson } from '../json.ts';
import type { HttpAnswer } from './http.ts';

/** Where OpenAI-compatible servers put what went wrong. */
const ErrorBodySchema = z.union([
  z.object({ error: z.object({ message: z.string() }) }).transform(({ error }) => error.message),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ detail: z.string() }).transform(({ detail }) => detail),
  z
    .object({ detail: z.array(z.object({ msg: z.string() })).nonempty() })
    .transform(({ detail }) => detail.map(({ msg }) => msg).join('; ')),
  z.object({ message: z.string() }).transform(({ message }) => message),
]);

const MAX_CHARACTERS = 300;
/** A shorter line of a prompt may well be part of an ordinary message. */
const MIN_QUOTED = 12;
/** Where validators begin to repeat what they were sent. */
const REPEATED = /[\s,{(]*['"]?(input|input_value|body)['"]?\s*[:=].*$/s;

/** What was sent, and must not come back in a message: reasons end up in records and comments. */
export interface Sent {
  key: string | null;
  /** Texts of the request's messages. */
  prompts: readonly string[];
}

/**
 * What a server said went wrong, in one line, without what it was sent. Of a body that is not an error as these servers write
 * them nothing is repeated: it may hold anything.
 */
export function errorText({ status, text }: Pick<HttpAnswer, 'status' | 'text'>, sent: Sent): string {
  const said = redact(messageOf(text), sent).replace(/\s+/g, ' ').trim().slice(0, MAX_CHARACTERS);
  return `status ${status}${said && `: ${said}`}`;
}

function messageOf(text: string): string {
  // What is no JSON is a proxy's page, or a plain line.
  return ErrorBodySchema.safeParse(parseIfJson(text)).data ?? '';
}

function redact(message: string, { key, prompts }: Sent): string {
  const lines = prompts
    .flatMap((prompt) => [prompt, ...prompt.split('\n')])
    .map((line) => line.trim())
    .filter((line) => line.length >= MIN_QUOTED)
    .sort((a, b) => b.length - a.length);
  // As it was sent, and as JSON and Python write it.
  const forms = lines.flatMap((line) => [line, JSON.stringify(line).slice(1, -1)]);
  const sent = key?.trim() ?? '';
  const withoutKey = sent === '' ? message : message.replaceAll(sent, '(key)');
  const hidden = forms.reduce((said, form) => said.replaceAll(form, '(prompt)'), withoutKey);
  return hidden.replace(REPEATED, '');
}
