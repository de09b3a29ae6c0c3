/** What a bench of generation is to measure, and with what. */
export interface BenchOptions {
  /** Folder. */
  model: string;
  /** Questions of a round. */
  questions: number;
  /** Of one answer. */
  maxTokens: number;
  rounds: number;
  /** On the processor, of each server and engine. */
  threads: number;
  /** Ours, with the environments. */
  cache: string;
  /** For logs and answers. */
  folder: string;
  signal: AbortSignal;
  note: (text: string) => void;
}

/** Of a server or a worker: so many threads, however many it would take; none of them spins long. */
export function threadsOf({ threads }: BenchOptions): Record<string, string> {
  return { OMP_NUM_THREADS: String(threads), GOMP_SPINCOUNT: '20000', VLLM_CPU_OMP_THREADS_BIND: 'nobind' };
}
