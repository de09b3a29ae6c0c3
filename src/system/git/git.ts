import { type Environment, workerEnvironment } from '../process/child-environment.ts';
import { startChild } from '../process/start-child.ts';

/**
 * What a repository's own configuration, which lies in the workspace, could have git run: monitors, hooks, helpers, pagers, viewers and
 * signers. A setting of the command line wins over it.
 */
const SETTINGS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'core.pager=cat',
  'core.editor=false',
  'core.askPass=true',
  'core.sshCommand=ssh -oBatchMode=yes',
  'core.gitProxy=',
  'credential.helper=',
  'credential.interactive=false',
  'diff.external=',
  'gpg.program=false',
  'gpg.openpgp.program=false',
  'gpg.x509.program=false',
  'gpg.ssh.program=false',
  'log.showSignature=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'safe.bareRepository=explicit',
  // History is read from the commits, not from a file that says what they are.
  'core.commitGraph=false',
];

const VARIABLES = {
  GIT_NO_REPLACE_OBJECTS: '1',
  // Replaces parents, as replacement objects do; there is no such file.
  GIT_GRAFT_FILE: '/nonexistent/grafts',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: 'true',
  GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
  GIT_PAGER: 'cat',
  // What a partial clone lacks is not fetched on the way: its configuration says from where and by what.
  GIT_NO_LAZY_FETCH: '1',
  LC_ALL: 'C',
};

/** Ways that git may reach another repository by: none, unless it is to fetch. */
const PROTOCOLS = { ask: '', fetch: 'https:http:ssh:git:file' };

export interface GitOptions {
  /** Milliseconds; ten seconds where left out. */
  timeout?: number;
  /** Whether it may reach another repository. */
  mayFetch?: boolean;
  /** Further settings, as `-c` takes them. */
  settings?: readonly string[];
  signal?: AbortSignal | undefined;
}

export interface GitResult {
  /** Undefined where there is no git, or it did not answer in time. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** `ENOENT` where there is no git. */
  code?: string;
}

/**
 * Runs git on a repository, without the tokens of the environment and without anything that the repository's own configuration could have
 * it run. Only what reads commits, trees and objects is to be asked of a repository in the workspace: what looks at its files also
 * applies its filters.
 *
 * @param folder in the repository.
 */
export async function runGit(
  args: readonly string[],
  folder: string,
  environment: Environment,
  options: GitOptions = {},
): Promise<GitResult> {
  const { timeout = 10_000, mayFetch = false, settings = [], signal } = options;
  const result = await startChild(
    'git',
    [...leadingWords(folder, settings), ...args],
    { environment: variablesOf(environment, mayFetch) },
    {
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
      timeout,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    },
  );
  return {
    exitCode: result.exitCode,
    stdout: result.stdout ?? '',
    stderr: result.stderr ?? '',
    timedOut: result.timedOut,
    ...(result.code === undefined ? {} : { code: result.code }),
  };
}

/**
 * Settings that switch off every filter a repository (or the machine) has: git runs them on each file that it compares with a commit.
 * For what has to look at the files of a checkout.
 */
export async function settingsWithoutFilters(folder: string, environment: Environment): Promise<string[]> {
  const { stdout } = await runGit(
    ['config', '--null', '--name-only', '--get-regexp', '^filter\\.'],
    folder,
    environment,
  );
  const filters = new Set(
    stdout.split('\0').flatMap((name) => /^(filter\..*)\.[^.]+$/s.exec(name)?.[1] ?? []),
  );
  return [...filters].flatMap((filter) => [
    ...['clean', 'smudge', 'process'].map((what) => `${filter}.${what}=`),
    `${filter}.required=false`,
  ]);
}

function leadingWords(folder: string, settings: readonly string[]): string[] {
  return ['--no-pager', ...[...SETTINGS, ...settings].flatMap((value) => ['-c', value]), '-C', folder];
}

function variablesOf(environment: Environment, mayFetch: boolean): Environment {
  return {
    ...workerEnvironment(environment),
    ...VARIABLES,
    GIT_ALLOW_PROTOCOL: mayFetch ? PROTOCOLS.fetch : PROTOCOLS.ask,
  };
}

/** No tree or file that judges is larger. */
const MAX_OBJECT_BYTES = 256 * 2 ** 20;

/**
 * The bytes of an object, as the repository has them: not checked against its name. Null where there is none of that type.
 *
 * @param folder in the repository, whoever owns it: nothing but an object is read.
 */
export async function readGitObject(
  type: 'commit' | 'tree' | 'blob',
  id: string,
  folder: string,
  environment: Environment,
): Promise<Buffer | null> {
  const { exitCode, stdout } = await startChild(
    'git',
    [...leadingWords(folder, ['safe.directory=*']), 'cat-file', type, id],
    { environment: variablesOf(environment, false) },
    {
      reject: false,
      stdin: 'ignore',
      stripFinalNewline: false,
      encoding: 'buffer',
      timeout: 60_000,
      maxBuffer: MAX_OBJECT_BYTES,
    },
  );
  return exitCode === 0 && stdout !== undefined ? Buffer.from(stdout) : null;
}

/** Commit and branch checked out in `cwd`; nulls outside a repository or without git. */
export async function gitOrigin(
  cwd: string,
  environment: Environment,
): Promise<{ commit: string | null; branch: string | null }> {
  const ask = async (...args: string[]) => (await askGit(args, cwd, environment)).stdout?.trim() || null;
  const [commit, branch] = await Promise.all([
    ask('rev-parse', '--verify', 'HEAD'),
    ask('symbolic-ref', '--short', 'HEAD'),
  ]);
  return { commit, branch };
}

/**
 * Asks git in a folder.
 *
 * @returns what it prints, as it is; null where it fails. The exit code is undefined where there is no git.
 */
export async function askGit(
  args: readonly string[],
  cwd: string,
  environment: Environment,
  options: GitOptions = {},
): Promise<{ exitCode: number | undefined; stdout: string | null }> {
  const { exitCode, stdout } = await runGit(args, cwd, environment, options);
  return { exitCode, stdout: exitCode === 0 ? stdout : null };
}
