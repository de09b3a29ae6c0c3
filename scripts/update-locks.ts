/**
 * Resolves the locks of the workers' environment again, with uv, and writes them: `node scripts/update-locks.ts`. What the locks
 * hold already stays at its version where it still fits.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

const worker = join(import.meta.dirname, '..', 'worker');
const all = join(worker, 'all.lock');
const HEADS = {
  'torch.lock': '# PyTorch and what its builds on PyPI need: CUDA on Linux, CPU and Metal on macOS.\n',
  'requirements.lock': '',
};

const nameOf = (block: string) => /^[\w.-]+/.exec(block)?.[0] ?? '';
const blocksOf = (file: string) =>
  readFileSync(join(worker, file), 'utf8')
    .split(/\n(?=\S)/)
    .filter((block) => /^\w/.test(block))
    .map((block) => block.trimEnd());

/** Both, so that uv finds what there is. */
writeFileSync(all, [...blocksOf('torch.lock'), ...blocksOf('requirements.lock'), ''].join('\n'));
const flags = [
  '--universal',
  '--python-version',
  '3.10',
  '--generate-hashes',
  '--no-header',
  '--no-annotate',
];
await execa('uv', ['pip', 'compile', ...flags, 'requirements.in', 'torch.in', '-o', all], {
  cwd: worker,
  stdio: 'inherit',
});
const resolved = blocksOf('all.lock');
rmSync(all);
/** Of PyTorch: it and what only it needs, by the names on Linux. */
const isOfTorch = (block: string) => /^(torch|triton|setuptools|cuda-|nvidia-)/.test(nameOf(block));
const write = (file: keyof typeof HEADS, blocks: string[]) =>
  writeFileSync(join(worker, file), `${HEADS[file]}${blocks.join('\n')}\n`);
write(
  'torch.lock',
  resolved.filter((block) => isOfTorch(block)),
);
write(
  'requirements.lock',
  resolved.filter((block) => !isOfTorch(block)),
);
