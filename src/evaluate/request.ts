import { LIVEBENCH_MAX_TOKENS } from '../harness/livebench/answer/answer.ts';
import type { JudgeMode } from '../judge/ask/judge.ts';
import type { JudgeLimits } from '../judge/score/judge-fault.ts';
import type { AskedRecord, LoadedRecord } from '../record/schema.ts';
import type { Stage } from '../suite/benchmark.ts';
import type { Criterion } from '../suite/judge-criteria.ts';
import type { Suite } from '../suite/plan/plan.ts';
import type { SampleDesign } from '../suite/plan/sample.ts';
import type { Shard } from '../suite/plan/shards.ts';
import type { Progress } from '../system/progress.ts';
import type { RunState } from './journal/run-state.ts';
import type { Sign } from './journal/signature.ts';
import type { KnownRecords } from './known/known-records.ts';
import type { DecideLook } from './looks/look-stops.ts';

/** The backend that is chosen as an evaluation begins. */
export const AUTO_BACKEND = 'auto';

/** Where workers run: on all visible GPUs, on named ones, or side by side on the processor. */
export type Devices = { kind: 'auto' } | { kind: 'gpus'; ids: string[] } | { kind: 'cpu'; workers: number };

/** Which questions, and where they come from. */
export interface QuestionRequest {
  suite: Suite;
  benchmarks: readonly string[];
  datasetsDir: string | null;
  includePaths: readonly string[];
  python: string;
  maxGenToks: number | null;
  /** Whether the model is to reason before it answers: then no options are scored. Null or left out: as it likes. */
  enableThinking?: boolean | null;
  seed: number;
  /** Seconds. */
  stallTimeout: number;
  /** Harnesses whose benchmarks are run, and whether answers are judged. */
  stages: readonly Stage[];
  livebench: LiveBenchRequest;
}

/** Which LiveBench, and what its scorer may do. */
export interface LiveBenchRequest {
  /** A checkout; fetched by git where null. */
  dir: string | null;
  /** What is fetched; the pinned commit where null. */
  ref: string | null;
  /** Date of the question set. */
  release: string;
  /** Whether code that the model wrote may run without a sandbox. */
  allowUnsafeCode: boolean;
}

/** What to evaluate, and how: the settings of `run`, checked. */
export interface EvaluationRequest extends QuestionRequest {
  model: string;
  /** Name in reports; the folder's or repository's own where null. */
  modelName: string | null;
  /** A model class of the harness, or `auto`. */
  backend: string;
  modelArgs: Record<string, unknown>;
  /** File of a stored plan, which then says suite, seed and benchmarks; null to plan here. */
  plan: string | null;
  /** What suite `pr` is to show; not needed for the others. */
  design: SampleDesign | null;
  output: string;
  batchSize: string;
  device: string | null;
  devices: Devices;
  /** Devices that one copy of the model is split over; null where model-args decide. */
  tensorParallel: number | null;
  /** Words put before every worker's command. */
  launcher: readonly string[];
  applyChatTemplate: boolean | 'auto';
  enableThinking: boolean | null;
  /** Text, or id of a token, that ends reasoning, which is cut off; null for nothing to cut. */
  thinkEndToken?: string | null;
  systemInstruction: string | null;
  /** `auto`, the kind of server that is started for LiveBench, or the address of one. */
  server: string;
  /** What a server given by its address calls the model; null takes the only one it lists. */
  serverModel: string | null;
  /** Questions a server is asked at a time; as many as its program can do where null. */
  serverParallel: number | null;
  /** The part of the plan to evaluate; null for all of it. */
  shard: Shard | null;
  fresh: boolean;
  /** Null or left out where nothing is judged. */
  judge?: JudgeRequest | null;
  /** Whether the alarm of a judge may take looks of factors that were held early; not where left out. */
  alarmLooks?: boolean;
  trustRemoteCode: boolean;
  allowPickle: boolean;
}

/** The runtime an evaluation runs in. */
export interface EvaluationContext {
  cwd: string;
  environment: Record<string, string | undefined>;
  progress: Progress;
  signal: AbortSignal;
  now: () => Date;
  /** Downloads an artifact of the workflow run and returns its folder; undefined outside of one. */
  fetchArtifact?: (name: string) => Promise<string>;
  /** What earlier attempts at the same run left; undefined where nothing is kept from one to the next. */
  state?: RunState;
  /** Signs each line of the journal, so that a later attempt knows it again. */
  signJournal?: Sign;
  /** Decides the looks of a plan; left out where all that is planned is asked (main, the gate, shards). */
  decideLook?: DecideLook;
  /** Backend of the baseline where one is at hand: what `auto` takes. */
  baselineBackend?: string | null;
  /** What the model will be compared with, whose answers a judge holds its own against; null or left out for nothing. */
  baseline?: LoadedRecord | null;
  /** Records whose answers need not be asked again; everything is asked where left out. */
  known?: KnownRecords | undefined;
  /** Whether all is asked, also what an earlier run in this folder took over from another record. */
  force?: boolean;
  /** By whose settings this is; kept in the record. */
  asked?: AskedRecord;
  /** Digest that the model has to have; any where left out. */
  modelDigest?: string;
  /** Where the evaluated code comes from; nulls outside a repository. */
  origin: { commit: string | null; branch: string | null; event: string | null };
}

/** What the settings say of the judge stage; paths as they were given. */
export interface JudgeRequest {
  /** File of questions; those that ship where null. */
  questions: string | null;
  /** Most questions that are asked. */
  sample: number;
  /** Null for a model of this machine. */
  server: string | null;
  model: string | null;
  modelArgs: Record<string, unknown>;
  mode: JudgeMode;
  /** File of the judge's instructions; ours where null. */
  prompt: string | null;
  /** What is asked beside the verdict; nothing where empty. */
  criteria: readonly Criterion[];
  /** Most tokens of a verdict. */
  verdictTokens: number;
  /** What a judge may do at most and still be a measurement. */
  judgeLimits: JudgeLimits;
  /** Games at a time. */
  concurrency: number;
  maxTokens: number | null;
  maxCost: number | null;
  /** Per million tokens. */
  prices: { input: number; output: number } | null;
  /** File of a reference's answers; none where null. */
  reference: string | null;
  answersDir: string | null;
  stateDir: string | null;
}

/** Upper bound of generated tokens in suite `mini`, whose questions have short answers. */
export const MINI_MAX_GEN_TOKS = 64;

/** Most tokens of an answer to LiveBench. */
export function answerTokens({ maxGenToks, suite }: Pick<QuestionRequest, 'maxGenToks' | 'suite'>): number {
  return maxGenToks ?? (suite === 'mini' ? MINI_MAX_GEN_TOKS : LIVEBENCH_MAX_TOKENS);
}
