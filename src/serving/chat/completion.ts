import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson } from '../../json.ts';
import { errorText, type Sent } from '../error-text.ts';
import { type HttpAnswer, HttpFault, sendRequest } from '../http.ts';

export interface Endpoint {
  url: string;
  key: string | null;
  model: string;
}

export interface RetryPolicy {
  /** Milliseconds for one request. */
  requestTimeout: number;
  /** Waits before the second, third, ... try, in milliseconds; their number bounds the tries. */
  backoff: readonly number[];
}

/** The moment (of `performance.now()`) before which nobody asks: a server asked too often says so to one, for all. */
export interface RateGate {
  notBefore: number;
}

/**
 * Why a request got no answer. `question`: nothing is wrong with the server. `server`: it failed at this one, time and
 * again. `gone`: nobody listens any more. `refused`: it will not answer any question (key, model).
 */
type RequestErrorKind = 'question' | 'server' | 'gone' | 'refused';

export class RequestError extends Error {
  readonly kind: RequestErrorKind;
  /** Whether the server was silent for as long as it may be. */
  readonly timedOut: boolean;

  constructor(kind: RequestErrorKind, message: string, { timedOut = false } = {}) {
    super(message);
    this.name = 'RequestError';
    this.kind = kind;
    this.timedOut = timedOut;
  }
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** What a server counts is its word: a count that is none is as good as left out. */
const TokensSchema = z.number().int().min(0).max(1e9).nullish().catch(null);
/** A text, or parts of one, beside which reasoning may stand (Mistral's). */
const ContentSchema = z.union([
  z.string().transform((text) => ({ text, apart: false })),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })).transform((parts) => ({
    text: parts.map(({ type, text = '' }) => (type === 'text' ? text : '')).join(''),
    apart: parts.some(({ type }) => type === 'thinking'),
  })),
]);
const CompletionSchema = z.object({
  model: z.string().nullish().catch(null),
  choices: z.tuple(
    [
      z.object({
        message: z.object({
          content: ContentSchema.nullish(),
          // Where the server parts reasoning from the answer: vLLM and SGLang, and vLLM since 0.12.
          reasoning_content: z.string().nullish(),
          reasoning: z.string().nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    ],
    z.unknown(),
  ),
  usage: z
    .object({
      prompt_tokens: TokensSchema,
      completion_tokens: TokensSchema,
      total_tokens: TokensSchema,
      completion_tokens_details: z.object({ reasoning_tokens: TokensSchema }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
});

/** The longest wait a server may ask for, in milliseconds. */
const MAX_RETRY_AFTER = 120_000;
const MAX_ORIGIN = 100;
/** A proxy in between waited no longer (524 is Cloudflare's): the server behind it may go on, and charge for it. */
const GIVEN_UP = new Set([504, 524]);
/** A server that was too slow twice is too slow; each try costs all of the time there is. */
const MAX_TIMEOUTS = 2;
const TOO_LONG =
  /context|too (long|many tokens)|max(imum)?[_ ](model|input|sequence|position)[_ ]?(len|length|tokens)?|prompt length/i;

export interface Completion {
  content: string;
  /** Whether it was cut at the token limit; null where the server does not say. */
  cut: boolean | null;
  /** Whether reasoning came apart from it. */
  apart: boolean;
  promptTokens: number | null;
  outputTokens: number | null;
  /**
   * All that it wrote, reasoning once: servers disagree on whether their count of what was written holds it (OpenAI's does, xAI's does not), and only
   * the total tells.
   */
  writtenTokens: number | null;
  /** What the server calls the model that answered; null where it does not say. */
  servedBy: string | null;
  /** How the server says that it wrote nothing; only where an empty answer is one. */
  empty?: string;
}

/** Why to try again, what it is if that does not help, and what the server said about when. */
interface Retry {
  reason: string;
  kind: 'question' | 'server' | 'gone';
  /** Milliseconds. */
  after?: number;
  /** Whether the server was silent for as long as it may be. */
  timedOut?: boolean;
  /** Whether the server may have answered, and charged for it, all the same. */
  lost?: boolean;
}

/** What one try came to. */
type Try = { completion: Completion } | { fault: RequestError } | Retry;

export type CompletionOptions = RetryPolicy & {
  rateGate: RateGate;
  signal: AbortSignal;
  /** Whether an empty answer is one; else the server is asked again. */
  takesEmpty?: boolean;
  /**
   * Told of each try whose answer was lost (too late, cut off, unreadable, given up), which may have to be paid all the same.
   *
   * @returns whether it may be asked again.
   */
  onLost?: () => boolean;
};

/**
 * Asks a server for one chat completion, again where it failed and waiting as long as it wants to be left alone. Redirects are not
 * followed: the key goes to this address alone.
 *
 * @param body the request; its messages are cut out of what the server says went wrong.
 * @throws RequestError; HttpFault `aborted`.
 */
export async function requestCompletion(
  body: { messages: readonly ChatMessage[] },
  { url, key }: Endpoint,
  { requestTimeout: timeout, backoff, rateGate, signal, takesEmpty = false, onLost }: CompletionOptions,
): Promise<Completion> {
  for (let tries = 1; ; tries++) {
    await waitUntil(rateGate, signal);
    if (signal.aborted) throw new HttpFault('aborted', 'stopped');
    const result = await tryOnce(
      () => sendRequest(`${url}/chat/completions`, { method: 'POST', key, body, timeout, signal }),
      { key, prompts: body.messages.map(({ content }) => content) },
      takesEmpty,
    ).catch((error: unknown) => {
      // It was sent, and then nobody waited for its answer.
      onLost?.();
      throw error;
    });
    if ('completion' in result) return result.completion;
    if ('fault' in result) throw result.fault;
    const mayAskAgain = !result.lost || onLost?.() !== false;
    const isOver = result.timedOut && tries >= MAX_TIMEOUTS;
    const pause = isOver || !mayAskAgain ? undefined : backoff[tries - 1];
    if (pause === undefined) {
      const message = `${result.reason}${tries > 1 ? ` (${tries} tries)` : ''}`;
      throw new RequestError(result.kind, message, { timedOut: result.timedOut === true });
    }
    rateGate.notBefore = Math.max(rateGate.notBefore, performance.now() + (result.after ?? 0));
    await pauseFor(pause, signal);
  }
}

async function tryOnce(send: () => Promise<HttpAnswer>, sent: Sent, takesEmpty: boolean): Promise<Try> {
  try {
    return readAnswer(await send(), sent, takesEmpty);
  } catch (error) {
    if (!(error instanceof HttpFault) || error.kind === 'aborted') throw error;
    const kind = error.kind === 'unreachable' ? 'gone' : 'server';
    return { reason: error.message, kind, lost: kind !== 'gone', timedOut: error.kind === 'timeout' };
  }
}

function readAnswer(answer: HttpAnswer, sent: Sent, takesEmpty: boolean): Try {
  const { status, headers } = answer;
  if (status === 200) {
    const read = readCompletion(answer.text, takesEmpty);
    const said = 'lost' in read ? errorText(answer, sent) : '';
    // Routers say what went wrong with a model of theirs under a status that all is well.
    return said.includes(': ') ? { reason: said, kind: 'server', after: retryAfter(answer) } : read;
  }
  const text = errorText(answer, sent);
  if (status >= 300 && status < 400) {
    const reason = `redirects are not followed${describeTarget(headers.location)}: the key goes to the address that was given and nowhere else`;
    return { fault: new RequestError('refused', `${text}; ${reason}`) };
  }
  // 402: nothing is left to pay with. 404: the model, or the path, is not there.
  if ([401, 402, 403, 404].includes(status)) return { fault: new RequestError('refused', text) };
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) {
    return { reason: text, kind: 'server', after: retryAfter(answer), lost: GIVEN_UP.has(status) };
  }
  if (TOO_LONG.test(text)) {
    return { fault: new RequestError('question', `longer than the model's context: ${text}`) };
  }
  return { fault: new RequestError('question', text) };
}

function readCompletion(text: string, takesEmpty: boolean): Try {
  let parsed: z.infer<typeof CompletionSchema>;
  try {
    parsed = CompletionSchema.parse(parseJson(text));
  } catch {
    return { reason: 'the answer is cut off or is not a chat completion', kind: 'server', lost: true };
  }
  const { usage, choices } = parsed;
  const { message, finish_reason: finish } = choices[0];
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? 0;
  const output = usage?.completion_tokens ?? null;
  const rest = (usage?.total_tokens ?? 0) - (usage?.prompt_tokens ?? 0);
  const content = message.content?.text ?? '';
  const apart = Boolean(message.content?.apart || message.reasoning_content || message.reasoning);
  // All the tokens went into reasoning: that is an answer, and asking again would give the same.
  const isAllReasoning = apart && finish === 'length';
  const isEmpty = content === '' && !isAllReasoning;
  const why = [finish && `ended by '${finish}'`, output !== null && `${output} tokens`].filter(Boolean);
  const empty = `the answer is empty${why.length > 0 ? ` (${why.join(', ')})` : ''}`;
  if (isEmpty && !takesEmpty) return { reason: empty, kind: 'question', lost: true };
  return {
    completion: {
      content,
      cut: finish == null ? null : finish === 'length',
      apart,
      promptTokens: usage?.prompt_tokens ?? null,
      writtenTokens: output === null ? null : Math.max(output, usage?.prompt_tokens == null ? 0 : rest),
      servedBy: parsed.model ?? null,
      // As LiveBench counts.
      outputTokens: output === null ? null : output + reasoning,
      ...(isEmpty && { empty }),
    },
  };
}

/** `, this one to https://other.example.com`; nothing where the server does not say. */
function describeTarget(location: string | undefined): string {
  if (location === undefined || !URL.canParse(location)) return '';
  return `, this one to ${new URL(location).origin.slice(0, MAX_ORIGIN)}`;
}

/** Milliseconds that a server asks to be left alone; 0 where it does not say. */
function retryAfter({ headers }: HttpAnswer): number {
  const text = headers['retry-after'];
  if (text === undefined) return 0;
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(0, wait), MAX_RETRY_AFTER) : 0;
}

async function waitUntil(rateGate: RateGate, signal: AbortSignal): Promise<void> {
  for (
    let left = rateGate.notBefore - performance.now();
    left > 0;
    left = rateGate.notBefore - performance.now()
  ) {
    await pauseFor(left, signal);
  }
}

async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw new HttpFault('aborted', 'stopped');
  }
}
