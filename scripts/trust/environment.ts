/** An environment variable, or a family of them (`PREFIX_*`), that this program reads or hands to a child. */
export interface VariableTrust {
  /** Who sets it where no step of the same job has changed it. */
  from: 'runner' | 'operator';
  use: string;
  claim: string;
}

const BY_RUNNER = 'nothing, where its code ran in no earlier step of the job';
const BY_OPERATOR = 'nothing; a value that names a path in the workspace is dropped and named';
const NO_FILE = 'nothing; the logger gets none that names a file';
const NOT_PASSED = 'nothing; it reaches no child';

const runner = (use: string): VariableTrust => ({ from: 'runner', use, claim: BY_RUNNER });
const operator = (use: string, claim = BY_OPERATOR): VariableTrust => ({ from: 'operator', use, claim });

/**
 * Every environment variable that decides something. Variables are the runner's and the operator's; a step that runs a change's code
 * can set them for later steps of its job, which is why documented workflows evaluate in a job of its own.
 */
export const VARIABLE_TRUST: Readonly<Record<string, VariableTrust>> = {
  'INPUT_*': runner('inputs of the action; they reach no child'),
  GITHUB_ACTIONS: runner('whether this is a job on GitHub'),
  GITHUB_ACTOR: runner('whether Dependabot started the run'),
  GITHUB_API_URL: runner("address of GitHub's API"),
  GITHUB_EVENT_NAME: runner('what the run was started for'),
  GITHUB_EVENT_PATH: runner('the event: pull request, base, commits'),
  GITHUB_HEAD_REF: runner('name of the branch in the record'),
  GITHUB_OUTPUT: runner('file for the outputs of the step'),
  GITHUB_REF: runner('branch or tag of the run'),
  GITHUB_REF_NAME: runner('name of the branch in the record'),
  GITHUB_REPOSITORY: runner('the repository'),
  GITHUB_RUN_ATTEMPT: runner('attempt, by which newer reports win'),
  GITHUB_RUN_ID: runner('run, by which newer reports win'),
  GITHUB_SERVER_URL: runner("address of GitHub's pages"),
  GITHUB_SHA: runner('commit of the run'),
  GITHUB_STEP_SUMMARY: runner('file for the job summary'),
  GITHUB_WORKFLOW: runner('name of the workflow'),
  GITHUB_WORKFLOW_REF: runner("the workflow's file, which the report compares with the base's"),
  GITHUB_WORKSPACE: runner('the workspace'),
  RUNNER_ENVIRONMENT: runner('whether the machine is thrown away after the job'),
  RUNNER_TEMP: runner('where the record, its journal and scratch files are made'),
  RUNNER_TRACKING_ID: runner('by which the runner ends what a job left behind'),
  'ACTIONS_*': runner('access to the artifacts of the run; they reach no child'),
  GITHUB_TOKEN: operator('token of the command line', NOT_PASSED),
  GH_TOKEN: operator('token of the command line', NOT_PASSED),
  HF_TOKEN: operator(
    'token for the Hub; only the fetching process gets it, and trackio where `log` names it',
  ),
  HF_TOKEN_PATH: operator('file of that token'),
  OPENAI_API_KEY: operator('key of a server that somebody else runs'),
  JUDGE_API_KEY: operator('key of the server of a judge'),
  REWRITER_API_KEY: operator('key of the server that rewrites answers for an audit of a judge'),
  'WANDB_*': operator('key, server and mode of Weights & Biases; only that logger gets them'),
  'TRACKIO_*': operator('Space and folder of trackio; only that logger gets them'),
  'MLFLOW_*': operator('credentials for an MLflow server; only that logger gets them'),
  'DATABRICKS_*': operator("host and keys of Databricks, for MLflow's logger", NO_FILE),
  'AWS_*': operator("keys and region of S3, for MLflow's logger", NO_FILE),
  SOS_BENCH_CACHE: operator('where environments and data are cached'),
  SOS_BENCH_SERVER_KEY: operator('key of a server that we start; made for each run'),
  VLLM_API_KEY: operator('key of a server that we start; made for each run'),
  NO_COLOR: operator('no colours on a terminal'),
  FORCE_COLOR: operator('colours in a pipe, too'),
  NODE_DISABLE_COLORS: operator('no colours on a terminal'),
  TERM: operator('what the terminal can show'),
  COLUMNS: operator('how wide tables are'),
  PATH: operator('where programs are found'),
  HOME: operator('caches, and configuration of pip, uv and git'),
  USER: operator('handed to children'),
  LOGNAME: operator('handed to children'),
  SHELL: operator('handed to children'),
  LANG: operator('handed to children'),
  LANGUAGE: operator('handed to children'),
  'LC_*': operator('handed to children'),
  TZ: operator('handed to children'),
  TMPDIR: operator('scratch files where RUNNER_TEMP is not set'),
  TMP: operator('scratch files of children'),
  TEMP: operator('scratch files of children'),
  'XDG_*': operator('caches and configuration'),
  LD_LIBRARY_PATH: operator('libraries of children'),
  LD_PRELOAD: operator('libraries of children'),
  SSL_CERT_FILE: operator('certificates'),
  SSL_CERT_DIR: operator('certificates'),
  REQUESTS_CA_BUNDLE: operator('certificates'),
  CURL_CA_BUNDLE: operator('certificates'),
  HTTP_PROXY: operator('proxy'),
  HTTPS_PROXY: operator('proxy'),
  NO_PROXY: operator('proxy'),
  ALL_PROXY: operator('proxy'),
  http_proxy: operator('proxy'),
  https_proxy: operator('proxy'),
  no_proxy: operator('proxy'),
  all_proxy: operator('proxy'),
  'HF_*': operator('where the Hub is and where its cache lies'),
  TRANSFORMERS_CACHE: operator("cache of the Hub's files"),
  NLTK_DATA: operator('data of NLTK'),
  'PYTHON*': operator('Python; the managed environment ignores it'),
  'NODE_*': operator("Node's options of this program"),
  'PIP_*': operator('pip, for installing alone'),
  'UV_*': operator('uv, for installing alone'),
  'GIT_*': operator('git'),
  CC: operator('compiler of kernels'),
  CXX: operator('compiler of kernels'),
  CI: operator('progress is written as a log'),
  'CUDA_*': operator('devices'),
  'NVIDIA_*': operator('devices'),
  'NCCL_*': operator('devices'),
  'HIP_*': operator('devices'),
  'ROCR_*': operator('devices'),
  'HSA_*': operator('devices'),
  'OMP_*': operator('threads'),
  'MKL_*': operator('threads'),
  'OPENBLAS_*': operator('threads'),
  'KMP_*': operator('threads'),
  'GOMP_*': operator('threads'),
  'PYTORCH_*': operator('PyTorch'),
  'TORCH_*': operator('PyTorch'),
  'TORCHINDUCTOR_*': operator('PyTorch'),
  'TRITON_*': operator('Triton'),
  'VLLM_*': operator('vLLM'),
  'SGLANG_*': operator('SGLang'),
  'SLURM_*': operator('Slurm'),
};

/** The entry of a variable, by its name or its family. */
export function variableTrust(name: string): VariableTrust | null {
  if (Object.hasOwn(VARIABLE_TRUST, name)) return VARIABLE_TRUST[name]!;
  const family = Object.keys(VARIABLE_TRUST).find(
    (entry) => entry.endsWith('*') && name.startsWith(entry.slice(0, -1)),
  );
  return family === undefined ? null : VARIABLE_TRUST[family]!;
}
