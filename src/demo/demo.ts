import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { evaluate } from '../evaluate/evaluate.ts';
import type { Devices, EvaluationContext, EvaluationRequest } from '../evaluate/request.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { renderComment } from '../report/comment/comment.ts';
import { formatList } from '../report/format.ts';
import { CATALOGUE } from '../suite/catalogue.ts';
import { LIVEBENCH_RELEASE } from '../suite/livebench.ts';
import { makeFolder, writeFileAtomic } from '../system/files/files.ts';
import { listGpus } from '../system/gpus.ts';
import { cacheRoot } from '../system/paths.ts';
import { workerEnvironment } from '../system/process/child-environment.ts';
import { resolvePython } from '../system/python/resolve.ts';
import { compare } from '../verdict/compare.ts';
import { nameOf } from '../verdict/measure/result-view.ts';
import type { Verdict } from '../verdict/schema.ts';
import { describeEnd, findUnseenByMeans } from './means-alone.ts';
import { prepareDemoModels } from './models.ts';

export interface DemoOutcome {
  /** The model with gross damage against main. */
  verdict: Verdict;
  /** The model with mild damage against main, question by question, and by the means alone. */
  mild: { pairs: Verdict; means: Verdict };
  /** Main against a second run of itself. */
  control: Verdict;
  /** What the demonstration should have shown and did not. */
  shortcomings: string[];
}

/**
 * The main job from end to end on this machine: scores a small model as "main", two damaged copies of it as "the pull request", and main
 * once more as the control; compares; leaves records, verdicts and comments.
 */
export async function runDemo(
  settings: { output: string; python: string },
  context: EvaluationContext,
): Promise<DemoOutcome> {
  const folder = resolve(context.cwd, settings.output);
  const { environment, progress, signal } = context;
  const note = (text: string) => progress.note(text);
  await makeFolder(folder);
  const cache = cacheRoot(environment);
  const python = await resolvePython(settings.python, {
    ...{ cwd: context.cwd, cache, environment, note, signal },
  });
  const models = await prepareDemoModels({ python, cache, environment, note, signal });

  const devices = await demoDevices(environment);

  const score = async (
    step: string,
    name: RecordName,
    model: string,
    benchmarks: readonly string[] = [],
  ): Promise<LoadedRecord> => {
    note(`\n${step}`);
    const output = join(folder, name);
    const { python } = settings;
    return await evaluate(demoRequest({ model, output, python, name, devices, benchmarks }), context);
  };
  const main = await score('1/4 main: SmolLM2-135M-Instruct on the mini suite', 'main', models.main);
  const pr = await score('2/4 a pull request: a copy with gross damage', 'pr', models.damaged);
  const slight = await score(
    `3/4 another pull request: a copy with mild damage, on ${formatList(MILD_BENCHMARKS.map(nameOf))} alone`,
    'mild',
    models.mild,
    MILD_BENCHMARKS,
  );
  const again = await score(
    '4/4 control: main once more, without the benchmarks that take longest',
    'main-again',
    models.main,
    CONTROL_BENCHMARKS,
  );

  const verdict = compare(main, pr);
  const only = { benchmarks: MILD_BENCHMARKS };
  const mild = {
    pairs: compare(main, slight, only),
    means: compare(withoutItems(main), withoutItems(slight), only),
  };
  const control = compare(onlyBenchmarks(main, CONTROL_BENCHMARKS), again);
  const leave = async (prefix: string, found: Verdict, reproduce: string) => {
    await writeFileAtomic(join(folder, `${prefix}verdict.json`), `${JSON.stringify(found, null, 2)}\n`);
    await writeFileAtomic(
      join(folder, `${prefix}comment.md`),
      renderComment(found, { now: context.now(), reproduce }),
    );
  };
  const compareMain = 'sos-bench compare --baseline main --candidate';
  await leave('', verdict, `${compareMain} pr`);
  await leave('mild-', mild.pairs, `${compareMain} mild --benchmarks ${MILD_BENCHMARKS.join()}`);
  return { verdict, mild, control, shortcomings: findShortcomings(verdict, mild, control) };
}

