import { SosBenchError } from '../../error.ts';
import type { Environment } from '../process/child-environment.ts';
import { startChild } from '../process/start-child.ts';
import { probe } from './interpreter.ts';
import { codeArguments } from './python-command.ts';

export const HARNESS_VERSION = '0.4.13';

/**
 * Checks a Python the user named: it runs, and has the harness in a version we know.
 *
 * @throws SosBenchError `python-missing` or `python-unsuitable`.
 */
export async function checkPython(path: string, environment: Environment): Promise<string> {
  const interpreter = await probe(path, environment);
  if (interpreter === null) {
    throw new SosBenchError('python-missing', `'${path}' is not a Python that runs`, {
      hint: 'give the path of a Python executable, or leave python at "managed"',
    });
  }
  const script = 'from importlib.metadata import version; print(version("lm_eval"))';
  const result = await startChild(path, codeArguments(path, script), { environment }, { reject: false });
  const found = (result.stdout ?? '').trim();
  if (result.exitCode !== 0) {
    throw new SosBenchError('python-unsuitable', `${path} has no lm-evaluation-harness`, {
      hint: `run: ${path} -m pip install 'lm_eval[hf,math,ifeval,api]==${HARNESS_VERSION}'`,
    });
  }
  if (found !== HARNESS_VERSION) {
    throw new SosBenchError('python-unsuitable', `${path} has lm-eval ${found}, not ${HARNESS_VERSION}`, {
      hint: `run: ${path} -m pip install 'lm_eval[hf,math,ifeval,api]==${HARNESS_VERSION}', or use python: managed`,
    });
  }
  return interpreter.path;
}
