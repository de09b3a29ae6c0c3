import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheRoot } from '../src/system/paths.ts';
import { pypiTools } from './pypi-tools.ts';

const ACTIONLINT = 'v1.7.12';
const ZIZMOR = '1.32.0';

/** The program actionlint, built from source at the pinned version. */
export async function findActionlint(): Promise<string> {
  const folder = join(cacheRoot(process.env), 'tools', `actionlint-${ACTIONLINT}`);
  const path = join(folder, 'actionlint');
  if (existsSync(path)) return path;
  await execa('go', ['install', `github.com/rhysd/actionlint/cmd/actionlint@${ACTIONLINT}`], {
    env: { GOBIN: folder, GOFLAGS: '-modcacherw' },
  });
  return path;
}

/** The program zizmor, from PyPI at the pinned version. */
export async function findZizmor(): Promise<string> {
  return join(await pypiTools(`zizmor-${ZIZMOR}`, [`zizmor==${ZIZMOR}`]), 'bin', 'zizmor');
}
