/** Variables a Python child may need; everything else (tokens, keys, INPUT_*, GITHUB_*) stays here. */
const PASSED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'ALL_PROXY',
  'all_proxy',
  'HF_HOME',
  'HF_ENDPOINT',
  'HF_DATASETS_CACHE',
  'TRANSFORMERS_CACHE',
  'NLTK_DATA',
  // Of a Python that the user named; ours takes none.
  'PYTHONPATH',
  'PYTHONUSERBASE',
  'PYTHONNOUSERSITE',
  'PYTHONHASHSEED',
  'RUNNER_TRACKING_ID',
  'CC',
  'CXX',
  'CUDA_HOME',
  'CUDA_PATH',
]);
const PASSED_PREFIXES = [
  // How what is fetched is fetched: time limits, proxies of the transfer, parallel parts, caches. No secret among them.
  'HF_HUB_',
  'HF_XET_',
  'LC_',
  'XDG_',
  'CUDA_',
  'NVIDIA_',
  'NCCL_',
  'HIP_',
  'ROCR_',
  'HSA_',
  'OMP_',
  'MKL_',
  'OPENBLAS_',
  'KMP_',
  'GOMP_',
  'PYTORCH_',
  'TORCH_',
  'TORCHINDUCTOR_',
  'TRITON_',
  'VLLM_',
  'SGLANG_',
  'SLURM_',
];
/** Only installers get these: they may hold index addresses with credentials. */
const INSTALLER_PREFIXES = ['PIP_', 'UV_'];
/** Only the logger of that name gets these: its keys are among them. */
const LOGGER_PREFIXES = ['WANDB_', 'TRACKIO_', 'MLFLOW_'];

export type Environment = Record<string, string | undefined>;

/** The environment of a worker: what Python and the device need, no secret. */
export function workerEnvironment(environment: Environment): Record<string, string> {
  return pick(environment, PASSED_PREFIXES);
}

/** The environment of pip and uv: also their own settings. */
export function installerEnvironment(environment: Environment): Record<string, string> {
  return pick(environment, [...PASSED_PREFIXES, ...INSTALLER_PREFIXES]);
}

/**
 * The environment of a logger: that of a worker, and all variables of its own.
 *
 * @param own beginnings and whole names of its own variables.
 * @returns also the values of the keys among them, so that they can be kept out of what it prints.
 */
export function loggerVariables(
  environment: Environment,
  own: { prefixes: readonly string[]; variables: readonly string[] },
): { variables: Record<string, string>; secrets: string[] } {
  const variables = workerEnvironment(environment);
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    const isOwn = own.variables.includes(name) || own.prefixes.some((prefix) => name.startsWith(prefix));
    // A secret that the repository does not have arrives as an empty text.
    if (!value || !isOwn) continue;
    variables[name] = value;
    if (isSecret(name)) secrets.push(value.trim());
  }
  return { variables, secrets };
}

/** Whether a variable is passed on to any child. */
export function reachesChildren(name: string): boolean {
  const prefixes = [...PASSED_PREFIXES, ...INSTALLER_PREFIXES, ...LOGGER_PREFIXES];
  return PASSED.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** Installers keep the credentials of their own indexes: without them a private index says no. */
function isSecret(name: string): boolean {
  if (INSTALLER_PREFIXES.some((prefix) => name.startsWith(prefix))) return name.startsWith('UV_PUBLISH_');
  return /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|KEY|JWT/.test(name);
}

function pick(environment: Environment, prefixes: string[]): Record<string, string> {
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const passes = PASSED.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
    if (value !== undefined && passes && !isSecret(name)) chosen[name] = value;
  }
  return chosen;
}
