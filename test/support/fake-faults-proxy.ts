import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong: an answer of the proxy's own, or what happens to the connection. */
export type Fault =
  | { status: number; message?: string; headers?: Record<string, string> }
  /** The connection is cut: before the request is passed on, or after it was carried out. */
  | { cut: 'before' | 'after' }
  /** The answer's body comes after so many milliseconds. */
  | { slow: number }
  /** The answer's body never comes. */
  | { endless: true };

export interface FaultRule {
  method?: string;
  /** Matched against path and query. */
  path: RegExp;
  fault: Fault;
  /** How many requests it strikes, the first ones; all where left out. */
  times?: number;
  /** How many requests pass before it strikes. */
  skip?: number;
}

export interface FakeFaultsProxy {
  url: string;
  /** What was asked, in order: `METHOD /path?query`, whatever became of it. */
  requests: string[];
  /** Replaces the rules in force. */
  setRules(...rules: FaultRule[]): void;
  /** Called before a request is passed on. */
  onRequest: ((asked: string) => void | Promise<void>) | null;
  /** Called when an answer has begun whose end never comes. */
  onEndless: (() => void) | null;
}

/** A proxy named fake: it passes requests on to an HTTP server on loopback and injects faults by route. */
export async function startFakeFaultsProxy(target: string): Promise<FakeFaultsProxy> {
  let rules: { rule: FaultRule; seen: number }[] = [];
  const proxy: FakeFaultsProxy = {
    url: '',
    requests: [],
    onRequest: null,
    onEndless: null,
    setRules: (...given) => {
      rules = given.map((rule) => ({ rule, seen: 0 }));
    },
  };
  const strike = (method: string, path: string): Fault | null => {
    for (const entry of rules) {
      const { rule } = entry;
      if ((rule.method !== undefined && rule.method !== method) || !rule.path.test(path)) continue;
      const index = entry.seen++ - (rule.skip ?? 0);
      if (index >= 0 && index < (rule.times ?? Number.POSITIVE_INFINITY)) return rule.fault;
    }
    return null;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    proxy.requests.push(`${method} ${path}`);
    await proxy.onRequest?.(`${method} ${path}`);
    const fault = strike(method, path);
    if (fault !== null && 'cut' in fault && fault.cut === 'before') return void request.socket.destroy();
    if (fault !== null && 'status' in fault) {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      return void response.end(JSON.stringify({ message: fault.message ?? `injected ${fault.status}` }));
    }
    const body: Buffer[] = [];
    for await (const part of request) body.push(part as Buffer);
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(
        ([name, value]) =>
          typeof value === 'string' && !/^(host|connection|content-length|transfer-encoding)$/.test(name),
      ),
    ) as Record<string, string>;
    const answer = await fetch(new URL(path, target), {
      method,
      headers,
      redirect: 'manual',
      ...(body.length === 0 ? {} : { body: Buffer.concat(body) }),
    });
    const content = Buffer.from(await answer.arrayBuffer());
    if (fault !== null && 'cut' in fault) return void request.socket.destroy();
    const passed = Object.fromEntries(
      [...answer.headers].filter(
        ([name]) => !/^(content-encoding|content-length|transfer-encoding|connection)$/.test(name),
      ),
    );
    response.writeHead(answer.status, passed);
    if (fault !== null && 'slow' in fault) {
      response.flushHeaders();
      await sleep(fault.slow);
    }
    if (fault !== null && 'endless' in fault) {
      response.flushHeaders();
      return void proxy.onEndless?.();
    }
    response.end(answer.status === 204 || answer.status === 304 ? undefined : content);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return proxy;
}
