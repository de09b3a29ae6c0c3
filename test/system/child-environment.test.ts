import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  installerEnvironment,
  loggerVariables,
  workerEnvironment,
} from '../../src/system/process/child-environment.ts';

/** Passed to workers and installers, to installers only, or to none. */
type Who = 'both' | 'installer' | 'none';
const VARIABLES: Record<string, Who> = {
  PATH: 'both',
  HOME: 'both',
  LD_LIBRARY_PATH: 'both',
  HTTPS_PROXY: 'both',
  SSL_CERT_FILE: 'both',
  HF_HOME: 'both',
  HF_ENDPOINT: 'both',
  HF_HUB_CACHE: 'both',
  HF_HUB_ETAG_TIMEOUT: 'both',
  HF_HUB_DISABLE_XET: 'both',
  HF_HUB_ENABLE_HF_TRANSFER: 'both',
  HF_HUB_DISABLE_PROGRESS_BARS: 'both',
  HF_XET_CACHE: 'both',
  HF_XET_HIGH_PERFORMANCE: 'both',
  HF_XET_NUM_CONCURRENT_RANGE_GETS: 'both',
  HF_HUB_TOKEN: 'none',
  HF_XET_ACCESS_KEY: 'none',
  HF_TOKEN_PATH: 'none',
  CUDA_VISIBLE_DEVICES: 'both',
  NCCL_DEBUG: 'both',
  OMP_NUM_THREADS: 'both',
  LC_ALL: 'both',
  RUNNER_TRACKING_ID: 'both',
  VLLM_LOGGING_LEVEL: 'both',
  PIP_INDEX_URL: 'installer',
  PIP_CONFIG_FILE: 'installer',
  UV_INDEX_URL: 'installer',
  UV_INDEX_INTERNAL_PASSWORD: 'installer',
  UV_PUBLISH_TOKEN: 'none',
  HF_TOKEN: 'none',
  HUGGING_FACE_HUB_TOKEN: 'none',
  OPENAI_API_KEY: 'none',
  ANTHROPIC_API_KEY: 'none',
  WANDB_API_KEY: 'none',
  WANDB_BASE_URL: 'none',
  MLFLOW_TRACKING_TOKEN: 'none',
  TRACKIO_WRITE_TOKEN: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_ACCESS_KEY_ID: 'none',
  GITHUB_TOKEN: 'none',
  GH_TOKEN: 'none',
  GITHUB_EVENT_PATH: 'none',
  GITHUB_OUTPUT: 'none',
  'INPUT_HF-TOKEN': 'none',
  INPUT_MODEL: 'none',
  ACTIONS_RUNTIME_TOKEN: 'none',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'none',
  VLLM_API_KEY: 'none',
  SLURM_JWT: 'none',
  TORCH_SECRET: 'none',
  XDG_PASSWORD: 'none',
  NPM_CONFIG_USERCONFIG: 'none',
  PYTHONPATH: 'both',
  PYTHONSTARTUP: 'none',
  SOME_OTHER_VARIABLE: 'none',
};
const everything = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, `value of ${name}`]));

for (const [name, who] of Object.entries(VARIABLES)) {
  const told = { both: 'workers and installers', installer: 'installers only', none: 'no child' }[who];
  test(`${name} reaches ${told}`, () => {
    const value = everything[name];
    assert.equal(workerEnvironment(everything)[name], who === 'both' ? value : undefined);
    assert.equal(installerEnvironment(everything)[name], who === 'none' ? undefined : value);
  });
}

test('variables that are not set are not set for a child', () => {
  assert.deepEqual(workerEnvironment({ PATH: undefined, HOME: '/home/me' }), { HOME: '/home/me' });
});

test('a logger gets what a worker gets and its own variables, and knows which of them are keys', () => {
  const given = { ...Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, `value of ${name}`])) };
  const { variables, secrets } = loggerVariables(given, { prefixes: ['WANDB_'], variables: [] });
  const own = { WANDB_API_KEY: 'value of WANDB_API_KEY', WANDB_BASE_URL: 'value of WANDB_BASE_URL' };
  assert.deepEqual(variables, { ...workerEnvironment(given), ...own });
  assert.deepEqual(secrets, ['value of WANDB_API_KEY']);
  const empty = loggerVariables(
    { WANDB_API_KEY: '', WANDB_MODE: '' },
    { prefixes: ['WANDB_'], variables: [] },
  );
  assert.deepEqual(empty, { variables: {}, secrets: [] }, 'an empty one is not set');
});
