import { type Check, fail, ok } from '../check.ts';

const OLDEST = [20, 19] as const;

/** @param version as `process.versions.node` has it. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
    ? ok('node', `Node ${version}`)
    : fail('node', `Node ${version} is too old`, `install Node ${OLDEST.join('.')} or newer`);
}