type RecordName = 'main' | 'pr' | 'mild' | 'main-again';

const MODEL_NAMES: Record<RecordName, string> = {
  main: 'SmolLM2-135M-Instruct',
  pr: 'SmolLM2-135M-Instruct, damaged',
  mild: 'SmolLM2-135M-Instruct, mildly damaged',
  'main-again': 'SmolLM2-135M-Instruct',
};

/**
 * What is asked of the mild copy: benchmarks on which so small a model reads well enough to lose something, and has questions enough for a
 * test. IFEval has as many, and takes as long as both.
 */
const MILD_BENCHMARKS = ['mmlu-pro', 'bbq'];

/** Benchmarks of every factor; MMLU-Pro and MATH, with their long examples, take half of the time. */
const CONTROL_BENCHMARKS = CATALOGUE.filter(
  ({ id, harness }) => harness === 'lm-eval' && id !== 'mmlu-pro' && id !== 'math',
).map(({ id }) => id);

/** The record as if only these benchmarks had been run. */
function onlyBenchmarks({ path, record, items }: LoadedRecord, ids: readonly string[]): LoadedRecord {
  return {
    path,
    record: { ...record, benchmarks: record.benchmarks.filter(({ id }) => ids.includes(id)) },
    items: items.filter(({ benchmark }) => ids.includes(benchmark)),
  };
}

/** The record as somebody has it who kept the scores and not the questions. */
function withoutItems({ path, record }: LoadedRecord): LoadedRecord {
  return { path, record, items: [] };
}

/** So small a model gains more from workers of one thread each than from threads that wait for each other. */
const MAX_WORKERS = 4;

async function demoDevices(environment: EvaluationContext['environment']): Promise<Devices> {
  const { gpus } = await listGpus(workerEnvironment(environment));
  if (gpus.length > 0) return { kind: 'auto' };
  return { kind: 'cpu', workers: Math.min(MAX_WORKERS, availableParallelism()) };
}

function demoRequest(run: {
  model: string;
  output: string;
  python: string;
  name: RecordName;
  devices: Devices;
  benchmarks: readonly string[];
}): EvaluationRequest {
  return {
    model: run.model,
    modelName: MODEL_NAMES[run.name],
    backend: 'hf',
    modelArgs: { dtype: 'float32' },
    suite: 'mini',
    plan: null,
    design: null,
    benchmarks: run.benchmarks,
    datasetsDir: null,
    includePaths: [],
    output: run.output,
    python: run.python,
    batchSize: 'tokens',
    device: null,
    devices: run.devices,
    tensorParallel: null,
    launcher: [],
    shard: null,
    applyChatTemplate: false,
    enableThinking: null,
    maxGenToks: null,
    systemInstruction: null,
    seed: 1234,
    stallTimeout: 1800,
    server: 'auto',
    serverModel: null,
    serverParallel: null,
    // LiveBench would bring another environment and a server into what is to be seen in minutes.
    stages: ['lm-eval'],
    livebench: { dir: null, ref: null, release: LIVEBENCH_RELEASE, allowUnsafeCode: false },
    fresh: false,
    trustRemoteCode: false,
    allowPickle: false,
  };
}

function findShortcomings(verdict: Verdict, mild: DemoOutcome['mild'], control: Verdict): string[] {
  const found: string[] = [];
  if (!verdict.factors.some(({ outcome }) => outcome === 'regressed')) {
    found.push('the grossly damaged model did not regress in any factor');
  }
  if (verdict.passed) found.push('the grossly damaged model passed');
  if (findUnseenByMeans(mild).length === 0) {
    found.push('the mildly damaged model regressed in no factor of which the means alone say nothing');
  }
  if (mild.pairs.passed) found.push('the mildly damaged model passed');
  if (!control.passed) found.push(`main against itself did not pass: ${describeEnd(control)}`);
  return found;
}
