/** What an environment of ours is made of; two specs never share one. */
export interface EnvironmentSpec {
  /** What it is for, in messages: `the Python environment`. */
  name: string;
  /** Lock files, in the folder of locks, that decide what is in it. The first is what is installed, hashes and all. */
  locks: readonly string[];
  /** What the first lock installs, in messages. */
  contents: string;
  /** Which Python 3 minors it works with. */
  minors: { oldest: number; newest: number | null };
  /** Lock with PyTorch's version, whose build depends on the machine's accelerator; null for an environment without. */
  torch: string | null;
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
  locks: ['requirements.lock', 'torch.lock', 'nltk-data.lock'],
  contents: 'lm-evaluation-harness and what it needs',
  minors: { oldest: 10, newest: null },
  torch: 'torch.lock',
  nltk: { lock: 'nltk-data.lock', needed: 'IFEval' },
  markers: [],
  warmUp:
    'import lm_eval.models.huggingface, lm_eval.tasks, peft, transformers.models.llama.modeling_llama; ' +
    'import uvicorn, transformers.cli.serve; from transformers import AutoModelForDecision, AutoProcessor; ' +
    'from transformers.cli.serving import chat_completion, response, server, systemone, transcription',
};
