/**
 * Every shared token once, beside the harness's own class: the same items, the same model, in one process, in turns. Prints tokens
 * through the model, those that are different, padding, time in the model, and how many items are answered otherwise.
 *
 *   node bench/engine.ts --data DIR [--model DIR] [--benchmarks ID,...] [--items N] [--threads N]
 *   node bench/engine.ts --data DIR --generation [--max-gen-toks N] [--runs 5]   IFEval and MATH
 *   node bench/engine.ts --data DIR --memory                                     peak memory of each way, a process each
 *   node bench/engine.ts --data DIR --backend vllm [--tasks N]                    vLLM's own class, in the environment for processors
 *
 * DIR is a `datasets-dir`; what it lacks of IFEval and MATH is taken from the mini suite. MMLU-Pro shows five examples: where DIR has none, the first five questions of its slice.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { workerPaths } from '../src/evaluate/workers/workers.ts';
import { sourceInFolder, taskSpec } from '../src/harness/lm-eval/data.ts';
import { CATALOGUE } from '../src/suite/catalogue.ts';
import { selectBenchmarks } from '../src/suite/select.ts';
import { cacheRoot, packageRoot } from '../src/system/paths.ts';
import { vllmEnvironment } from '../src/system/python/environment-spec.ts';
import { managedPython } from '../src/system/python/managed.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string' },
    benchmarks: { type: 'string' },
    backend: { type: 'string', default: 'hf' },
    items: { type: 'string', default: '1000' },
    /** Of each benchmark, so many at most. */
    tasks: { type: 'string', default: '1000' },
    threads: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    generation: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
    'max-gen-toks': { type: 'string' },
  },
});

/** As a run has them on a processor, with less memory and a shorter context. */
const VLLM_ARGUMENTS = {
  ...{ enforce_eager: true, block_size: 32 },
  ...{ kv_cache_memory_bytes: 1024 ** 3, max_model_len: 4096 },
};
const EXAMPLES = 5;
const MINI = join(packageRoot(), 'tasks', 'mini');
/** Items of a chunk, as plans cut them. */
const CHUNK = 128;
const WRITTEN_CHUNK = 64;
/** How many times less time in the model it is to take, at least. */
const BOUNDS: Readonly<Record<string, number>> = { bbh: 10, 'mmlu-pro': 4, bbq: 2.5, musr: 2 };

/** The same of vLLM; tokens beside those that differ, for each request of the harness. */
const VLLM_BOUNDS: Readonly<Record<string, number>> = { bbh: 6, 'mmlu-pro': 6 };
const MAX_OVER = 16;
const ofVllm = values.backend === 'vllm';

const FOUR = 'bbh,mmlu-pro,bbq,musr';
const idsOr = (usual: string) => (values.benchmarks ?? usual).split(',');

interface Seen {
  tokens: number;
  padding: number;
  calls: number;
  seconds: number;
  chunk_seconds: number;
}
interface TaskLine {
  task: string;
  benchmark: string;
  items: number;
  /** What the harness asks its model class for: an option each. */
  requests: number;
  different: number;
  agreement: { items: number; differ: number; nearTies: number } | null;
  runs: Record<Way, Seen>[];
}
interface ProcessLine {
  peakMegabytes: number;
  engine: string;
  batchTokens: number;
}
type Way = 'harness' | 'tokens';

