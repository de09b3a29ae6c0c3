import { resolve } from 'node:path';
import type { EvaluationRequest, LiveBenchRequest, QuestionRequest } from '../evaluate/request.ts';
import { fullRef } from '../harness/livebench/checkout/checkout.ts';
import { sampleDesign } from './design.ts';
import type { Settings, settingsOf } from './table.ts';

type RunSettings = Pick<Settings, ReturnType<typeof settingsOf>[number]>;

/** The evaluation that the settings of `run` ask for. */
export function evaluationRequest(settings: RunSettings): EvaluationRequest {
  return {
    model: settings.model,
    modelName: settings['model-name'] ?? null,
    backend: settings.backend,
    modelArgs: settings['model-args'],
    ...questionRequest(settings),
    plan: settings.plan ?? null,
    design: settings.suite === 'pr' ? sampleDesign(settings) : null,
    output: settings.output,
    batchSize: settings['batch-size'],
    device: settings.device ?? null,
    devices: settings.devices,
    tensorParallel: settings['tensor-parallel'] ?? null,
    launcher: settings.launcher,
    applyChatTemplate: settings['apply-chat-template'],
    enableThinking: settings['enable-thinking'] ?? null,
    thinkEndToken: settings['think-end-token'] ?? null,
    systemInstruction: settings['system-instruction'] ?? null,
    server: settings.server,
    serverModel: settings['server-model'] ?? null,
    serverParallel: settings['server-parallel'] ?? null,
    shard: settings.shard ?? null,
    fresh: settings.fresh,
    trustRemoteCode: settings['trust-remote-code'],
    allowPickle: settings['allow-pickle'],
  };
}

/** Where runs keep what they have done from one attempt to the next; null for nowhere. */
export function stateRoot(settings: Pick<Settings, 'state-dir'>, cwd: string): string | null {
  return settings['state-dir'] === undefined ? null : resolve(cwd, settings['state-dir']);
}

/**
 * The questions that the settings of `run` or `plan` ask for.
 *
 * @throws SosBenchError `usage` for a livebench-ref that cannot be fetched: before anything is.
 */
export function questionRequest(
  settings: Pick<
    Settings,
    | 'suite'
    | 'benchmarks'
    | 'datasets-dir'
    | 'include-path'
    | 'python'
    | 'max-gen-toks'
    | 'enable-thinking'
    | 'seed'
    | 'stall-timeout'
    | 'stages'
    | LiveBenchKey
  >,
): QuestionRequest {
  fullRef(settings['livebench-ref'] ?? null);
  return {
    suite: settings.suite,
    benchmarks: settings.benchmarks,
    datasetsDir: settings['datasets-dir'] ?? null,
    includePaths: settings['include-path'],
    python: settings.python,
    maxGenToks: settings['max-gen-toks'] ?? null,
    enableThinking: settings['enable-thinking'] ?? null,
    seed: settings.seed,
    stallTimeout: settings['stall-timeout'],
    stages: settings.stages,
    livebench: liveBenchRequest(settings),
  };
}

type LiveBenchKey = 'livebench-dir' | 'livebench-ref' | 'livebench-release' | 'allow-unsafe-code';

/** Which LiveBench, and what its scorer may do. */
export function liveBenchRequest(settings: Pick<Settings, LiveBenchKey>): LiveBenchRequest {
  return {
    dir: settings['livebench-dir'] ?? null,
    ref: settings['livebench-ref'] ?? null,
    release: settings['livebench-release'],
    allowUnsafeCode: settings['allow-unsafe-code'],
  };
}
