/** Programs that serve a model, and a server that somebody else runs. */
export type ServerKind = 'given' | 'vllm' | 'transformers';

/** Requests that a server is sent at a time, unless told, or it says that it takes fewer. */
export const REQUESTS_AT_A_TIME = 16;

/** What a server is to be of, and how it is to run. */
export interface ServerOptions {
  /** `auto` (vLLM where it is installed and there is a GPU, else `transformers`), a program, or an address. */
  server: string;
  python: string;
  model: {
    /** Folder. */
    path: string;
    /** The harness's arguments for it. */
    args: Record<string, unknown>;
    digest: string;
    /** What a server given calls it; null takes the only model it has. */
    name: string | null;
  };
  /** Without secrets; what is served runs in it, offline. */
  environment: Record<string, string>;
  /** CUDA ids; empty for the processor. */
  devices: readonly string[];
  /** Threads on the processor; null leaves it to PyTorch. */
  threads: number | null;
  /** GPUs that vLLM splits the model over; null where the arguments decide. */
  tensorParallel: number | null;
  /** Where a GGUF model's plain weights are kept. */
  cache: string;
  log: string;
  /** Milliseconds from start to first answer. */
  readyTimeout: number;
  /** Of a server given; null where it wants none. */
  key: string | null;
  /** Requests that it is going to be sent at a time, all of them at temperature 0 where they are more than one; one where left out. */
  atATime?: number;
  signal: AbortSignal;
  note: (text: string) => void;
}

/** How a server ended that was not told to. */
export interface ServerFault {
  /** `host-oom`: the kernel killed it because memory ran out. */
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
  /** Requests that it answers at a time, where it says so, and why they are no more; what waits in line there uses up its own time. */
  readonly takes?: { atATime: number; reason: string | null };
  /** Resolves when the server has ended without being told to; never for a server given. */
  readonly ended: Promise<ServerFault>;
  /** Kills its process group and waits for its end; leaves a server given alone. */
  stop(): Promise<void>;
}
