import { join } from 'node:path';
import type { Limits, Sandbox, SandboxJob } from '../../system/sandbox/sandbox.ts';
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

/** A job that runs one of LiveBench's scripts on a copy of `input`. */
export function scriptJob(
  environment: LiveBenchEnvironment,
  sandbox: Sandbox,
  script: string,
  args: readonly string[],
  rest: Pick<SandboxJob, 'input' | 'watch' | 'limits' | 'scratchParent' | 'signal'>,
): SandboxJob {
  const { folder } = environment.checkout;
  const code = join(folder, 'livebench');
  const passed = Object.entries(sandbox.environment).flatMap(([name, value]) =>
    PASSED.test(name) && value !== undefined ? [[name, value] as const] : [],
  );
  return {
    ...rest,
    command: [environment.python, '-u', join(code, script), ...args],
    readOnly: [code, environment.nltkData],
    // LiveBench loads the keys in such a file, and one of its graders asks a model when it has one.
    hidden: [join(code, '.env')],
    environment: {
      ...Object.fromEntries(passed),
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      PYTHONPATH: folder,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONHASHSEED: '0',
      PYTHON_DOTENV_DISABLED: '1',
      NLTK_DATA: environment.nltkData,
      TOKENIZERS_PARALLELISM: 'false',
      // Timeouts are measured in time on the clock: one thread for each process.
      OMP_NUM_THREADS: '1',
      OPENBLAS_NUM_THREADS: '1',
      COLUMNS: '200',
    },
  };
}
