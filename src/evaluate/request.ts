import type { Shard } from '../suite/shards.ts';
import type { Progress } from '../system/progress.ts';

/** Where workers run: on all visible GPUs, on named ones, or side by side on the processor. */
export type Devices = { kind: 'auto' } | { kind: 'gpus'; ids: string[] } | { kind: 'cpu'; workers: number };

/** What to evaluate, and how: the settings of `run`, checked. */
export interface EvaluationRequest {
  model: string;
  /** Name in reports; the folder's or repository's own where null. */
  modelName: string | null;
  backend: string;
  modelArgs: Record<string, unknown>;
  suite: 'full' | 'mini';
  benchmarks: readonly string[];
  datasetsDir: string | null;
  includePaths: readonly string[];
  output: string;
  python: string;
  batchSize: string;
  device: string | null;
  devices: Devices;
  /** Devices that one copy of the model is split over; null where model-args decide. */
  tensorParallel: number | null;
  /** Words put before every worker's command. */
  launcher: readonly string[];
  applyChatTemplate: boolean | 'auto';
  enableThinking: boolean | null;
  maxGenToks: number | null;
  systemInstruction: string | null;
  seed: number;
  /** The part of the plan to evaluate; null for all of it. */
  shard: Shard | null;
  /** Seconds. */
  stallTimeout: number;
  fresh: boolean;
  trustRemoteCode: boolean;
  allowPickle: boolean;
}

/** The world an evaluation runs in. */
export interface EvaluationContext {
  cwd: string;
  environment: Record<string, string | undefined>;
  progress: Progress;
  signal: AbortSignal;
  now: () => Date;
  /** Downloads an artifact of the workflow run and returns its folder; undefined outside of one. */
  fetchArtifact?: (name: string) => Promise<string>;
  /** Where the evaluated code comes from; nulls outside a repository. */
  origin: { commit: string | null; branch: string | null; event: string | null };
}
