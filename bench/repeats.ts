/**
 * How much of the noise in instruction following is which questions are asked, and how much is which answers are drawn: IFEval's questions,
 * asked of a model and of others again and again at a temperature. Prints the variance components of each model's score and of its difference
 * from the first, and what they imply for as many questions as SOS-Bench has: standard error and detectable drop where each is asked 1, 4 or 8
 * times, with 95% intervals over which questions these were.
 *
 *   node bench/repeats.ts [--data DIR] [--model DIR] [--other DIR]... [--questions 48] [--repeats 8] [--max-gen-toks 160]
 *                         [--temperature 0.7] [--chat-template] [--drawn-only] [--minutes N] [--threads 1]
 *
 * DIR is a `datasets-dir`; without IFEval in it, or without it, the mini suite's questions are asked.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { workerPaths } from '../src/evaluate/workers/workers.ts';
import { sourceInFolder, taskSpec } from '../src/harness/lm-eval/data.ts';
import type { WorkerItem } from '../src/harness/lm-eval/messages.ts';
import { rawScore } from '../src/record/results/score.ts';
import { detectable } from '../src/stats/detectable.ts';
import { findBenchmark } from '../src/suite/catalogue.ts';
import { cacheRoot, packageRoot } from '../src/system/paths.ts';
import { managedPython } from '../src/system/python/managed.ts';
import { createRandom } from '../test/support/random.ts';
import {
  standardErrorOf,
  type VarianceComponents,
  varianceComponents,
} from './support/variance-components.ts';

const cache = cacheRoot(process.env);
const demo = (name: string) => join(cache, 'demo-models', name, 'model');
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string', default: demo('smollm2-135m') },
    other: { type: 'string', multiple: true, default: [demo('smollm2-135m-damaged-package-7-0.6')] },
    questions: { type: 'string', default: '48' },
    repeats: { type: 'string', default: '8' },
    'max-gen-toks': { type: 'string', default: '160' },
    temperature: { type: 'string', default: '0.7' },
    'chat-template': { type: 'boolean', default: false },
    /** Leaves out the likeliest answers, where time is short. */
    'drawn-only': { type: 'boolean', default: false },
    /** No model is asked again after so many: the repeats that are done by then count. */
    minutes: { type: 'string', default: '600' },
    threads: { type: 'string', default: '1' },
  },
});

/** Questions of instruction following: IFEval's 541, and 200 of LiveBench, which are taken to be like them. */
const QUESTIONS = 741;
/** A drop that is to be shown. */
const WANTED = 0.02;
const WAYS = [1, 4, 8, Number.POSITIVE_INFINITY];
/** As a comparison tests its three factors. */
const TEST = { alpha: 0.05, familySize: 3, minimumEffect: 0.005 };
const RESAMPLES = 2000;
/** Seeds of another model's answers: none is drawn as the first one's. */
const APART = 10_000;