const say = (text: string) => process.stdout.write(`${text}\n`);
const cache = cacheRoot(process.env);
const model = values.model ?? join(cache, 'demo-models', 'smollm2-135m', 'model');
if (!existsSync(model)) throw new Error(`no model at ${model}: give --model, or run the demo once`);
if (values.data === undefined) throw new Error('give --data DIR, a datasets-dir with real questions');
const python = await managedPython({
  cache,
  environment: process.env,
  note: say,
  ...(ofVllm && { spec: vllmEnvironment('cpu') }),
});
const scratch = mkdtempSync(join(tmpdir(), 'sos-bench-engine-'));
try {
  const data = withExamples(values.data);
  if (values.generation) await compareGeneration(data);
  else if (values.memory) await compareMemory(data);
  else await compareReading(data);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function compareReading(data: string): Promise<void> {
  const { tasks, whole } = await measure(data, idsOr(ofVllm ? 'bbh,mmlu-pro' : FOUR), ['harness', 'tokens']);
  const batches = ofVllm ? 'batches by vLLM' : `${whole.batchTokens} tokens a batch`;
  say(`engine: ${whole.engine}, ${batches}, ${values.threads} threads`);
  say('benchmark    items  harness  through  different  ratio  padding  time  items otherwise (near-ties)');
  const weighted = { harness: 0, tokens: 0 };
  for (const benchmark of [...new Set(tasks.map((line) => line.benchmark))]) {
    const lines = tasks.filter((line) => line.benchmark === benchmark);
    const sum = (of: (line: TaskLine) => number) => lines.reduce((total, line) => total + of(line), 0);
    const of = (way: Way, key: keyof Seen) => sum(({ runs }) => median(runs.map((run) => run[way][key])));
    const items = sum((line) => line.items);
    const each = (tokens: number) => (tokens / items).toFixed(0).padStart(9);
    const different = sum((line) => line.different);
    const time = of('harness', 'seconds') / of('tokens', 'seconds');
    const size = CATALOGUE.find(({ id }) => id === benchmark)?.items ?? 0;
    weighted.harness += (of('harness', 'seconds') / items) * size;
    weighted.tokens += (of('tokens', 'seconds') / items) * size;
    const bound = (ofVllm ? VLLM_BOUNDS : BOUNDS)[benchmark];
    const over = (of('tokens', 'tokens') - different) / sum((line) => line.requests);
    say(
      [
        benchmark.padEnd(10),
        String(items).padStart(7),
        each(of('harness', 'tokens')),
        each(of('tokens', 'tokens')),
        each(different),
        ofVllm
          ? `+${over.toFixed(1)} a request (<= ${MAX_OVER})`
          : `${(of('tokens', 'tokens') / different).toFixed(2)} (<= 1.15)`,
        `${(1 + of('tokens', 'padding') / of('tokens', 'tokens')).toFixed(2)} (<= 1.25)`,
        `${time.toFixed(1)}x${bound === undefined ? '' : ` (>= ${bound}x)`}`,
        `${sum((line) => line.agreement!.differ)} (${sum((line) => line.agreement!.nearTies)})`,
      ].join('  '),
    );
  }
  const all = weighted.harness / weighted.tokens;
  if (ofVllm) return;
  say(
    `weighted by the items of a full run: ${all.toFixed(1)}x less time in the model (>= 3.5x for all four)`,
  );
}

async function compareGeneration(data: string): Promise<void> {
  const { tasks, whole } = await measure(data, idsOr('ifeval,math'), ['harness', 'tokens']);
  say(`answers in batches by ${whole.batchTokens} tokens, beside the harness's batches of 8`);
  for (const benchmark of [...new Set(tasks.map((line) => line.benchmark))]) {
    const lines = tasks.filter((line) => line.benchmark === benchmark);
    const times = (key: 'seconds' | 'chunk_seconds') =>
      median(
        lines[0]!.runs.map((_, run) => {
          const total = (way: Way) => lines.reduce((sum, { runs }) => sum + runs[run]![way][key], 0);
          return total('tokens') / total('harness');
        }),
      );
    const count = (key: 'items' | 'differ') => lines.reduce((sum, line) => sum + line.agreement![key], 0);
    say(
      `${benchmark}: time in the model ${times('seconds').toFixed(2)} of the harness's, of the whole chunk ` +
        `${times('chunk_seconds').toFixed(2)} (median of ${values.runs}, <= 1.05); ${count('differ')} of ` +
        `${count('items')} answers differ`,
    );
  }
}

async function compareMemory(data: string): Promise<void> {
  const peaks: number[] = [];
  for (const way of ['harness', 'tokens'] as const) {
    const { whole } = await measure(data, idsOr(FOUR), [way]);
    peaks.push(whole.peakMegabytes);
    say(`${way}: peak ${whole.peakMegabytes.toFixed(0)} MB`);
  }
  say(`${(peaks[1]! / peaks[0]!).toFixed(2)} of the harness's (<= 1.1)`);
}

async function measure(
  data: string,
  ids: string[],
  ways: Way[],
): Promise<{ tasks: TaskLine[]; whole: ProcessLine }> {
  const maxGenToks = values['max-gen-toks'];
  const tasks = selectBenchmarks(ids).flatMap((benchmark) =>
    benchmark.tasks.slice(0, Number(values.tasks)).flatMap((task) => {
      const own = sourceInFolder(data, benchmark, task, 'bench');
      const isGiven = own.kind !== 'unavailable' || !values.generation;
      const source = isGiven ? own : sourceInFolder(MINI, benchmark, task, 'bench');
      if (source.kind === 'unavailable') return [];
      const generation = maxGenToks === undefined ? null : { max_gen_toks: Number(maxGenToks) };
      const isWritten = ['ifeval', 'math'].includes(benchmark.id);
      return {
        benchmark: benchmark.id,
        spec: taskSpec(benchmark, task, source, isWritten ? generation : null),
        metric: benchmark.metric,
        limit: Number(values.items),
        chunk: isWritten ? WRITTEN_CHUNK : CHUNK,
        runs: Number(values.runs),
      };
    }),
  );
  if (tasks.length === 0) throw new Error(`none of ${ids.join(', ')} is in ${data}`);
  const request = {
    threads: Number(values.threads),
    includePaths: [join(packageRoot(), 'tasks', 'lm-eval')],
    ways,
    tasks,
    open: {
      backend: values.backend,
      args: { pretrained: model, dtype: 'float32', ...(ofVllm && VLLM_ARGUMENTS) },
      batchSize: 'tokens',
      device: null,
      applyChatTemplate: false,
      seed: 1234,
    },
  };
  const child = execa(python, [join(import.meta.dirname, 'support', 'engine.py')], {
    env: {
      ...workerPaths(python, cache),
      OMP_NUM_THREADS: values.threads,
      // Left to itself vLLM ties its threads to the first cores, whoever else is busy there.
      ...(ofVllm && { VLLM_CPU_OMP_THREADS_BIND: 'nobind' }),
      PYTHONPATH: [join(packageRoot(), 'worker'), join(packageRoot(), 'tasks', 'lm-eval')].join(':'),
      PYTHONSAFEPATH: '1',
    },
    input: JSON.stringify(request),
    stderr: 'ignore',
  });
  const lines: (TaskLine | ProcessLine)[] = [];
  for await (const line of child) {
    if (!line.startsWith('{')) continue;
    const told: TaskLine | ProcessLine = JSON.parse(line);
    lines.push(told);
    if ('task' in told) process.stderr.write(`${told.task}: ${told.items} items${secondsOf(told)}\n`);
  }
  await child;
  return {
    tasks: lines.filter((line): line is TaskLine => 'task' in line),
    whole: lines.find((line): line is ProcessLine => 'peakMegabytes' in line)!,
  };
}

/** A run that is stopped has told what it found so far. */
function secondsOf({ runs: [first] }: TaskLine): string {
  const ways = Object.entries(first ?? {});
  return ways
    .map(([way, { seconds, tokens }]) => `, ${way} ${seconds.toFixed(1)} s, ${tokens} tokens`)
    .join('');
}

/** The folder, and where it has no examples for MMLU-Pro a copy with the first questions of its slice as these. */
function withExamples(folder: string): string {
  const own = join(folder, 'mmlu-pro', 'test.jsonl');
  if (!existsSync(own) || existsSync(join(folder, 'mmlu-pro', 'test.fewshot.jsonl'))) return folder;
  const copy = join(scratch, 'data');
  cpSync(folder, copy, { recursive: true });
  const lines = readFileSync(own, 'utf8').trim().split('\n');
  writeFileSync(join(copy, 'mmlu-pro', 'test.fewshot.jsonl'), `${lines.slice(0, EXAMPLES).join('\n')}\n`);
  return copy;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
