import { z } from 'zod';
import { SosBenchError } from '../error.ts';
import { isLoopback } from '../loopback.ts';
import { errorText } from './error-text.ts';
import { firstAnswer } from './first-answer.ts';
import { HttpFault, sendRequest } from './http.ts';
import type { ModelServer } from './model-server.ts';

export interface GivenServerOptions {
  url: string;
  /** From the environment, never from a flag; null where there is none. */
  key: string | null;
  /** The model to ask for; null takes the only one there is. */
  name: string | null;
  /** Milliseconds for the first answer. */
  readyTimeout: number;
  signal: AbortSignal;
  note: (text: string) => void;
}

const LIST_TIMEOUT_MS = 30_000;
const SHOWN_MODELS = 5;
const ModelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

/**
 * Uses a server that somebody else runs: it has to list its models and to answer one request.
 *
 * @param options.url its base address, with or without `/v1`.
 * @throws SosBenchError `usage` (no address), `server-unusable`, `interrupted`.
 */
export async function givenServer(options: GivenServerOptions): Promise<ModelServer> {
  const { key, name, readyTimeout: timeout, signal, note } = options;
  const started = performance.now();
  const base = parseAddress(options.url);
  if (key !== null && base.startsWith('http:') && !isLoopback(base)) {
    note(`The key goes to ${base} unencrypted (http)`);
  }
  try {
    const { url, models } = await listModels(base, options);
    const model = chooseModel(name, models, url);
    const first = await firstAnswer({ url, key, model, timeout, signal });
    if (first.kind !== 'answered') {
      throw unusable(`${url} did not answer a request to model '${model}': ${first.message}`);
    }
    const seconds = (performance.now() - started) / 1000;
    const ended = new Promise<never>(() => undefined);
    return { url, key, model, kind: 'given', versions: {}, seconds, ended, stop: async () => undefined };
  } catch (error) {
    if (error instanceof HttpFault)
      throw new SosBenchError('interrupted', 'interrupted while asking the server');
    throw error;
  }
}

/** Whether a setting is a server's address rather than a program's name. */
export function isAddress(server: string): boolean {
  return server.includes('://');
}

function parseAddress(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw badAddress(`'${text}' is not the address of a server`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw badAddress(`a server's address begins with http:// or https://, not ${url.protocol}//`);
  }
  // Not repeated: it holds a password.
  if (url.username !== '' || url.password !== '')
    throw badAddress("the server's address holds a name or password");
  if (url.search !== '' || url.hash !== '')
    throw badAddress(`the server's address ends in ${url.search}${url.hash}`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function badAddress(message: string): SosBenchError {
  return new SosBenchError('usage', message, {
    hint: 'give the base address, such as http://127.0.0.1:8000/v1, and the key as OPENAI_API_KEY',
  });
}

/** The address whose `/models` answers: the one given, or that with `/v1`. Null models: it lists none at all. */
async function listModels(
  base: string,
  { key, signal }: GivenServerOptions,
): Promise<{ url: string; models: string[] | null }> {
  const tried = base.endsWith('/v1') ? [base] : [base, `${base}/v1`];
  let last = '';
  for (const url of tried) {
    try {
      const answer = await sendRequest(`${url}/models`, {
        method: 'GET',
        key,
        timeout: LIST_TIMEOUT_MS,
        signal,
      });
      if (answer.status === 200) {
        const listed = parseModels(answer.text);
        if (listed !== null) return { url, models: listed };
        last = `${url}/models: its answer is not a list of models`;
      } else if (answer.status === 401 || answer.status === 403) {
        throw unusable(
          `${url} refuses ${key === null ? 'requests without a key' : 'the key'}: ${errorText(answer, { key, prompts: [] })}`,
          'set the environment variable OPENAI_API_KEY',
        );
      } else {
        last = `${url}/models: ${errorText(answer, { key, prompts: [] })}`;
      }
    } catch (error) {
      if (!(error instanceof HttpFault) || error.kind === 'aborted') throw error;
      throw unusable(`${url} cannot be reached: ${error.message}`);
    }
  }
  throw unusable(`${tried[0]} is not an OpenAI-compatible server: ${last}`);
}

function parseModels(text: string): string[] | null {
  try {
    return ModelsSchema.parse(JSON.parse(text)).data.map(({ id }) => id);
  } catch {
    return null;
  }
}

function chooseModel(name: string | null, models: string[] | null, url: string): string {
  // A server may answer for more than it lists (aliases, adapters): the first request tells.
  if (name !== null) return name;
  const [only, ...others] = models ?? [];
  if (only === undefined)
    throw unusable(`${url} lists no model`, 'say which one to ask for with server-model');
  if (others.length === 0) return only;
  const shown = [only, ...others].slice(0, SHOWN_MODELS).join(', ');
  throw unusable(
    `${url} serves ${others.length + 1} models: ${shown}${others.length >= SHOWN_MODELS ? ', ...' : ''}`,
    'say which one to ask for with server-model',
  );
}

function unusable(
  message: string,
  hint = 'check the address, that the server runs, and OPENAI_API_KEY',
): SosBenchError {
  return new SosBenchError('server-unusable', message, { hint });
}
