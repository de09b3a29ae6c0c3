import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeServer {
  /** Address of `/v1/completions`. */
  url: string;
  /** Authorization headers of completion requests. */
  keys: Set<string>;
  requests: () => number;
  close(): void;
}

/** Log-probabilities of a prompt's tokens and of one generated token; `'NaN'` is written as Python writes it. */
export type Echo = (tokens: readonly number[]) => (number | null | 'NaN')[];

/** The higher the id, the likelier. */
const echoIds: Echo = (tokens) => [null, ...tokens.slice(1).map((token) => token / 1000 - 10), -1];

/**
 * A fake OpenAI-compatible server on loopback that speaks what the harness's `local-completions` needs: echoed
 * log-probabilities of token ids, and what a test has it write: " hello" where left out.
 */
export async function startFakeCompletionsServer(
  echo: Echo = echoIds,
  write: (prompt: readonly number[]) => { text: string; finish?: string } = () => ({ text: ' hello' }),
): Promise<FakeServer> {
  const keys = new Set<string>();
  let requests = 0;
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') {
      response.statusCode = 404;
      response.end();
      return;
    }
    requests++;
    keys.add(request.headers.authorization ?? '');
    let body = '';
    for await (const part of request) body += part;
    const { prompt } = JSON.parse(body) as { prompt: number[] | number[][] };
    const prompts = (Array.isArray(prompt[0]) ? prompt : [prompt]) as number[][];
    const choices = prompts.map((tokens, index) => {
      const logprobs = echo(tokens);
      const top = logprobs.map((value) => (value === null ? null : { x: value }));
      const { text, finish } = write(tokens);
      return {
        index,
        text,
        ...(finish && { finish_reason: finish }),
        logprobs: { token_logprobs: logprobs, top_logprobs: top },
      };
    });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices }).replaceAll('"NaN"', 'NaN'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/completions`,
    keys,
    requests: () => requests,
    close: () => void server.close(),
  };
}
