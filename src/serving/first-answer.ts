import { z } from 'zod';
import { errorText } from './error-text.ts';
import { HttpFault, sendRequest } from './http.ts';

const CompletionSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).nonempty(),
});

export interface FirstQuestion {
  url: string;
  key: string | null;
  model: string;
  /** Milliseconds. */
  timeout: number;
  signal: AbortSignal;
}

export type FirstAnswer =
  | { kind: 'answered' }
  | { kind: 'refused'; status: number; message: string }
  /** `isCut`: the connection broke, as it does where the server ends. */
  | { kind: 'failed'; message: string; isCut: boolean };

/** Asks for a few tokens: a server that listens need not be one that answers. */
export async function firstAnswer({ url, key, model, timeout, signal }: FirstQuestion): Promise<FirstAnswer> {
  const body = {
    model,
    messages: [{ role: 'user', content: 'Say hello.' }],
    temperature: 0,
    // Some servers want room for a template's own tokens.
    max_tokens: 4,
  };
  try {
    const answer = await sendRequest(`${url}/chat/completions`, {
      method: 'POST',
      key,
      body,
      timeout,
      signal,
    });
    if (answer.status !== 200) {
      return { kind: 'refused', status: answer.status, message: errorText(answer, { key, prompts: [] }) };
    }
    CompletionSchema.parse(JSON.parse(answer.text));
    return { kind: 'answered' };
  } catch (error) {
    if (error instanceof HttpFault) {
      if (error.kind === 'aborted') throw error;
      return {
        kind: 'failed',
        message: error.message,
        isCut: error.kind === 'cut' || error.kind === 'unreachable',
      };
    }
    return { kind: 'failed', message: 'its answer is not a chat completion', isCut: false };
  }
}
