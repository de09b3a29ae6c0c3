import type { Readable, Writable } from 'node:stream';
import type { TextStream } from '../system/progress.ts';

/** What a command sees of its process, so that a test can give it another. */
export interface Runtime {
  argv: readonly string[];
  cwd: string;
  environment: Record<string, string | undefined>;
  stdout: TextStream;
  stderr: TextStream;
  /** Somebody to ask: left out where stdin or stderr is no terminal. */
  terminal?: { input: Readable; output: Writable };
  now: () => Date;
  /** For tests: the length of a second, in milliseconds, where GitHub is waited for. */
  second?: number;
  /** Calls `stop` at the first SIGINT or SIGTERM; the returned function takes the handler away. */
  onInterrupt(stop: () => void): () => void;
}
