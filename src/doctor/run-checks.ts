import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { AUTO_BACKEND, type EvaluationRequest } from '../evaluate/request.ts';
import { runEnvironment } from '../evaluate/run-environment.ts';
import type { Machine } from '../evaluate/workers/devices.ts';
import { vllmBuild } from '../evaluate/workers/vllm-build.ts';
import { workerPaths } from '../evaluate/workers/workers.ts';
import { absoluteArguments } from '../model/argument-paths.ts';
import type { Benchmark } from '../suite/benchmark.ts';
import { splitSelection } from '../suite/select.ts';
import { gpuIndices, listGpus, visibleGpus } from '../system/gpus.ts';
import { cacheRoot } from '../system/paths.ts';
import { workerEnvironment } from '../system/process/child-environment.ts';
import { listGpuProcesses } from '../system/process/gpu-processes.ts';
import type { EnvironmentSpec } from '../system/python/environment-spec.ts';
import { findManagedPython } from '../system/python/managed.ts';
import { pythonPath } from '../system/python/resolve.ts';
import type { Check } from './check.ts';
import { checkCustom } from './data/check-custom.ts';
import { checkData } from './data/check-data.ts';
import { checkHub } from './data/check-hub.ts';
import { checkJudge } from './data/check-judge.ts';
import { checkLiveBench } from './data/check-livebench.ts';
import { checkEphemeral, checkRunner } from './github/check-runner.ts';
import { checkRunnerGroup } from './github/check-runner-group.ts';
import { checkToken } from './github/check-token.ts';
import { checkDevices } from './machine/check-devices.ts';
import { CACHE_ROOM, checkDisk, OUTPUT_ROOM } from './machine/check-disk.ts';
import { checkFiles } from './machine/check-files.ts';
import { checkNode } from './machine/check-node.ts';
import { checkPythonSide, type PythonFacts } from './machine/check-python.ts';
import { foreseeBackend } from './model/check-backend.ts';
import { checkAnswerRoom, checkContext } from './model/check-context.ts';
import { checkLogProbabilities, isChosenByLogProbabilities } from './model/check-log-probabilities.ts';
import { checkModel, type ModelFacts } from './model/check-model.ts';
import { checkArchitecture, checkVllmMemory, machineMemory } from './model/check-vllm.ts';

/** What a run would be asked to do; `model` and `output` may be unknown yet. */
export type Intent = Pick<
  EvaluationRequest,
  | 'backend'
  | 'modelArgs'
  | 'suite'
  | 'benchmarks'
  | 'includePaths'
  | 'datasetsDir'
  | 'python'
  | 'device'
  | 'devices'
  | 'tensorParallel'
  | 'launcher'
  | 'allowPickle'
  | 'trustRemoteCode'
  | 'stages'
  | 'livebench'
  | 'server'
  | 'serverModel'
  | 'maxGenToks'
  | 'judge'
> & { model: string | null; output: string | null; store: string | null; startServer: boolean };

export interface DoctorRuntime {
  cwd: string;
  environment: Record<string, string | undefined>;
  /** For a server that is started to see it answer. */
  signal: AbortSignal;
  note: (text: string) => void;
}

