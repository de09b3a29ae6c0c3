import { splitSelection } from '../suite/select.ts';
import { listGpus } from '../system/gpus.ts';
import type { Environment } from '../system/process/child-environment.ts';
import {
  type EnvironmentSpec,
  vllmEnvironment,
  WORKER_ENVIRONMENT,
} from '../system/python/environment-spec.ts';
import type { EvaluationRequest } from './request.ts';
import { requireVllmMachine, vllmBuild } from './workers/vllm-build.ts';

/** What decides which environment of ours a run takes. */
export type EnvironmentWish = Pick<
  EvaluationRequest,
  'backend' | 'server' | 'stages' | 'benchmarks' | 'includePaths' | 'devices' | 'device' | 'launcher'
>;

/**
 * Which environment of ours a run takes: one with vLLM where it is the backend or LiveBench's server, else the workers' own.
 *
 * @throws SosBenchError `python-unsuitable` where vLLM has no build for the machine; `benchmark-unknown`.
 */
export async function runEnvironment(
  wish: EnvironmentWish,
  environment: Environment,
): Promise<EnvironmentSpec> {
  if (!needsVllm(wish)) return WORKER_ENVIRONMENT;
  requireVllmMachine(process.platform, process.arch);
  return vllmEnvironment(vllmBuild(wish, { ...(await listGpus(environment)), environment }));
}

function needsVllm(wish: EnvironmentWish): boolean {
  if (wish.backend === 'vllm') return true;
  if (wish.server !== 'vllm') return false;
  if (wish.stages.includes('judge')) return true;
  if (!wish.stages.includes('livebench')) return false;
  return splitSelection(wish).inCatalogue.some(({ harness }) => harness === 'livebench');
}
