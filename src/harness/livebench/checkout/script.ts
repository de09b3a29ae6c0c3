import { join } from 'node:path';
import type { Limits, Sandbox, SandboxJob } from '../../../system/sandbox/sandbox.ts';
import type { LiveBenchEnvironment } from './environment.ts';

const MB = 2 ** 20;

/** What one run of a script of LiveBench may use. Importing it takes half a gigabyte. */
export const LIMITS: Omit<Limits, 'wallMs' | 'silenceMs'> = {
  cpuSeconds: 3600,
  // Below the memory, so that a program that wants too much gets an error of its own, which LiveBench scores. A grader of
  // newer releases limits itself to 30 GB, which has to be below the hard limit (eight times this).
  addressSpace: 4096 * MB,
  memory: 6144 * MB,
  processes: 128,
  fileSize: 256 * MB,
  scratchSize: 512 * MB,
};

/** Settings of numeric libraries that a machine may need; no other variable reaches a grader. */
const PASSED = /^(OPENBLAS_|LD_LIBRARY_PATH$|TZ$)/;

export function scriptPath({ checkout }: LiveBenchEnvironment, script: string): string {
  return join(checkout.folder, 'livebench', script);
}

/** What LiveBench's scripts are given: its code and data, and all there is of an environment. */
export function scriptSurroundings(
  environment: LiveBenchEnvironment,
  sandbox: Sandbox,
): Pick<SandboxJob, 'readOnly' | 'hidden' | 'environment'> {
  const { folder } = environment.checkout;
  const code = join(folder, 'livebench');
  return {
    readOnly: [code, environment.nltkData],
    // LiveBench loads the keys in such a file, and one of its graders asks a model when it has one.
    hidden: [join(code, '.env')],
    environment: {
      ...programEnvironment(sandbox),
      PYTHONPATH: folder,
      PYTHON_DOTENV_DISABLED: '1',
      NLTK_DATA: environment.nltkData,
      TOKENIZERS_PARALLELISM: 'false',
      COLUMNS: '200',
    },
  };
}

/** All there is of an environment for a program that a model wrote, wherever it runs. */
export function programEnvironment(sandbox: Sandbox): Record<string, string> {
  const passed = Object.entries(sandbox.environment).flatMap(([name, value]) =>
    PASSED.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(passed),
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONHASHSEED: '0',
    // Timeouts are measured in time on the clock: one thread for each process.
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
  };
}
