import type { EvaluationRequest } from '../../src/evaluate/request.ts';
import { LIVEBENCH_RELEASE } from '../../src/suite/livebench.ts';
import { design } from './designs.ts';

/** What decides which questions are asked; the rest of a request is not looked at where a model is known. */
export const questionRequest = {
  ...{
    suite: 'pr',
    seed: 1,
    benchmarks: ['bbq', 'xstest'],
    design: design(),
    stages: ['lm-eval'],
    shard: null,
  },
  ...{ maxGenToks: null, datasetsDir: 'data', includePaths: [] },
  livebench: { dir: null, ref: null, release: LIVEBENCH_RELEASE, allowUnsafeCode: false },
} as unknown as EvaluationRequest;
