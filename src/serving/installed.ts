import { z } from 'zod';
import { SosBenchError } from '../error.ts';
import { startChild } from '../system/process/start-child.ts';
import { codeArguments } from '../system/python/python-command.ts';

const PACKAGES = ['vllm', 'transformers', 'torch', 'tokenizers', 'peft', 'fastapi', 'uvicorn', 'openai'];
/** Prints versions of packages, as the worker's own `versions.py` finds them. */
const scriptOf = (packages: readonly string[]) => `
import json, platform
from importlib import metadata
found = {"python": platform.python_version()}
for name in ${JSON.stringify(packages)}:
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
`;

/**
 * Versions of what a server is made of, in a Python; absent packages are left out.
 *
 * @throws SosBenchError `python-missing`.
 */
export async function installedForServing(
  python: string,
  environment: Record<string, string>,
): Promise<Record<string, string>> {
  return await installedVersions(PACKAGES, python, environment);
}

/**
 * Versions of packages in a Python, and its own; absent packages are left out.
 *
 * @throws SosBenchError `python-missing`.
 */
export async function installedVersions(
  packages: readonly string[],
  python: string,
  environment: Record<string, string>,
): Promise<Record<string, string>> {
  const result = await startChild(
    python,
    codeArguments(python, scriptOf(packages)),
    { environment },
    { reject: false },
  );
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(result.stdout ?? ''));
  } catch {
    throw new SosBenchError('python-missing', `'${python}' is not a Python that runs`, {
      hint: 'give the path of a Python executable, or leave python at "managed"',
      cause: result,
    });
  }
}

/** What a program would need and this Python lacks. */
export function missingFor(kind: 'vllm' | 'transformers', installed: Record<string, string>): string[] {
  const needed = kind === 'vllm' ? ['vllm'] : ['transformers', 'torch', 'fastapi', 'uvicorn', 'openai'];
  return needed.filter((name) => installed[name] === undefined);
}

/** Whether the vLLM of a Python is the build for processors, which is called so in its version. */
export function isBuiltForCpu({ vllm = '' }: Record<string, string>): boolean {
  return vllm.includes('cpu');
}
