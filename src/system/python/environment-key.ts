import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beginFolderCheck } from '../kept/early-check.ts';
import { packageRoot } from '../paths.ts';
import type { EnvironmentSpec } from './environment-spec.ts';

/** Changes when what is made of the same locks does. */
const FORMAT = 2;

/** Folders of an environment that Python reads whenever it starts: what lies there runs before anything is imported. */
export const READ_AT_START = /^(bin|lib|lib\/python3\.\d+(\/site-packages)?)?$/;

/** Where environments are kept in the cache. */
export function environmentsIn(cache: string): string {
  return join(cache, 'python');
}

/**
 * What an environment is called: the same for the same locks, Python and kind of machine.
 *
 * @param locks folder of the lock files.
 * @param version of Python, such as 3.11.7.
 */
export function environmentKey(spec: EnvironmentSpec, locks: string, version: string): string {
  const names = [...spec.installs.map(({ lock }) => lock), ...(spec.nltk === null ? [] : [spec.nltk.lock])];
  const contents = names.map((name) => readFileSync(join(locks, name), 'utf8'));
  const minor = version.split('.').slice(0, 2).join('.');
  return createHash('sha256')
    .update([FORMAT, ...contents, minor, process.platform, process.arch].join('\0'))
    .digest('hex')
    .slice(0, 16);
}

/** Begins to look at the first environment found of some specs, before it is known which Python there is. Never fails. */
export function beginEnvironmentCheck(cache: string, specs: readonly EnvironmentSpec[]): void {
  try {
    const home = environmentsIn(cache);
    for (const name of readdirSync(home)) {
      const path = join(home, name);
      const complete = join(path, 'complete.json');
      // Reading a pipe would never end.
      if (!statSync(complete, { throwIfNoEntry: false })?.isFile()) continue;
      if (existsSync(join(path, 'differs.json'))) continue;
      const { python } = JSON.parse(readFileSync(complete, 'utf8'));
      const locks = join(packageRoot(), 'worker');
      const keys = specs.map((spec) => environmentKey(spec, locks, String(python)));
      // One of them: with several Pythons the other is looked at when it is wanted.
      if (!keys.includes(name.replace(/-\d+$/, ''))) continue;
      beginFolderCheck(path, READ_AT_START);
      return;
    }
  } catch {
    // What cannot be read now is looked at, and told, when it is wanted.
  }
}
