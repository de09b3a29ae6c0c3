import { SosBenchError } from '../../error.ts';
import type { Environment } from '../process/child-environment.ts';
import { startChild } from '../process/start-child.ts';

export interface Interpreter {
  path: string;
  /** `3.11.7` */
  version: string;
}

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const PROBE = 'import sys, platform; print(sys.executable); print(platform.python_version())';

/**
 * The first Python on PATH that a lock supports.
 *
 * @param minors the oldest and the newest minor version of Python 3 (null: no newest).
 *
 * @throws SosBenchError `python-missing` or `python-unsuitable`.
 */
export async function findPython(
  environment: Environment,
  minors: { oldest: number; newest: number | null },
): Promise<Interpreter> {
  const wanted =
    minors.newest === null
      ? `Python 3.${minors.oldest} or newer`
      : `a Python from 3.${minors.oldest} to 3.${minors.newest}`;
  const rejected: string[] = [];
  for (const name of CANDIDATES) {
    const found = await probe(name, environment);
    if (found === null) continue;
    if (isSupported(found.version, minors)) return found;
    rejected.push(`${name} is ${found.version}`);
  }
  if (rejected.length > 0) {
    throw new SosBenchError('python-unsuitable', `${wanted} is needed; ${rejected.join(', ')}`, {
      hint: `install ${wanted} and put it on PATH, or name one with --python PATH`,
    });
  }
  throw new SosBenchError('python-missing', 'no Python found on PATH', {
    hint: `install ${wanted} with its venv module, or name one with --python PATH`,
  });
}

/** What the executable says of itself; null where it is missing or no Python. */
export async function probe(executable: string, environment: Environment): Promise<Interpreter | null> {
  const result = await startChild(
    executable,
    ['-I', '-c', PROBE],
    { environment },
    {
      reject: false,
      timeout: 30_000,
    },
  );
  const [path, version] = (result.stdout ?? '').trim().split('\n').slice(-2);
  return result.exitCode === 0 && path && version ? { path, version } : null;
}

function isSupported(
  version: string,
  { oldest, newest }: { oldest: number; newest: number | null },
): boolean {
  const [major, minor = 0] = version.split('.').map(Number);
  return major === 3 && minor >= oldest && minor <= (newest ?? minor);
}
