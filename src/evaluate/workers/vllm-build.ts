import { SosBenchError } from '../../error.ts';
import { areGpusHidden, type GpuListing, visibleGpus } from '../../system/gpus.ts';
import type { Environment } from '../../system/process/child-environment.ts';
import type { VllmBuild } from '../../system/python/environment-spec.ts';
import type { EvaluationRequest } from '../request.ts';

/** Whether vLLM is built for a kind of machine. */
export function hasVllmBuild(platform: string, arch: string): boolean {
  return platform === 'linux' && (arch === 'x64' || arch === 'arm64');
}

/**
 * Checks that vLLM is built for a machine.
 *
 * @throws SosBenchError `python-unsuitable`.
 */
export function requireVllmMachine(platform: string, arch: string): void {
  if (hasVllmBuild(platform, arch)) return;
  throw new SosBenchError('python-unsuitable', `vLLM has no build for this machine (${platform}, ${arch})`, {
    hint: 'use backend hf and server transformers, or name a Python that has vLLM with python',
  });
}

/** The build for GPUs where the run has one, or is on what a launcher gives it; else the one for processors. */
export function vllmBuild(
  { devices, device, launcher }: Pick<EvaluationRequest, 'devices' | 'device' | 'launcher'>,
  { gpus, driver, environment }: Pick<GpuListing, 'gpus' | 'driver'> & { environment: Environment },
): VllmBuild {
  if (devices.kind === 'cpu' || device === 'cpu') return 'cpu';
  if (devices.kind === 'gpus' || device !== null || launcher.length > 0) return 'gpu';
  if (areGpusHidden(environment)) return 'cpu';
  return visibleGpus(gpus, environment).length > 0 || driver !== 'none' ? 'gpu' : 'cpu';
}
