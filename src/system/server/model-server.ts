/** Programs that serve a model, and a server that somebody else runs. */
export type ServerKind = 'given' | 'vllm' | 'transformers';

/**
 * Requests that each kind of server is sent at a time unless told: `transformers serve` answers one after the other, and
 * what waits in line there uses up its own time.
 */
export const REQUESTS_AT_A_TIME: Record<ServerKind, number> = { given: 16, vllm: 16, transformers: 1 };

/** How a server ended that was not told to. */
export interface ServerFault {
  /** `host-oom`: the kernel killed it for want of memory. */
  kind: 'died' | 'host-oom';
  /** How it ended and its last words, one line. */
  message: string;
}

/** An OpenAI-compatible server with a model that has answered one request. */
export interface ModelServer {
  /** Without a slash at its end: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** Null where the server given asks for none. */
  readonly key: string | null;
  /** What requests call the model. */
  readonly model: string;
  readonly kind: ServerKind;
  /** Of the packages that can change an answer; empty for a server given. */
  readonly versions: Record<string, string>;
  /** Seconds from its start to its first answer. */
  readonly seconds: number;
  /** Resolves when the server has ended without being told to; never for a server given. */
  readonly ended: Promise<ServerFault>;
  /** Kills its process group and waits for its end; leaves a server given alone. */
  stop(): Promise<void>;
}
