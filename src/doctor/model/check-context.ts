import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerTokens } from '../../evaluate/request.ts';
import type { Suite } from '../../suite/plan/plan.ts';
import { type Check, ok, warn } from '../check.ts';

/**
 * Tokens of a benchmark's long prompts with examples and answer: what MMLU-Pro and MuSR are known to need, and for the others
 * about twice the mean of docs/cost.md plus what may be generated.
 */
const NEEDED: Record<string, number> = {
  'mmlu-pro': 4096,
  musr: 4096,
  jailbreakhub: 4096,
  bbh: 2048,
  gpqa: 2048,
  math: 2048,
  wmdp: 2048,
  ifeval: 1536,
};
const NEEDED_ELSEWHERE = 512;
/** The mini suite's questions are a line or two. */
const NEEDED_BY_MINI = 1024;

/** As the harness reads a configuration, in its order. */
const CONFIG_KEYS = ['n_positions', 'max_position_embeddings', 'n_ctx'] as const;
const ARGUMENTS = ['max_length', 'max_model_len', 'context_length'] as const;
/** Tokenizers without a limit say a number with thirty digits. */
const NO_LIMIT = 1e12;

/** Whether the model reads prompts as long as the benchmarks' are; null where its length is not told. */
export async function checkContext(
  model: { folder: string; args: Record<string, unknown> },
  suite: Suite,
  benchmarks: readonly { id: string }[],
): Promise<Check | null> {
  const length = await contextLength(model);
  if (length === null) return null;
  const needs = benchmarks.map(({ id }) => ({ id, tokens: neededBy(id, suite) }));
  const short = needs.filter(({ tokens }) => tokens > length).sort((a, b) => b.tokens - a.tokens);
  const message = `the model reads ${length} tokens`;
  if (short.length === 0) return ok('context', `${message}; the benchmarks need up to ${largest(needs)}`);
  const named = short.map(({ id, tokens }) => `${id} ${tokens}`).join(', ');
  return warn(
    'context',
    `${message}, and some prompts are longer (about ${named}): they lose their beginning`,
    'leave them out with benchmarks, or raise --model-args max_length (vllm: max_model_len) if the model can do more',
  );
}

/**
 * Tokens of the longest prompts of LiveBench's benchmarks: a guess, generous for tables, stories and papers' abstracts, as the
 * questions themselves are not here yet.
 */
const LIVEBENCH_PROMPT = 3072;

/** Whether LiveBench's prompts and the room for their answers fit; nothing where the model's length is not told. */
export async function checkAnswerRoom(
  folder: string,
  {
    modelArgs: args,
    suite,
    maxGenToks,
  }: { modelArgs: Record<string, unknown>; suite: Suite; maxGenToks: number | null },
): Promise<Check[]> {
  const length = await contextLength({ folder, args });
  if (length === null) return [];
  const prompt = suite === 'mini' ? NEEDED_BY_MINI : LIVEBENCH_PROMPT;
  const room = answerTokens({ suite, maxGenToks });
  const message = `the model reads ${length} tokens; LiveBench's prompts take up to about ${prompt} and answers ${room}`;
  if (prompt + room <= length) return [ok('context-livebench', message)];
  return [
    warn(
      'context-livebench',
      `${message}: vLLM refuses such questions, transformers serve cuts their answers short`,
      length > prompt
        ? `lower max-gen-toks to ${length - prompt}, the same for every model you compare`
        : 'leave them out with stages or benchmarks, or raise --model-args max_length (vllm: max_model_len) if the model can do more',
    ),
  ];
}

function neededBy(benchmark: string, suite: Suite): number {
  const needed = NEEDED[benchmark] ?? NEEDED_ELSEWHERE;
  return suite === 'mini' ? Math.min(needed, NEEDED_BY_MINI) : needed;
}

function largest(needs: readonly { tokens: number }[]): number {
  return Math.max(0, ...needs.map(({ tokens }) => tokens));
}

export async function contextLength({
  folder,
  args,
}: {
  folder: string;
  args: Record<string, unknown>;
}): Promise<number | null> {
  const requested = firstNumber(args, ARGUMENTS);
  if (requested !== null) return requested;
  const config = await readObject(join(folder, 'config.json'));
  const text = config.text_config;
  const own = firstNumber(config, CONFIG_KEYS) ?? firstNumber(isObject(text) ? text : {}, CONFIG_KEYS);
  if (own !== null) return own;
  const tokenizer = firstNumber(await readObject(join(folder, 'tokenizer_config.json')), [
    'model_max_length',
  ]);
  return tokenizer !== null && tokenizer < NO_LIMIT ? tokenizer : null;
}

function firstNumber(from: Record<string, unknown>, keys: readonly string[]): number | null {
  for (const key of keys) {
    const value = Number(from[key] ?? Number.NaN);
    if (Number.isFinite(value) && value > 0) return value;
  }
  return null;
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isObject(document) ? document : {};
  } catch {
    // What is wrong with the model's files is another check's to say.
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
