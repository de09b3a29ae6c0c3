import { existsSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { makeFolder, writeFileAtomic } from '../files/files.ts';
import {
  findFinished,
  findUnproven,
  type KeepOptions,
  type KeptFolder,
  keepFolder,
} from '../kept/keep-folder.ts';
import { packageRoot } from '../paths.ts';
import { type Environment, installerEnvironment } from '../process/child-environment.ts';
import { runGuarded } from '../process/guarded-child.ts';
import { lastWords } from '../process/last-words.ts';
import { startChild } from '../process/start-child.ts';
import { beginEnvironmentCheck, environmentKey, environmentsIn, READ_AT_START } from './environment-key.ts';
import { type EnvironmentSpec, type Install, WORKER_ENVIRONMENT } from './environment-spec.ts';
import { findPython } from './interpreter.ts';
import { isolatedModuleArguments } from './python-command.ts';
import { uvConfiguration } from './uv-configuration.ts';

export interface ManagedPythonOptions {
  /** Folder the environments are kept in, one per set of locks and Python. */
  cache: string;
  environment: Environment;
  /** Told of each step: building takes minutes. */
  note: (text: string) => void;
  signal?: AbortSignal | undefined;
  /** What to build; the workers' environment when left out. */
  spec?: EnvironmentSpec;
  /** Folder with the lock files; the package's own when left out. */
  locks?: string;
  /** Environments that this run has found to differ; see `keepFolder`. */
  refused?: Set<string>;
}

type EnvironmentLocation = Pick<ManagedPythonOptions, 'cache' | 'environment' | 'spec' | 'locks'>;

/**
 * Where our own environment is, and whether it has been built. Whether it is as it was built is not looked at.
 *
 * @throws SosBenchError `python-missing`, `python-unsuitable`.
 */
export async function findManagedPython(
  options: EnvironmentLocation,
): Promise<{ python: string; built: boolean }> {
  const { kept } = await locate(options);
  const [folder] = await findFinished(kept);
  return { python: pythonIn(folder ?? join(kept.home, kept.name)), built: folder !== undefined };
}

function pythonIn(folder: string): string {
  return join(folder, 'bin', 'python');
}

async function locate(options: EnvironmentLocation) {
  const spec = options.spec ?? WORKER_ENVIRONMENT;
  const worker = join(packageRoot(), 'worker');
  const lockFolder = options.locks ?? worker;
  const environment = installerEnvironment(options.environment);
  const base = await findPython(environment, spec.minors);
  const key = environmentKey(spec, lockFolder, base.version);
  const kept: KeptFolder = { home: environmentsIn(options.cache), name: key, what: spec.name };
  return { spec, worker, lockFolder, environment, base, kept };
}

/** The tool that installs: uv where the machine has it, else the environment's own pip. */
interface Installer {
  createEnvironment(): Promise<void>;
  /** Installs what a lock names, and nothing without a hash there. */
  install(install: Install): Promise<void>;
  /** Removes what it kept for itself. */
  tidyUp(): Promise<void>;
}

/**
 * The Python of our own environment, built from the locks on first use, looked at on every later one: see `keepFolder`.
 *
 * @throws SosBenchError `python-missing`, `python-unsuitable`, `environment-failed`, `interrupted`.
 */
export async function managedPython(options: ManagedPythonOptions): Promise<string> {
  const folder = await keepFolder(await keeping(options));
  return pythonIn(folder!);
}

/** A Python that may be used already, while its environment is still being looked at. */
export interface UnprovenPython {
  python: string;
  /** Whether the environment is not as it was built; see `findUnproven`. */
  differs: Promise<boolean>;
}

/**
 * The same, without waiting until all of an environment has been looked at: what Python reads when it starts was. For who uses
 * nothing of what it does before `differs` says no.
 *
 * @throws SosBenchError as `managedPython`.
 */
export async function unprovenPython(
  options: ManagedPythonOptions & { refused: Set<string> },
): Promise<UnprovenPython> {
  const whole = { ...(await keeping(options)), refused: options.refused };
  const unproven = await findUnproven(whole);
  if (unproven === null)
    return { python: pythonIn((await keepFolder(whole))!), differs: Promise.resolve(false) };
  const differs = unproven.difference.then((difference) => difference !== null);
  differs.catch(() => undefined);
  return { python: pythonIn(unproven.path), differs };
}

async function keeping(options: ManagedPythonOptions): Promise<KeepOptions> {
  if (options.locks === undefined) beginEnvironmentCheck(options.cache, [options.spec ?? WORKER_ENVIRONMENT]);
  const { spec, worker, lockFolder, environment, base, kept } = await locate(options);
  return {
    ...kept,
    note: options.note,
    signal: options.signal,
    namesItself: true,
    first: READ_AT_START,
    ...(options.refused === undefined ? {} : { refused: options.refused }),
    build: async (path) => {
      options.note(`Building ${spec.name} in ${path} (once; kept for later runs)`);
      const python = pythonIn(path);
      await build({
        ...options,
        ...{ spec, environment, worker, python },
        locks: lockFolder,
        base: base.path,
        folder: path,
      });
      return { python: base.version };
    },
  };
}

interface Build extends Omit<ManagedPythonOptions, 'environment'> {
  environment: Record<string, string>;
  spec: EnvironmentSpec;
  locks: string;
  worker: string;
  base: string;
  folder: string;
  python: string;
}

async function build(job: Build): Promise<void> {
  if (existsSync('/dev/kfd')) job.note(NO_ROCM);
  await makeFolder(dirname(job.folder), 0o700);
  const { environment } = job;
  const uv = await startChild('uv', ['--version'], { environment }, { reject: false });
  const installer = uv.exitCode === 0 ? withUv(job) : withPip(job);
  try {
    await installer.createEnvironment();
    for (const install of job.spec.installs) {
      if (install.contents !== null) job.note(`Installing ${install.contents}`);
      await installer.install(install);
    }
  } finally {
    await installer.tidyUp();
  }
  await markInstalled(job);
  await installNltkData(job);
  // Installers compile nothing (most of the files are never imported), and what runs later writes nothing: killed, or
  // on a full disk, it must not leave half of a compiled file behind, and what is written later counts as a change.
  job.note('Compiling what is imported');
  await run(job, job.python, ['-I', '-c', job.spec.warmUp]);
  await writeFileAtomic(join(await packagesOf(job), 'sos_bench.pth'), NO_BYTECODE, 0o644);
}

const NO_ROCM =
  'The managed environment has no PyTorch for ROCm: the model will run on the CPU. Name a Python that has it with python';

/** Python runs this line whenever it starts in the environment. */
const NO_BYTECODE = 'import sys; sys.dont_write_bytecode = True\n';

/** Where packages are installed. */
async function packagesOf({ python, environment }: Build): Promise<string> {
  const code = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  return (await startChild(python, ['-I', '-c', code], { environment }, {})).stdout.trim();
}

/** An empty distribution by each name that something only looks for. */
async function markInstalled(job: Build): Promise<void> {
  if (job.spec.markers.length === 0) return;
  const packages = await packagesOf(job);
  for (const { name, version } of job.spec.markers) {
    const info = join(packages, `${name}-${version}.dist-info`);
    await makeFolder(info);
    await writeFileAtomic(
      join(info, 'METADATA'),
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
      0o644,
    );
  }
}

/** Sentences are counted with NLTK data that no dependency carries. */
async function installNltkData(job: Build): Promise<void> {
  const { nltk } = job.spec;
  if (nltk === null) return;
  const wheels = join(job.folder, 'wheels');
  const lock = join(job.locks, nltk.lock);
  await run(job, job.python, isolatedModuleArguments('pip', pinnedDownload(lock, wheels)));
  const folders = [wheels, join(job.folder, 'nltk_data')];
  const result = await run(job, job.python, isolatedModuleArguments('sosbench_worker.nltk_data', folders));
  await rm(wheels, { recursive: true, force: true });
  if (result.exitCode !== 0)
    job.note(
      `NLTK data could not be fetched, so ${nltk.needed} will not run: ${lastWords(result.all ?? '')}`,
    );
}

/** Whatever a configuration says: every file by its hash, and nothing that a package asks for but its lock does not name. */
const BY_HASH = ['--no-deps', '--require-hashes'];
/** To build a package, an installer fetches what it asks for without looking at hashes; ours are installed before. */
const NO_BUILD_TOOLS = '--no-build-isolation';

function withPip(job: Build): Installer {
  return {
    createEnvironment: () =>
      step(
        job,
        job.base,
        ['-I', '-m', 'venv', job.folder],
        'on Debian and Ubuntu: apt-get install python3-venv',
      ),
    install: ({ lock, wheels }) =>
      step(
        job,
        job.python,
        isolatedModuleArguments('pip', [
          ...['install', '--no-compile', '--disable-pip-version-check', '--progress-bar', 'off', ...BY_HASH],
          // What pip downloaded before it hashes again; what it built before it does not.
          ...(wheels ? ['--only-binary', ':all:'] : ['--no-cache-dir', NO_BUILD_TOOLS]),
          ...['-r', join(job.locks, lock)],
        ]),
      ),
    tidyUp: async () => undefined,
  };
}

function withUv(job: Build): Installer {
  // uv believes what its cache holds unpacked, so it gets one of its own.
  const own = `${job.folder}.building`;
  const cache = ['--cache-dir', own];
  return {
    createEnvironment: async () => {
      await rm(own, { recursive: true, force: true });
      // Without --seed, which would fetch a pip by no hash.
      await step(job, 'uv', ['venv', ...cache, '--python', job.base, job.folder]);
    },
    install: ({ lock, wheels }) =>
      step(job, 'uv', [
        ...['pip', 'install', ...cache, '--python', job.python, ...BY_HASH],
        ...(wheels ? ['--only-binary', ':all:'] : [NO_BUILD_TOOLS]),
        ...['-r', join(job.locks, lock)],
      ]),
    tidyUp: () => rm(own, { recursive: true, force: true }),
  };
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

/**
 * Runs a command that ends with us.
 *
 * @throws SosBenchError `interrupted`.
 */
async function run(job: Build, command: string, args: string[]) {
  const { base: python, signal } = job;
  const { variables, contents } = uvConfiguration(job.environment);
  const environment = { ...job.environment, ...variables };
  const result = await runGuarded([command, ...args], { python, environment, contents, signal });
  if (signal?.aborted) throw new SosBenchError('interrupted', `interrupted while building ${job.spec.name}`);
  return result;
}

/**
 * Words for pip that put what a lock file names into a folder, by hash and without what it depends on.
 *
 * @param lock path of a lock file with hashes.
 */
export function pinnedDownload(lock: string, folder: string): string[] {
  return ['download', '--quiet', '--no-deps', '--require-hashes', '-r', lock, '-d', folder];
}
