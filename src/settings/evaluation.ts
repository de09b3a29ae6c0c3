import type { EvaluationRequest } from '../evaluate/request.ts';
import type { Settings, settingsOf } from './table.ts';

type RunSettings = Pick<Settings, ReturnType<typeof settingsOf>[number]>;

/** The evaluation that the settings of `run` ask for. */
export function evaluationRequest(settings: RunSettings): EvaluationRequest {
  return {
    model: settings.model,
    modelName: settings['model-name'] ?? null,
    backend: settings.backend,
    modelArgs: settings['model-args'],
    suite: settings.suite,
    benchmarks: settings.benchmarks,
    datasetsDir: settings['datasets-dir'] ?? null,
    includePaths: settings['include-path'],
    output: settings.output,
    python: settings.python,
    batchSize: settings['batch-size'],
    device: settings.device ?? null,
    devices: settings.devices,
    tensorParallel: settings['tensor-parallel'] ?? null,
    launcher: settings.launcher,
    applyChatTemplate: settings['apply-chat-template'],
    enableThinking: settings['enable-thinking'] ?? null,
    maxGenToks: settings['max-gen-toks'] ?? null,
    systemInstruction: settings['system-instruction'] ?? null,
    seed: settings.seed,
    shard: settings.shard ?? null,
    stallTimeout: settings['stall-timeout'],
    fresh: settings.fresh,
    trustRemoteCode: settings['trust-remote-code'],
    allowPickle: settings['allow-pickle'],
  };
}
