import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

/** One request to the fake. */
export interface Asked {
  /** Of this message, from 1. */
  time: number;
  body: {
    model: string;
    messages: { role: string; content: string }[];
    temperature: number;
    max_tokens?: number;
    [name: string]: unknown;
  };
  /** Its last message. */
  prompt: string;
  headers: IncomingHttpHeaders;
}

export type Reaction =
  /** Answered well, after so many milliseconds, or what is waited for. */
  | {
      says: string | null;
      after?: number | Promise<unknown>;
      usage?: Record<string, unknown> | null;
      /** Why it ended; `stop` where left out, and left out where null. */
      finish?: string | null;
      /** What it calls its model; left out where it does not say. */
      model?: string;
      /** Reasoning, where the server parts it from the answer. */
      reasoning?: string;
    }
  | { status: number; body?: unknown; headers?: Record<string, string> }
  /** Answered well, and packed although nobody asked for it. */
  | { packed: 'gzip' | 'deflate' | 'br' | 'broken'; text: string }
  /** The connection ends without an answer, or in the middle of one. */
  | 'cut'
  | 'half'
  /** An answer that is complete to the transport, but not to JSON. */
  | 'torn'
  | 'silent';

export interface FakeChatServer {
  /** Ends in `/v1`. */
  url: string;
  asked: Asked[];
  /** Most requests at a time. */
  most: () => number;
  /** Ends it at once, with every connection. */
  close(): void;
}

export interface FakeChatOptions {
  models?: string[];
  /** Requests without this key are refused. */
  key?: string;
  port?: number;
}

const PACK = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  broken: (text: string) => Buffer.from(text),
} as const;

/** Answers none before so many are waiting. */
export function onceAreWaiting(count: number): () => Reaction {
  let [waiting, open] = [0, () => {}];
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    if (++waiting === count) open();
    return { says: 'right', after: opened };
  };
}

/** A fake OpenAI-compatible chat server on loopback, which reacts as a test wants. */
export async function startFakeChatServer(
  react: (asked: Asked) => Reaction,
  options: FakeChatOptions = {},
): Promise<FakeChatServer> {
  const asked: Asked[] = [];
  const times = new Map<string, number>();
  let open = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) {
      send(response, 401, { error: { message: 'Unauthorized' } });
      return;
    }
    if (request.url === '/v1/models') {
      send(response, 200, { object: 'list', data: (options.models ?? ['fake']).map((id) => ({ id })) });
      return;
    }
    if (request.url !== '/v1/chat/completions') {
      send(response, 404, { detail: 'Not Found' });
      return;
    }
    most = Math.max(most, ++open);
    response.once('close', () => open--);
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text) as Asked['body'];
    const prompt = body.messages.at(-1)?.content ?? '';
    const time = (times.get(prompt) ?? 0) + 1;
    times.set(prompt, time);
    const entry: Asked = { time, body, prompt, headers: request.headers };
    asked.push(entry);
    await answer(response, react(entry));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    most: () => most,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(response: ServerResponse, reaction: Reaction): Promise<void> {
  if (reaction === 'silent') return;
  if (reaction === 'cut') {
    response.destroy();
    return;
  }
  const whole = JSON.stringify(completion('half of an answer', null));
  if (reaction === 'half') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
    response.write(whole.slice(0, whole.length / 2), () => response.destroy());
    return;
  }
  if (reaction === 'torn') {
    response.end(whole.slice(0, whole.length / 2));
    return;
  }
  if ('packed' in reaction) {
    const text = JSON.stringify(completion(reaction.text, { prompt_tokens: 3, completion_tokens: 5 }));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-encoding': reaction.packed === 'broken' ? 'gzip' : reaction.packed,
    });
    response.end(PACK[reaction.packed](text));
    return;
  }
  if ('status' in reaction) {
    send(response, reaction.status, reaction.body, reaction.headers);
    return;
  }
  const { after = 0 } = reaction;
  await (typeof after === 'number' ? sleep(after) : after);
  const usage = reaction.usage === undefined ? { prompt_tokens: 3, completion_tokens: 5 } : reaction.usage;
  send(response, 200, completion(reaction.says, usage, reaction));
}

function completion(
  content: string | null,
  usage: Record<string, unknown> | null,
  { finish = 'stop', reasoning, model }: { finish?: string | null; reasoning?: string; model?: string } = {},
) {
  const message = { role: 'assistant', content, ...(reasoning && { reasoning_content: reasoning }) };
  const choice = { index: 0, message, ...(finish !== null && { finish_reason: finish }) };
  return {
    ...{ id: 'x', object: 'chat.completion', choices: [choice] },
    ...(model !== undefined && { model }),
    ...(usage === null ? {} : { usage }),
  };
}

function send(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
}
