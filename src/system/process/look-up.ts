import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { isInWorkspace } from '../files/workspace.ts';
import type { Environment } from './child-environment.ts';

/** What stands in for a program that only the workspace has: the system finds nothing there, and says so. */
const NOWHERE = '/nonexistent';

/**
 * The program that a name stands for: the first on PATH that does not lie in the workspace or come from there by a link. A path, and a
 * name that is not found, stay as they are.
 */
export function lookUp(name: string, environment: Environment): string {
  if (name.includes('/')) return name;
  const candidates = (environment.PATH ?? '')
    .split(':')
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .filter(isProgram);
  if (candidates.length === 0) return name;
  return candidates.find((path) => !isInWorkspace(path)) ?? join(NOWHERE, name);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
