import { SosBenchError } from '../error.ts';
import { LIVEBENCH_ENVIRONMENT } from '../harness/livebench/checkout/environment.ts';
import { nearest } from '../suite/select.ts';
import {
  type EnvironmentSpec,
  type VllmBuild,
  vllmEnvironment,
  WORKER_ENVIRONMENT,
} from '../system/python/environment-spec.ts';
import { type ManagedPythonOptions, managedPython } from '../system/python/managed.ts';
import { requireVllmMachine } from './workers/vllm-build.ts';

/** The environments of our own, by the names that `prefetch --environments` has. */
const ENVIRONMENTS: Readonly<Record<string, () => EnvironmentSpec>> = {
  harness: () => WORKER_ENVIRONMENT,
  vllm: () => vllmFor('gpu'),
  'vllm-cpu': () => vllmFor('cpu'),
  livebench: () => LIVEBENCH_ENVIRONMENT,
};
export const ENVIRONMENT_NAMES: readonly string[] = Object.keys(ENVIRONMENTS);

/**
 * Builds environments ahead, for an image or a disk that machines share. The machine that builds needs no GPU, also for `vllm`.
 *
 * @returns the Python of each.
 * @throws SosBenchError `usage` for a name that there is none of, `python-unsuitable` where vLLM has no build for the machine; as `managedPython`.
 */
export async function prepareEnvironments(
  names: readonly string[],
  options: Omit<ManagedPythonOptions, 'spec'>,
): Promise<{ name: string; python: string }[]> {
  for (const name of names) requireKnown(name);
  const built = [];
  for (const name of names)
    built.push({ name, python: await managedPython({ ...options, spec: ENVIRONMENTS[name]!() }) });
  return built;
}

function vllmFor(build: VllmBuild): EnvironmentSpec {
  requireVllmMachine(process.platform, process.arch);
  return vllmEnvironment(build);
}

function requireKnown(name: string): void {
  if (ENVIRONMENT_NAMES.includes(name)) return;
  throw new SosBenchError('usage', `there is no environment '${name}'`, {
    hint: `did you mean ${nearest(name, ENVIRONMENT_NAMES)}? There are ${ENVIRONMENT_NAMES.join(', ')}`,
  });
}
