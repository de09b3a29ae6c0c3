import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheRoot } from '../../src/system/paths.ts';

const VERSION = '0.13.9';

/** The installer uv, from the package index where it is not on PATH; null where it cannot be had. */
export async function findUv(): Promise<string | null> {
  const found = await execa('uv', ['--version'], { reject: false });
  if (found.exitCode === 0) return (await execa('sh', ['-c', 'command -v uv'])).stdout;
  const folder = join(cacheRoot(process.env), 'tools', `uv-${VERSION}`);
  const path = join(folder, 'bin', 'uv');
  if (existsSync(path)) return path;
  await execa('python3', ['-m', 'venv', folder], { reject: false });
  await execa(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', `uv==${VERSION}`], {
    reject: false,
  });
  return existsSync(path) ? path : null;
}
