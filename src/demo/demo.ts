import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { evaluate } from '../evaluate/evaluate.ts';
import type { Devices, EvaluationContext, EvaluationRequest } from '../evaluate/request.ts';
import type { LoadedRecord } from '../record/schema.ts';
import { renderComment } from '../report/comment/comment.ts';
import { CATALOGUE } from '../suite/catalogue.ts';
import { LIVEBENCH_RELEASE } from '../suite/livebench.ts';
import { makeFolder, writeFileAtomic } from '../system/files/files.ts';
import { listGpus } from '../system/gpus.ts';
import { cacheRoot } from '../system/paths.ts';
import { workerEnvironment } from '../system/process/child-environment.ts';
import { resolvePython } from '../system/python/resolve.ts';
import { compare } from '../verdict/compare.ts';
import type { Verdict } from '../verdict/schema.ts';
import { prepareDemoModels } from './models.ts';

export interface DemoOutcome {
  /** The damaged model against main. */
  verdict: Verdict;
  /** Main against a second run of itself. */
  control: Verdict;
  /** What the demonstration should have shown and did not. */
  shortcomings: string[];
}

/**
 * The main job from end to end on this machine: scores a small model as "main", a damaged copy of it as "the
 * pull request", and main once more as the control; compares; leaves records, `verdict.json`, `comment.md`.
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
    name: string,
    model: string,
    benchmarks: readonly string[] = [],
  ): Promise<LoadedRecord> => {
    note(`\n${step}`);
    const output = join(folder, name);
    const { python } = settings;
    return await evaluate(demoRequest({ model, output, python, name, devices, benchmarks }), context);
  };
  const main = await score('1/3 main: SmolLM2-135M-Instruct on the mini suite', 'main', models.main);
  const pr = await score('2/3 the pull request: a damaged copy of it', 'pr', models.damaged);
  const again = await score(
    '3/3 control: main once more, without the benchmarks that take longest',
    'main-again',
    models.main,
    CONTROL_BENCHMARKS,
  );

  const verdict = compare(main, pr);
  const control = compare(onlyBenchmarks(main, CONTROL_BENCHMARKS), again);
  const reproduce = 'sos-bench compare --baseline main --candidate pr';
  await writeFileAtomic(join(folder, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
  await writeFileAtomic(
    join(folder, 'comment.md'),
    renderComment(verdict, { now: context.now(), reproduce }),
  );
  return { verdict, control, shortcomings: findShortcomings(verdict, control) };
}

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
  name: string;
  devices: Devices;
  benchmarks: readonly string[];
}): EvaluationRequest {
  return {
    model: run.model,
    modelName: run.name === 'pr' ? 'SmolLM2-135M-Instruct, damaged' : 'SmolLM2-135M-Instruct',
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

function findShortcomings(verdict: Verdict, control: Verdict): string[] {
  const found: string[] = [];
  if (!verdict.factors.some(({ outcome }) => outcome === 'regressed')) {
    found.push('the damaged model did not regress in any factor');
  }
  if (verdict.passed) found.push('the damaged model passed');
  if (!control.passed) found.push(`main against itself did not pass: ${control.verdict}`);
  return found;
}
