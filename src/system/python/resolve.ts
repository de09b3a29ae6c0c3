import { resolve } from 'node:path';
import { workerEnvironment } from '../process/child-environment.ts';
import { checkPython } from './external.ts';
import { type ManagedPythonOptions, managedPython, type UnprovenPython, unprovenPython } from './managed.ts';

/**
 * The Python to run workers with: `managed` builds our own environment, anything else is a path (from `cwd`, where the user is) or a name on
 * PATH to check.
 */
export function resolvePython(
  setting: string,
  { cwd, ...options }: ManagedPythonOptions & { cwd: string },
): Promise<string> {
  return setting === 'managed'
    ? managedPython(options)
    : checkPython(pythonPath(setting, cwd), workerEnvironment(options.environment));
}

/** The same, without waiting until our own environment has been looked at; see `unprovenPython`. */
export async function resolveUnproven(
  setting: string,
  options: ManagedPythonOptions & { cwd: string; refused: Set<string> },
): Promise<UnprovenPython> {
  if (setting === 'managed') return await unprovenPython(options);
  return { python: await resolvePython(setting, options), differs: Promise.resolve(false) };
}

/** A `python` setting with its path made absolute; a name without a slash is looked up on PATH. */
export function pythonPath(setting: string, cwd: string): string {
  return setting.includes('/') ? resolve(cwd, setting) : setting;
}
