import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COMPLETE } from '../kept/manifest.ts';
import { packageRoot } from '../paths.ts';

/** Nothing from variables, the user's packages or the folder it is started in. */
const ISOLATED = ['-I'];
/** No compiled files left behind, and what is printed is seen at once; by words, since `-I` takes no variables. */
const PLAIN = ['-B', '-u'];

/** Whether a Python is one of our own environments', which needs nothing from outside of it. */
export function isManaged(python: string): boolean {
  return existsSync(join(dirname(dirname(python)), COMPLETE));
}

/** Arguments with which a Python runs a module, ours or one of its packages', and finds none in the folder it is started in. */
export function moduleArguments(python: string, module: string, args: readonly string[] = []): string[] {
  return [...flagsOf(python), launchScript(), module, ...args];
}

/** The same where a user's launcher has to start it in the user's folder: it goes elsewhere by itself. */
export function launchedModuleArguments(
  python: string,
  module: string,
  args: readonly string[] = [],
): string[] {
  return [...flagsOf(python), launchScript(), '--elsewhere', module, ...args];
}

/** Arguments with which a Python runs a piece of code. */
export function codeArguments(python: string, code: string, args: readonly string[] = []): string[] {
  return [...flagsOf(python), '-c', code, ...args];
}

/** Arguments of a Python for a module that needs nothing but that Python's own packages, such as pip in an environment being built. */
export function isolatedModuleArguments(module: string, args: readonly string[] = []): string[] {
  return [...ISOLATED, ...PLAIN, launchScript(), module, ...args];
}

function flagsOf(python: string): string[] {
  return isManaged(python) ? [...ISOLATED, ...PLAIN] : PLAIN;
}

function launchScript(): string {
  return join(packageRoot(), 'worker', 'launch.py');
}
