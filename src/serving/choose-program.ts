import { SosBenchError } from '../error.ts';
import { installedForServing, isBuiltForCpu, missingFor } from './installed.ts';

/** Programs of ours that serve a model. */
export type OwnProgram = 'vllm' | 'transformers';

interface Wish {
  /** `auto` or a program. */
  server: string;
  python: string;
  environment: Record<string, string>;
  /** CUDA ids; empty for the processor. */
  devices: readonly string[];
}

/**
 * Which program would serve a model: the one named, else vLLM where it is installed for GPUs and there is one.
 *
 * @returns the program, and versions of what it is made of.
 * @throws SosBenchError `usage`, `server-failed` (what it needs is not there), `python-missing`.
 */
export async function chooseProgram({
  server,
  python,
  environment,
  devices,
}: Wish): Promise<{ kind: OwnProgram; versions: Record<string, string> }> {
  const versions = await installedForServing(python, environment);
  const forCpu = isBuiltForCpu(versions);
  const auto = devices.length > 0 && versions.vllm !== undefined && !forCpu ? 'vllm' : 'transformers';
  const kind = server === 'auto' ? auto : server;
  if (kind !== 'vllm' && kind !== 'transformers') {
    throw new SosBenchError('usage', `'${server}' is not a server`, {
      hint: 'auto, vllm, transformers, or an address such as http://127.0.0.1:8000/v1',
    });
  }
  if (kind === 'vllm' && versions.vllm !== undefined && devices.length === 0 && !forCpu) {
    throw new SosBenchError(
      'server-failed',
      `vLLM ${versions.vllm} is built for GPUs, and this run has none`,
      { hint: "use python: managed, which has vLLM's build for processors, or --server transformers" },
    );
  }
  if (kind === 'vllm' && devices.length > 0 && forCpu) {
    throw new SosBenchError(
      'server-failed',
      `vLLM ${versions.vllm} is built for processors, and this run is on GPU ${devices.join()}`,
      { hint: "use python: managed, which has vLLM's build for GPUs, or --devices cpu:1" },
    );
  }
  const missing = missingFor(kind, versions);
  if (missing.length > 0) {
    const install = kind === 'vllm' ? 'vllm' : "'transformers[serving]'";
    throw new SosBenchError(
      'server-failed',
      `${python} has no ${missing.join(', ')}, which the server needs`,
      {
        hint: `run: ${python} -m pip install ${install}, or use python: managed`,
      },
    );
  }
  return { kind, versions };
}
