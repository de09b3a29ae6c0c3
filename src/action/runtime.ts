/** What the action sees of its runner, so that a test can give it another. */
export interface ActionRuntime {
  environment: Record<string, string | undefined>;
  cwd: string;
  now: () => Date;
  /** Calls `stop` at the first SIGINT or SIGTERM: a cancelled job's action gets SIGINT, 7.5 s later SIGTERM. */
  onInterrupt(stop: () => void): () => void;
}