interface Line {
  repeat: number;
  seconds: number;
  items: WorkerItem[];
}
/** Scores by question, in one order: of the likeliest answer, and of those drawn. */
interface Answers {
  likeliest: number[];
  drawn: number[][];
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const points = (share: number) => (100 * share).toFixed(1);
const benchmark = findBenchmark('ifeval')!;
const [task] = benchmark.tasks;
const given = values.data === undefined ? null : sourceInFolder(values.data, benchmark, task!, 'bench');
const source =
  given !== null && given.kind !== 'unavailable'
    ? given
    : sourceInFolder(join(packageRoot(), 'tasks', 'mini'), benchmark, task!, 'bench');
if (source.kind === 'unavailable') throw new Error('no questions of IFEval');
const python = await managedPython({ cache, environment: process.env, note: say });

const first = await ask(values.model, 1);
/** The same model twice: all questions' true differences are 0, and the answers' variances add up. */
const twice = { between: 0, within: 2 * varianceComponents(first.drawn).within };
for (const asked of WAYS) tell('the same model', twice, asked, null);
for (const [index, other] of values.other.entries())
  compareWith(other, await ask(other, (index + 1) * APART));

function compareWith(name: string, second: Answers): void {
  const repeats = Math.min(first.drawn[0]!.length, second.drawn[0]!.length);
  const [before, after] = [first, second].map(({ drawn }) => drawn.map((row) => row.slice(0, repeats)));
  say(
    `${name}: ${before!.length} questions, ${repeats} answers each by both models, temperature ${values.temperature}, at most ${values['max-gen-toks']} tokens`,
  );
  show('the model', before!);
  show('the other', after!);
  const difference = before!.map((row, question) => row.map((score, i) => after![question]![i]! - score));
  const components = show('their difference', difference);
  const [low, high] = resampled(difference, (scores) => varianceComponents(scores).between);
  say(
    `between questions, 95% interval over which questions these were: ${low.toFixed(4)} to ${high.toFixed(4)}`,
  );
  if (!values['drawn-only']) showLikeliest(first.likeliest, second.likeliest);
  for (const asked of WAYS) {
    const seen = (scores: readonly number[][]) =>
      detectable(standardErrorOf(varianceComponents(scores), QUESTIONS, asked), TEST);
    tell('it', components, asked, resampled(difference, seen));
  }
}

function showLikeliest(before: readonly number[], after: readonly number[]): void {
  const greedy = before.map((score, question) => after[question]! - score);
  const spread = Math.sqrt(varianceOf(greedy) / QUESTIONS);
  say(
    `likeliest answers: ${points(meanOf(before))} and ${points(meanOf(after))}; at ${QUESTIONS} questions a standard error of ${points(spread)}, detectable ${points(detectable(spread, TEST))}`,
  );
}

function tell(
  whom: string,
  components: Pick<VarianceComponents, 'between' | 'within'>,
  asked: number,
  ends: readonly [number, number] | null,
): void {
  const se = standardErrorOf(components, QUESTIONS, asked);
  const drop = detectable(se, TEST);
  const times = asked === Number.POSITIVE_INFINITY ? 'ever again' : `${asked}x`;
  const range = ends === null ? '' : ` (${points(ends[0])} to ${points(ends[1])})`;
  say(
    `against ${whom}, ${QUESTIONS} questions, each asked ${times}: standard error ${points(se)}, detectable ${points(drop)} points${range}${drop <= WANTED ? ': shows 2' : ''}`,
  );
}

async function ask(model: string, seed: number): Promise<Answers> {
  const spec = (generation: Record<string, unknown>) =>
    taskSpec(benchmark, task!, source as Exclude<typeof source, { kind: 'unavailable' }>, {
      max_gen_toks: Number(values['max-gen-toks']),
      ...generation,
    });
  const request = {
    threads: Number(values.threads),
    includePaths: [join(packageRoot(), 'tasks', 'lm-eval')],
    metric: benchmark.metric,
    questions: Number(values.questions),
    repeats: Number(values.repeats),
    begin: values['drawn-only'] ? 1 : 0,
    minutes: Number(values.minutes),
    rows: Number(values.questions),
    likeliest: spec({ do_sample: false }),
    drawn: spec({ do_sample: true, temperature: Number(values.temperature) }),
    open: {
      backend: 'hf',
      args: { pretrained: model, dtype: 'float32' },
      batchSize: values.questions,
      device: null,
      applyChatTemplate: values['chat-template'],
      seed,
    },
  };
  const child = execa(python, [join(import.meta.dirname, 'support', 'repeats.py')], {
    env: {
      ...workerPaths(python, cache),
      OMP_NUM_THREADS: values.threads,
      PYTHONPATH: [join(packageRoot(), 'worker'), join(packageRoot(), 'tasks', 'lm-eval')].join(':'),
      PYTHONSAFEPATH: '1',
    },
    input: JSON.stringify(request),
    stderr: 'ignore',
  });
  const answers: Answers = { likeliest: [], drawn: [] };
  for await (const line of child) {
    if (!line.startsWith('{')) continue;
    const { repeat, seconds, items }: Line = JSON.parse(line);
    const scores = items.map((item) => rawScore(item, benchmark.metric));
    process.stderr.write(`${model}: answer ${repeat}, ${points(meanOf(scores))}, ${seconds.toFixed(0)} s\n`);
    if (repeat === 0) answers.likeliest = scores;
    else answers.drawn = scores.map((score, index) => [...(answers.drawn[index] ?? []), score]);
  }
  await child;
  return answers;
}

function show(what: string, scores: readonly (readonly number[])[]): VarianceComponents {
  const found = varianceComponents(scores);
  say(
    `${what}: mean ${points(found.mean)}, variance between questions ${found.between.toFixed(4)}, between answers to one ${found.within.toFixed(4)}`,
  );
  return found;
}

/** Percentiles 2.5 and 97.5 over questions drawn again. */
function resampled(
  scores: readonly number[][],
  of: (scores: readonly number[][]) => number,
): [number, number] {
  const random = createRandom(1);
  const found = Array.from({ length: RESAMPLES }, () =>
    of(scores.map(() => scores[Math.floor(random.uniform() * scores.length)]!)),
  ).sort((a, b) => a - b);
  return [found[Math.floor(0.025 * RESAMPLES)]!, found[Math.floor(0.975 * RESAMPLES)]!];
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function varianceOf(numbers: readonly number[]): number {
  const mean = meanOf(numbers);
  return numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (numbers.length - 1);
}