/** Looks at everything a run needs, and starts nothing that takes long or changes the machine unless told to. */
export async function runChecks(
  asked: Intent,
  { cwd, environment, signal, note }: DoctorRuntime,
): Promise<Check[]> {
  const passedOn = workerEnvironment(environment);
  const cache = cacheRoot(environment);
  const modelArgs = absoluteArguments(asked.modelArgs, cwd);
  const wanted = pythonPath(asked.python, cwd);
  const machine = { ...(await listGpus(passedOn)), cores: availableParallelism(), environment: passedOn };
  const { allowPickle, trustRemoteCode } = asked;
  const onServer = asked.backend.startsWith('local-');
  const options = { args: modelArgs, allowPickle };
  const model = asked.model === null || onServer ? null : await checkModel(asked.model, cwd, options);
  const foreseen =
    asked.backend === AUTO_BACKEND
      ? await foreseeBackend({
          ...{ wanted: asked, python: wanted, cache, passedOn, folder: model?.folder ?? null },
          machine: { ...machine, platform: process.platform, arch: process.arch },
        })
      : null;
  const intent = { ...asked, backend: foreseen?.backend ?? asked.backend };
  const spec = () => runEnvironment(intent, passedOn);
  const python = await pythonOf(wanted, { cache, environment: passedOn, spec });
  const side = await checkPythonSide({
    python: wanted,
    spec,
    backend: intent.backend,
    cache,
    environment: { ...passedOn, ...(python === null ? {} : workerPaths(python, cache, passedOn)) },
  });
  const { inCatalogue, others } = splitSelection(intent);
  const benchmarks = inCatalogue.filter(({ harness }) => intent.stages.includes(harness));
  const includePaths = intent.includePaths.map((path) => resolve(cwd, path));
  const context = model?.folder
    ? await checkContext({ folder: model.folder, args: modelArgs }, intent.suite, ofLmEval(benchmarks))
    : null;
  const ownData = intent.suite === 'mini' || intent.datasetsDir !== null;
  const datasets = ownData ? [] : benchmarks.map(({ dataset }) => dataset);
  const served = benchmarks.some(({ harness }) => harness === 'livebench');
  const probed =
    side.facts?.packages.lm_eval && python !== null && benchmarks.some(isChosenByLogProbabilities)
      ? probedArguments(intent, model, { ...modelArgs, trust_remote_code: trustRemoteCode })
      : null;
  return [
    checkNode(process.versions.node),
    ...checkRunner({ environment, pid: process.pid }),
    ...checkEphemeral({ environment, pid: process.pid }),
    ...(await checkRunnerGroup(environment)),
    ...(await checkToken({ environment, store: intent.store })),
    ...side.checks,
    ...(foreseen === null ? [] : [foreseen.check]),
    ...checkDevices(intent, machine, {
      torchGpus: side.facts?.gpus ?? null,
      weights: model?.weights ?? null,
      processes: await listGpuProcesses(passedOn),
    }),
    await checkDisk({ id: 'disk-cache', path: cache, ...CACHE_ROOM }),
    await checkDisk({ id: 'disk-output', path: resolve(cwd, intent.output ?? '.'), ...OUTPUT_ROOM }),
    ...(model === null ? [] : [model.check]),
    ...(context === null ? [] : [context]),
    ...(await vllmChecks(intent, { served, model, modelArgs, machine, python, side, passedOn })),
    ...(probed === null
      ? []
      : [
          await checkLogProbabilities({
            ...{ intent, args: probed, machine, cwd, cache, environment, passedOn, signal, note },
            python: python!,
          }),
        ]),
    ...(served && model?.folder ? await checkAnswerRoom(model.folder, intent) : []),
    ...(await checkCustom(others, includePaths)),
    ...(intent.datasetsDir === null ? [] : checkData(join(resolve(cwd, intent.datasetsDir)), benchmarks)),
    ...(await checkHub({ environment, datasets, model: model?.repository ?? null })),
    ...(side.facts === null || python === null
      ? []
      : await checkFiles(datasets, { python, cache, environment })),
    ...(intent.judge ? [await checkJudge({ ...intent, judge: intent.judge, cwd, environment })] : []),
    ...(served
      ? await checkLiveBench({
          ...intent,
          cwd,
          cache,
          environment,
          passedOn,
          // Nothing is started in one that is not there, or not as it was built.
          python: side.facts === null ? null : python,
          gpus: intent.device === 'cpu' ? [] : gpuIndices(visibleGpus(machine.gpus, passedOn), machine.gpus),
          model: { folder: model?.folder ?? null, args: modelArgs },
          start: intent.startServer ? { signal, note } : null,
        })
      : []),
  ];
}

/** Whether vLLM can load the model, where it would. */
async function vllmChecks(
  intent: Intent,
  found: {
    served: boolean;
    model: ModelFacts | null;
    modelArgs: Record<string, unknown>;
    machine: Machine;
    python: string | null;
    side: { facts: PythonFacts | null };
    passedOn: Record<string, string>;
  },
): Promise<Check[]> {
  const { served, model, modelArgs: args, machine, python, side, passedOn } = found;
  if (intent.backend !== 'vllm' && !(served && intent.server === 'vllm')) return [];
  // What a launcher gives is not seen from here.
  if (model?.folder == null || intent.launcher.length > 0) return [];
  const { folder } = model;
  const onGpus = vllmBuild(intent, machine) === 'gpu';
  const ids = intent.devices.kind === 'gpus' ? intent.devices.ids : visibleGpus(machine.gpus, passedOn);
  const indices = gpuIndices(ids, machine.gpus);
  const memory = await checkVllmMemory({
    model: { folder, args },
    weights: model.weights ?? 0,
    gpus: onGpus ? machine.gpus.filter(({ index }) => indices.includes(index)) : [],
    group: (intent.tensorParallel ?? 1) * Number(args.pipeline_parallel_size ?? 1),
    onProcessor: !onGpus,
    // LiveBench's server is one there, however many workers there are.
    copies: intent.backend === 'vllm' && intent.devices.kind === 'cpu' ? intent.devices.workers : 1,
    memory: machineMemory(),
    environment: passedOn,
  });
  if (python === null || !side.facts?.packages.vllm) return memory;
  return [...memory, ...(await checkArchitecture(folder, python, passedOn))];
}

/** The harness's arguments for a model that can be asked here; null where there is none. */
function probedArguments(
  { model, backend }: Pick<Intent, 'model' | 'backend'>,
  found: ModelFacts | null,
  { trust_remote_code, ...args }: Record<string, unknown>,
): Record<string, unknown> | null {
  if (model !== null && backend.startsWith('local-')) return { model, ...args };
  if (found?.folder == null) return null;
  return { ...args, pretrained: found.folder, trust_remote_code };
}

/** LiveBench asks a server, which has a limit of its own. */
function ofLmEval(benchmarks: readonly Benchmark[]): Benchmark[] {
  return benchmarks.filter(({ harness }) => harness === 'lm-eval');
}

async function pythonOf(
  setting: string,
  {
    spec,
    ...where
  }: { cache: string; environment: Record<string, string>; spec: () => Promise<EnvironmentSpec> },
): Promise<string | null> {
  if (setting !== 'managed') return setting;
  try {
    return (await findManagedPython({ ...where, spec: await spec() })).python;
  } catch {
    // Where there is no Python at all, the check itself says so.
    return null;
  }
}
