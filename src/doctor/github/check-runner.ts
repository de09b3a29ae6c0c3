import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fieldsOfStat } from '../../system/process/process-stat.ts';
import { type Check, fail, ok, warn } from '../check.ts';

const OLDEST = '2.327.1';
const PROGRAMS = ['Runner.Worker', 'Runner.Listener'];

interface Runtime {
  environment: Record<string, string | undefined>;
  pid: number;
  /** `/proc`, where there is one. */
  processes?: string;
}

/** The GitHub runner that this process runs under: whether it knows node24. */
export function checkRunner({ environment, pid, processes = '/proc' }: Runtime): Check[] {
  if (environment.GITHUB_ACTIONS !== 'true') return [];
  return [checkVersion(findRunner(pid, processes))];
}

const KEPT_HINT =
  'release gates need a runner that is made for one job (ephemeral), or a runner group of their own that pull requests cannot use; docs/gpu.md#cached-environments';

/**
 * Whether what a job leaves on this machine is there for later ones: what a run finds in the cache is looked at, but code
 * that ran here before could have changed what looks.
 */
export function checkEphemeral({ environment, pid, processes = '/proc' }: Runtime): Check[] {
  if (environment.GITHUB_ACTIONS !== 'true' || environment.RUNNER_ENVIRONMENT !== 'self-hosted') return [];
  const id = 'runner-ephemeral';
  switch (findRunner(pid, processes)?.ephemeral ?? null) {
    case true:
      return [ok(id, 'the runner takes this one job and ends')];
    case false:
      return [
        warn(
          id,
          'the runner takes many jobs: later ones find what this one leaves on the machine',
          KEPT_HINT,
        ),
      ];
    case null:
      return [
        warn(id, 'this machine does not say whether the runner takes more than this one job', KEPT_HINT),
      ];
  }
}

function checkVersion(runner: Runner | null): Check {
  if (runner === null)
    return warn(
      'runner',
      'the runner cannot be found',
      `it has to be ${OLDEST} or newer, which knows node24`,
    );
  const name = runner.version === null ? 'the runner' : `runner ${runner.version}`;
  const knows = runner.version === null ? runner.hasNode24 : atLeast(runner.version, OLDEST);
  return knows
    ? ok('runner', `${name} knows node24`)
    : fail(
        'runner',
        `${name} does not know node24, which the action runs on`,
        `update it to ${OLDEST} or newer`,
      );
}

interface Runner {
  version: string | null;
  hasNode24: boolean;
  /** Whether it takes one job and ends; null where its settings cannot be read. */
  ephemeral: boolean | null;
}

/** Looks among the processes above this one. The runner updates itself into folders named `bin.2.327.1`. */
function findRunner(pid: number, processes: string): Runner | null {
  try {
    for (let current = pid; current > 1; current = parentOf(current, processes)) {
      const program = readlinkSync(join(processes, String(current), 'exe'));
      if (!PROGRAMS.includes(basename(program))) continue;
      const bin = existsSync(program) ? realpathSync(dirname(program)) : dirname(program);
      const root = dirname(bin);
      const version = /(\d+\.\d+\.\d+)/.exec(`${basename(bin)} ${basename(root)}`)?.[1] ?? null;
      const hasNode24 = readdirSync(join(root, 'externals')).some((name) => name.startsWith('node24'));
      return { version, hasNode24, ephemeral: isEphemeral(root) };
    }
  } catch {
    // Another user's process, or no /proc: it cannot be told.
  }
  return null;
}

/** By the file of settings that the runner's configuration leaves; it begins with a byte order mark. */
function isEphemeral(root: string): boolean | null {
  try {
    const settings = JSON.parse(readFileSync(join(root, '.runner'), 'utf8').replace(/^\uFEFF/, ''));
    return Object.entries(settings).some(([name, value]) => /^ephemeral$/i.test(name) && value === true);
  } catch {
    return null;
  }
}

function parentOf(pid: number, processes: string): number {
  const status = readFileSync(join(processes, String(pid), 'stat'), 'utf8');
  return Number(fieldsOfStat(status)[1]);
}

function atLeast(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split('.').map(Number));
  const differing = a!.findIndex((part, index) => part !== b![index]);
  return differing < 0 || a![differing]! > b![differing]!;
}
