import { LIVEBENCH_RELEASE } from '../../suite/livebench.ts';
import { AUTO_BACKEND, type EvaluationRequest } from '../request.ts';

/** Where a judge's model is to be had, and what it runs on. */
export interface JudgeModelRequest
  extends Pick<
    EvaluationRequest,
    'model' | 'modelArgs' | 'python' | 'device' | 'devices' | 'tensorParallel'
  > {
  /** Seconds without a sign of life. */
  stallTimeout: number;
}

/**
 * The evaluation in whose place a judge's model is loaded: by the same code as a model that is evaluated, always in its own chat template,
 * without code of its own and without pickled weights.
 */
export function judgeModelRequest(wanted: JudgeModelRequest): EvaluationRequest {
  return {
    ...{ modelName: null, backend: AUTO_BACKEND, batchSize: 'tokens', launcher: [], server: 'auto' },
    ...{ suite: 'mini', benchmarks: [], stages: ['livebench'], plan: null, design: null, shard: null },
    ...{ datasetsDir: null, includePaths: [], output: '', fresh: false, seed: SEED },
    ...{ applyChatTemplate: true, enableThinking: null, systemInstruction: null, maxGenToks: null },
    ...{ serverModel: null, serverParallel: null, trustRemoteCode: false, allowPickle: false },
    livebench: { dir: null, ref: null, release: LIVEBENCH_RELEASE, allowUnsafeCode: false },
    ...wanted,
  };
}

/** Nothing is drawn; the harness wants one. */
const SEED = 1234;
