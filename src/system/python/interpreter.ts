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

/** The first candidate, asked before it is known whether its answer is wanted; by the PATH it was found on. */
let early: { path: string | undefined; found: Promise<Interpreter | null> } | null = null;

/**
 * Begins to ask the first Python on PATH for its version, while the rest of a program is still being loaded: a launcher such as
 * pyenv's takes as long as that. `findPython` uses the answer once. Never fails.
 */
export function beginFindPython(environment: Environment): void {
  try {
    const found = probe(CANDIDATES[0]!, environment);
    // Whoever waits for it hears of a failure.
    found.catch(() => undefined);
    early = { path: environment.PATH, found };
  } catch {
    // What cannot be asked now is asked, and told, when it is wanted.
  }
}

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
    const found = await takeProbe(name, environment);
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

/** The answer to what was asked early, where this is the same question; else it is asked now. */
async function takeProbe(name: string, environment: Environment): Promise<Interpreter | null> {
  const begun = name === CANDIDATES[0] && early?.path === environment.PATH ? early : null;
  if (begun !== null) early = null;
  return await (begun?.found ?? probe(name, environment));
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
