import { z } from 'zod';
import { modelArguments } from '../harness/lm-eval/model-arguments.ts';
import { HARNESSES, STAGES } from '../suite/benchmark.ts';
import { LIVEBENCH_RELEASE, LIVEBENCH_RELEASES } from '../suite/livebench.ts';
import { STOP_ON } from '../suite/plan/looks/looks.ts';
import { SUITES } from '../suite/plan/plan.ts';
import { PRESETS } from '../verdict/policy.ts';
import {
  collapseDrop,
  commandWords,
  cost,
  criteriaChoice,
  criteriaWeights,
  deviceList,
  dropList,
  duration,
  factorList,
  fraction,
  judgeServer,
  logTargets,
  lookCount,
  oneOf,
  onOff,
  onOffAuto,
  points,
  serverChoice,
  shardPart,
  textList,
  thresholdList,
  tokenPrices,
  wholeNumber,
} from './value-types.ts';

/** Commands a setting belongs to. */
export type SettingUser =
  | 'run'
  | 'plan'
  | 'doctor'
  | 'prefetch'
  | 'compare'
  | 'flips'
  | 'show'
  | 'calibrate'
  | 'agree'
  | 'demo'
  | 'judge'
  | 'judge audit'
  | 'action'
  | 'report';

/** What a setting is to a change that is judged; docs/trust.md lists them. */
export type SettingRole = 'judges' | 'subject';

export interface Setting {
  /** What the value looks like in `--help`; null for a switch. */
  value: string | null;
  description: string;
  schema: z.ZodType;
  /** As it would be written; undefined where there is none and the setting may be left out. */
  default?: unknown;
  users: readonly SettingUser[];
  /** `judges`: it has a say in the verdict, so a change may not set it. `subject`: it only names what is evaluated. */
  role: SettingRole;
  /** What a value names on this machine: a path, several, words of a command, or (`target`) where something is written. */
  names?: 'path' | 'paths' | 'words' | 'target';
  /**
   * Arguments of the harness's model classes (0.4.13) that say what this setting says, or name what it names: `model-args` may not
   * have them.
   */
  modelArg?: readonly string[];
  /** Whether the configuration file may hold it. */
  inFile: boolean;
}

const text = z.string().min(1);
const RUN = ['run', 'action'] as const;
const PLAN = ['run', 'plan', 'action'] as const;
const RUN_DOCTOR = ['run', 'doctor', 'action'] as const;
const RUN_DOCTOR_FETCH = ['run', 'doctor', 'prefetch', 'action'] as const;
const DEVICE_USERS = ['run', 'doctor', 'prefetch', 'judge', 'judge audit', 'action'] as const;
const PLAN_FETCH = ['run', 'plan', 'doctor', 'prefetch', 'action'] as const;
const PLAN_DOCTOR = ['run', 'plan', 'doctor', 'action'] as const;
const JUDGE = ['run', 'plan', 'doctor', 'judge', 'action'] as const;
/** What says who judges and how, whatever is judged. */
const ANY_JUDGE = [...JUDGE, 'judge audit'] as const;

/**
 * Every setting once: command-line flags (`--KEY`), configuration keys and the tables of docs/settings.md are made
 * from this.
 */
export const SETTINGS = {
  model: {
    value: 'MODEL',
    description:
      'Model to evaluate: a folder, hf:ORG/NAME@REVISION, artifact:NAME (of the workflow run), or command: and a command that prints a path.',
    schema: text,
    users: RUN,
    role: 'subject',
    modelArg: ['pretrained', 'model', 'model_path', 'path', 'revision'],
    inFile: true,
  },
  'model-name': {
    value: 'NAME',
    description: "Name in reports; the folder's or repository's own when left out.",
    schema: text.optional(),
    users: RUN,
    role: 'subject',
    inFile: true,
  },
  'model-args': {
    value: 'K=V,...',
    description: "Arguments for the harness's model class (dtype, peft, gguf_file, ...), as K=V,... or JSON.",
    schema: modelArguments,
    default: {},
    users: RUN_DOCTOR,
    role: 'subject',
    inFile: true,
  },
  backend: {
    value: 'NAME',
    description:
      "Model class of lm-evaluation-harness: hf, vllm, sglang, local-completions; auto takes the baseline's, else vllm where there is a GPU and vLLM knows the model, else hf.",
    schema: text,
    default: 'auto',
    users: RUN_DOCTOR_FETCH,
    role: 'judges',
    inFile: true,
  },
  suite: {
    value: 'NAME',
    description:
      'Which questions: full (all there are), pr (a planned sample of them) or mini (ours, shipped with this program).',
    schema: z.enum(SUITES),
    default: 'full',
    users: PLAN_FETCH,
    role: 'judges',
    inFile: true,
  },
  plan: {
    value: 'FILE',
    description:
      'Run exactly the questions of this stored plan; suite, seed and benchmarks are then what it says.',
    schema: text.optional(),
    users: RUN,
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  detect: {
    value: 'DROP|FACTOR=DROP,...',
    description:
      'Smallest drop of a factor that suite pr is to show with 80% power: 2 (points), 2% or 0.02, for all factors or by factor. The alarm of a judge rules out a gain of that size.',
    schema: dropList,
    default: '2',
    users: [...PLAN, 'compare', 'report'],
    role: 'judges',
    inFile: true,
  },
  items: {
    value: 'N',
    description:
      'The most questions of suite pr: it then shows what so many can, and detect gives proportions only.',
    schema: wholeNumber(1).optional(),
    users: PLAN,
    role: 'judges',
    inFile: true,
  },
  budget: {
    value: 'TIME',
    description:
      'The most device time of suite pr (30m, 1.5h), in place of items; a record of the same machine has to tell its speed.',
    schema: duration.optional(),
    users: ['plan'],
    role: 'judges',
    inFile: false,
  },
  looks: {
    value: 'N',
    description:
      'Looks at the answers of suite pr, fixed beforehand: a change is judged after each, and a factor that is decided takes no more questions. 1 asks all, and tests once.',
    schema: lookCount,
    default: 5,
    users: PLAN,
    role: 'judges',
    inFile: true,
  },
  collapse: {
    value: 'POINTS',
    description: 'Drop of a single benchmark, in points, that the first of several looks is to show.',
    schema: collapseDrop,
    default: 40,
    users: PLAN,
    role: 'judges',
    inFile: true,
  },
  'stop-on': {
    value: 'decided|regressed',
    description:
      'When a run with looks ends: decided, as soon as every factor is; or regressed, with the first factor that has.',
    schema: z.enum(STOP_ON),
    default: 'decided',
    users: ['run', 'compare', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  benchmarks: {
    value: 'ID,...',
    description: 'Benchmarks or factors (wk, if, safety) to run and to compare; all when left out.',
    schema: textList,
    default: [],
    users: [...PLAN_FETCH, 'compare', 'report'],
    role: 'judges',
    inFile: true,
  },
  'datasets-dir': {
    value: 'DIR',
    description:
      'Read questions from DIR/<benchmark>/<subset>.jsonl|parquet instead of the Hub; prefetch writes them there.',
    schema: text.optional(),
    users: PLAN_FETCH,
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  stages: {
    value: 'STAGE,...',
    description:
      'What to run: lm-eval, livebench (in suite mini only where it is asked for), and judge (answers to a judge, compared with the ones of main). Benchmarks of the others are skipped.',
    schema: textList.pipe(z.array(oneOf(STAGES)).min(1, 'no stage')),
    default: [...HARNESSES],
    users: PLAN_FETCH,
    role: 'judges',
    inFile: true,
  },
  server: {
    value: 'auto|URL|vllm|transformers',
    description:
      'Who answers LiveBench: an OpenAI-compatible server (its key in OPENAI_API_KEY), or one started for the model: vLLM where installed, else transformers serve.',
    schema: serverChoice,
    default: 'auto',
    users: RUN_DOCTOR_FETCH,
    role: 'judges',
    inFile: true,
  },
  'server-model': {
    value: 'NAME',
    description:
      'What a server given by its address calls the model, where it lists several. The only one it lists when left out.',
    schema: text.optional(),
    users: RUN_DOCTOR,
    role: 'judges',
    inFile: true,
  },
  'server-parallel': {
    value: 'N',
    description:
      'Questions a server is asked at a time. When left out: 16, or 1 where transformers serve cannot answer several as it answers one.',
    schema: wholeNumber(1).optional(),
    users: RUN,
    role: 'judges',
    inFile: true,
  },
  'livebench-dir': {
    value: 'DIR',
    description: 'A checkout of LiveBench, for machines without internet; fetched by git when left out.',
    schema: text.optional(),
    users: PLAN_FETCH,
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  'livebench-ref': {
    value: 'REF',
    description:
      'Commit, branch or tag of LiveBench that is fetched; the one this version is tested with when left out.',
    schema: text.optional(),
    users: PLAN_FETCH,
    role: 'judges',
    inFile: true,
  },
  'livebench-release': {
    value: 'DATE',
    description: "LiveBench's question set of that date; the default has the paper's counts.",
    schema: z.enum(LIVEBENCH_RELEASES, {
      error: `not one of LiveBench's releases: ${LIVEBENCH_RELEASES.join(', ')}`,
    }),
    default: LIVEBENCH_RELEASE,
    users: PLAN_FETCH,
    role: 'judges',
    inFile: true,
  },
  'allow-unsafe-code': {
    value: null,
    description:
      "Score LiveBench's coding benchmarks, which run code that the model wrote, where there is no sandbox.",
    schema: onOff,
    default: false,
    users: PLAN_FETCH,
    role: 'judges',
    inFile: true,
  },
  'include-path': {
    value: 'DIR,...',
    description: 'Folders with lm-eval task definitions of your own; the record is marked.',
    schema: textList,
    default: [],
    users: PLAN_FETCH,
    role: 'judges',
    names: 'paths',
    inFile: true,
  },
  output: {
    value: 'DIR',
    description: 'Folder for the record; the same command on the same folder resumes where it stopped.',
    schema: text,
    users: ['run', 'demo', 'action'],
    role: 'judges',
    names: 'target',
    inFile: true,
  },
  'state-dir': {
    value: 'DIR',
    description:
      'Folder outside the workspace, on this machine or a shared disk, that keeps what an unfinished run has done: a later attempt of the same workflow run is resumed from it.',
    schema: text.optional(),
    users: ['run', 'judge', 'action'],
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  python: {
    value: 'managed|PATH',
    description:
      'managed builds an environment from our lock, one with vLLM where backend or server is vllm, or auto takes it; PATH uses a Python that has lm-eval.',
    schema: text,
    default: 'managed',
    users: ['run', 'plan', 'doctor', 'prefetch', 'flips', 'demo', 'judge', 'judge audit', 'action'],
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  'batch-size': {
    value: 'tokens|N|auto',
    description:
      "Batches by tokens, as many as the device's memory holds (hf; 8 questions with other backends), or the harness's own way: N requests a batch; auto measures per chunk, which costs time and makes results depend on the device.",
    schema: z.union([z.enum(['tokens', 'auto']), wholeNumber(1).transform(String)], {
      error: 'neither tokens, auto nor a whole number of at least 1',
    }),
    default: 'tokens',
    users: RUN,
    role: 'subject',
    modelArg: ['batch_size', 'max_batch_size'],
    inFile: true,
  },
  device: {
    value: 'DEVICE',
    description: 'Device of the model (cpu, cuda:0, ...); a GPU where there is one when left out.',
    schema: text.optional(),
    users: DEVICE_USERS,
    role: 'subject',
    modelArg: ['device'],
    inFile: true,
  },
  devices: {
    value: 'auto|0,1,...|cpu:N',
    description:
      'Workers, each with its own copy of the model: one per visible GPU (auto), per GPU named, or N on the processor.',
    schema: deviceList,
    default: 'auto',
    users: DEVICE_USERS,
    role: 'subject',
    modelArg: ['data_parallel_size', 'dp_size'],
    inFile: true,
  },
  'tensor-parallel': {
    value: 'K',
    description: 'GPUs that one copy of the model is split over (backends vllm and sglang).',
    schema: wholeNumber(1).optional(),
    users: ['run', 'doctor', 'judge', 'judge audit', 'action'],
    role: 'subject',
    modelArg: ['tensor_parallel_size', 'tp_size'],
    inFile: true,
  },
  launcher: {
    value: 'COMMAND',
    description:
      "Command that starts every worker, such as srun --ntasks=1 --gpus=1; the worker's own command follows it.",
    schema: commandWords,
    default: [],
    users: RUN_DOCTOR,
    role: 'judges',
    names: 'words',
    inFile: true,
  },
  'apply-chat-template': {
    value: 'true|false|auto',
    description:
      "Wrap prompts in the model's chat template. false as in the published run; auto: where there is one.",
    schema: onOffAuto,
    default: false,
    users: RUN,
    role: 'judges',
    modelArg: ['chat_template', 'apply_chat_template'],
    inFile: true,
  },
  'enable-thinking': {
    value: 'true|false',
    description:
      'Whether the model reasons before it answers; its chat template is given this. With true, benchmarks scored by log-probabilities are skipped.',
    schema: onOff.optional(),
    users: PLAN,
    role: 'judges',
    modelArg: ['enable_thinking'],
    inFile: true,
  },
  'think-end-token': {
    value: 'TEXT|ID',
    description:
      'What ends reasoning, such as </think>: a text or the id of a token. All up to it is cut off before scoring; needed with enable-thinking.',
    schema: text.optional(),
    users: RUN,
    role: 'judges',
    modelArg: ['think_end_token'],
    inFile: true,
  },
  'system-instruction': {
    value: 'TEXT',
    description: 'System message put before every prompt.',
    schema: text.optional(),
    users: RUN,
    role: 'judges',
    modelArg: ['system_instruction'],
    inFile: true,
  },
  'max-gen-toks': {
    value: 'N',
    description: "Upper bound of generated tokens; each task's own when left out (64 in suite mini).",
    schema: wholeNumber(1).optional(),
    users: PLAN_DOCTOR,
    role: 'judges',
    modelArg: ['max_gen_toks'],
    inFile: true,
  },
  seed: {
    value: 'N',
    description: 'Seed of everything random.',
    schema: wholeNumber(0),
    default: 1234,
    users: PLAN,
    role: 'judges',
    modelArg: ['seed', 'random_seed'],
    inFile: true,
  },
  shard: {
    value: 'I/N',
    description: 'Evaluate only the I-th of N parts of equal expected cost; merge puts them together.',
    schema: shardPart.optional(),
    users: RUN,
    role: 'judges',
    inFile: false,
  },
  'stall-timeout': {
    value: 'SECONDS',
    description: 'A worker that shows no sign of life for so long is killed and its chunk tried again.',
    schema: wholeNumber(1),
    default: 1800,
    users: PLAN,
    role: 'judges',
    inFile: true,
  },
  'trust-remote-code': {
    value: null,
    description: 'Let the model folder bring Python code that is run.',
    schema: onOff,
    default: false,
    users: RUN_DOCTOR_FETCH,
    role: 'judges',
    modelArg: ['trust_remote_code'],
    inFile: true,
  },
  'allow-pickle': {
    value: null,
    description: 'Allow weights in pickle formats, which can run code when read.',
    schema: onOff,
    default: false,
    users: RUN_DOCTOR_FETCH,
    role: 'judges',
    modelArg: ['use_safetensors', 'weights_only'],
    inFile: true,
  },
  fresh: {
    value: null,
    description: 'Discard what an earlier run left in the output folder.',
    schema: onOff,
    default: false,
    users: ['run'],
    role: 'judges',
    inFile: false,
  },
  preset: {
    value: 'NAME',
    description:
      "How benchmarks make a factor: paper (the paper's sizes as weights), chance (the same, guessing counted as 0), effective (weights by questions), macro (equal weights).",
    schema: z.enum(PRESETS),
    default: 'paper',
    users: ['compare', 'show', 'calibrate', 'agree', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  alpha: {
    value: 'P',
    description:
      'Share of unchanged models that may be called regressed (two-sided tests, spent over all of them).',
    schema: fraction,
    default: 0.05,
    users: ['run', 'plan', 'compare', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  'drift-alpha': {
    value: 'P',
    description: 'Share of unchanged models that may be called drifted from the anchor.',
    schema: fraction,
    default: 0.05,
    users: ['compare', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  thresholds: {
    value: 'ID=LEVEL,...',
    description:
      'What single factors and benchmarks are held to: off (not tested), warn (listed only) or error; in the file also minimum-effect and margin, in points.',
    schema: thresholdList,
    default: {},
    users: ['run', 'plan', 'compare', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  'fail-on': {
    value: 'VERDICT,...',
    description: 'Verdicts that fail the policy (exit code 1).',
    schema: textList.pipe(
      z.array(oneOf(['regressed', 'incomplete', 'inconclusive', 'not-comparable', 'no-baseline'])),
    ),
    default: ['regressed', 'incomplete'],
    users: ['compare', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  'author-may-accept': {
    value: null,
    description: 'Whether the author of a pull request may accept its drops.',
    schema: onOff,
    default: false,
    users: ['action', 'report'],
    role: 'judges',
    inFile: true,
  },
  'minimum-effect': {
    value: 'POINTS',
    description: 'Smallest drop of a factor, in points, that can be called regressed.',
    schema: points,
    default: 0.5,
    users: ['run', 'plan', 'compare', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  margin: {
    value: 'FACTOR=POINTS,...',
    description: 'How far a factor may move, in points, and still be called equivalent.',
    schema: factorList,
    default: { wk: 1, if: 4, safety: 1 },
    users: ['compare', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  'judge-server': {
    value: 'URL',
    description:
      'The OpenAI-compatible server of the model that judges answers. Its key, in JUDGE_API_KEY, goes to this address alone.',
    schema: judgeServer.optional(),
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-model': {
    value: 'NAME|MODEL',
    description:
      'What the server of the judge calls its model, with its date where it has one. Without judge-server it is a model of this machine, named as model is.',
    schema: text.optional(),
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-model-args': {
    value: 'K=V,...',
    description: 'Arguments for a judge of this machine (dtype, gguf_file, max_length, ...), as model-args.',
    schema: modelArguments,
    default: {},
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-mode': {
    value: 'verdict|choice',
    description:
      'verdict: the judge writes one. choice: the likeliest of the five verdicts counts, in one pass and without a word written; for a model of this machine.',
    schema: z.enum(['verdict', 'choice']),
    default: 'verdict',
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-questions': {
    value: 'FILE',
    description:
      'Questions for the judge, as JSON lines with id and question, or as Arena-Hard has them. In a run, those of judge-mini when left out.',
    schema: text.optional(),
    users: ANY_JUDGE,
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  'judge-sample': {
    value: 'N',
    description:
      'Most questions that a run asks of judge-questions: a sample of more, by category and seed, the same for every model.',
    schema: wholeNumber(1),
    default: 250,
    users: JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-prompt': {
    value: 'FILE',
    description:
      "The judge's instructions, in place of our own words. They have to ask for one of the five verdicts.",
    schema: text.optional(),
    users: ANY_JUDGE,
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  'judge-criteria': {
    value: 'true|false|NAME,...',
    description:
      'Whether the judge also judges by criterion, in the same request: correctness, completeness, safety, conciseness and style, or some of them. Not with judge-mode choice.',
    schema: criteriaChoice,
    default: false,
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-weights': {
    value: 'NAME=W,...',
    description:
      'What each criterion ought to weigh in the verdict of the judge, to be shown beside what it does weigh. All the same when left out.',
    schema: criteriaWeights,
    default: {},
    users: ['judge', 'show', 'compare', 'action', 'report'],
    role: 'judges',
    inFile: true,
  },
  'judge-prices': {
    value: 'IN/OUT',
    description:
      'What a million tokens cost that the judge reads, and writes. Costs are printed in this currency.',
    schema: tokenPrices.optional(),
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-max-tokens': {
    value: 'N',
    description:
      'Tokens that the judge may read and write in one run. It stops before a request that could exceed them.',
    schema: wholeNumber(1).optional(),
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-max-cost': {
    value: 'COST',
    description:
      'What one run of the judge may cost, by judge-prices. It stops before a request that could exceed it.',
    schema: cost.optional(),
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-verdict-tokens': {
    value: 'N',
    description: 'Most tokens of one verdict, reasoning included.',
    schema: wholeNumber(1),
    default: 4096,
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'alarm-looks': {
    value: 'true|false',
    description:
      'Where a judge prefers the new answers and a gain of a factor that was held early is not ruled out: whether a run takes the looks of that factor that are left. They change no verdict.',
    schema: onOff,
    default: true,
    users: RUN,
    role: 'judges',
    inFile: true,
  },
  'judge-max-position': {
    value: 'POINTS',
    description:
      'Position effect of a judge, in points, from which on its verdicts are no measurement: where its lower 95% bound is above that.',
    schema: points,
    default: 15,
    users: [...ANY_JUDGE, 'compare', 'report'],
    role: 'judges',
    inFile: true,
  },
  'judge-max-contradicted': {
    value: 'PERCENT',
    description:
      'Questions of which the two orders contradict one another, in percent, from which on the verdicts of a judge are no measurement: where their lower 95% bound is above that.',
    schema: points,
    default: 50,
    users: [...ANY_JUDGE, 'compare', 'report'],
    role: 'judges',
    inFile: true,
  },
  'judge-concurrency': {
    value: 'N',
    description: 'Games that the judge is asked at a time.',
    schema: wholeNumber(1),
    default: 8,
    users: ANY_JUDGE,
    role: 'judges',
    inFile: true,
  },
  'judge-reference': {
    value: 'FILE',
    description:
      "Answers of another model to the judge's questions, as JSON lines with id and answer, or as Arena-Hard has them. The answers are also held against these, and the score is the record's.",
    schema: text.optional(),
    users: ['run', 'plan', 'doctor', 'action'],
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  'rewriter-server': {
    value: 'URL',
    description:
      'The OpenAI-compatible server of a model that writes other versions of the answers for an audit of a judge. Its key, in REWRITER_API_KEY, goes to this address alone.',
    schema: judgeServer.optional(),
    users: ['judge audit'],
    role: 'judges',
    inFile: false,
  },
  'rewriter-model': {
    value: 'NAME',
    description:
      'What the server of the rewriter calls its model, with its date where it has one. With it an audit has sarcastic, undiverse and concise versions.',
    schema: text.optional(),
    users: ['judge audit'],
    role: 'judges',
    inFile: false,
  },
  'answers-dir': {
    value: 'DIR',
    description:
      "Folder outside the workspace that keeps models' answers to the judge's questions, as texts for this user alone. Main's are looked for there. The folder answers in state-dir when left out, or in the cache.",
    schema: text.optional(),
    users: JUDGE,
    role: 'judges',
    names: 'path',
    inFile: true,
  },
  log: {
    value: 'ADDRESS,...',
    description:
      'Where the published scores and verdict are logged, too: wandb:PROJECT, trackio:PROJECT, mlflow:URI or tensorboard:DIR. Never texts. What cannot be logged is a warning.',
    schema: logTargets,
    default: [],
    users: ['action', 'report'],
    role: 'judges',
    inFile: true,
  },
  'log-python': {
    value: 'managed|PATH',
    description:
      'Python of the loggers: managed builds one for each logger that is named, from our lock; PATH uses a Python that has them.',
    schema: text,
    default: 'managed',
    users: ['action', 'report'],
    role: 'judges',
    names: 'path',
    inFile: true,
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;
export type Settings = { [Key in SettingKey]: z.output<(typeof SETTINGS)[Key]['schema']> };

/** The keys that a command takes. */
export type KeyOf<User extends SettingUser> = {
  [Key in SettingKey]: User extends (typeof SETTINGS)[Key]['users'][number] ? Key : never;
}[SettingKey];

/** The keys a command takes, in the table's order. */
export function settingsOf<User extends SettingUser>(user: User): KeyOf<User>[] {
  const isTaken = (key: SettingKey): key is KeyOf<User> => (SETTINGS[key] as Setting).users.includes(user);
  return (Object.keys(SETTINGS) as SettingKey[]).filter(isTaken);
}
