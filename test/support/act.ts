import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { ACTIONS } from '../../src/settings/action-inputs.ts';
import { cacheRoot } from '../../src/system/paths.ts';

const VERSION = 'v0.2.87';
const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM = ['package.json', 'dist', 'worker', 'tasks'];
/** What a checkout of this repository gives an action. */
const ACTION_FILES = [...ACTIONS.map((action) => (action === '.' ? 'action.yml' : action)), ...PROGRAM];

/** Every runner is this machine. */
const PLATFORMS = ['ubuntu-latest', 'self-hosted', 'gpu'].flatMap((label) => ['-P', `${label}=-self-hosted`]);

/** One line of act's log. */
interface LogLine {
  jobID?: string;
  stepID?: string[];
  command?: string;
  name?: string;
  arg?: string;
  content?: string;
  msg?: string;
  jobResult?: string;
  raw_output?: boolean;
  kvPairs?: Record<string, string>;
}

/** What a job of a workflow told the runner. */
export interface JobResult {
  result: string | undefined;
  outputs: Record<string, string>;
  summary: string;
  errors: { title: string | undefined; text: string }[];
  warnings: string[];
  log: string;
}

/** The workflow runner act, built from source where there is Go; null where neither can be had. */
export async function findAct(): Promise<string | null> {
  const found = await execa('act', ['--version'], { reject: false });
  if (found.exitCode === 0) return 'act';
  const folder = join(cacheRoot(process.env), 'tools', `act-${VERSION}`);
  const path = join(folder, 'act');
  if (existsSync(path)) return path;
  // Without Docker support there are fewer packages to have and to build.
  const built = await execa(
    'go',
    ['install', '-tags', 'WITHOUT_DOCKER', `github.com/nektos/act@${VERSION}`],
    {
      env: { GOBIN: folder, GOFLAGS: '-modcacherw' },
      reject: false,
    },
  );
  return built.exitCode === 0 && existsSync(path) ? path : null;
}

/** A repository that has this action in `sos-bench`, and these files. */
export async function makeRepository(folder: string, files: Record<string, string>): Promise<void> {
  for (const name of ACTION_FILES)
    cpSync(join(ROOT, name), join(folder, 'sos-bench', name), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
  }
  const git = (...args: string[]) =>
    execa('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: folder });
  await git('init', '--quiet');
  await git('add', '--all');
  await git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '-m', 'start');
}

export interface WorkflowRun {
  repository: string;
  /** Path of the workflow in the repository. */
  workflow: string;
  cache: string;
  environment: Record<string, string>;
  /** Event and payload; a push without one where left out. */
  event?: { name: string; payload: object; runId: number };
  /** GITHUB_TOKEN. */
  token?: string;
  secrets?: Record<string, string>;
  /** Folders that stand for actions of others. */
  actions?: Record<string, string>;
}

/** Runs a workflow in host mode, one job at a time, under Node 24. */
export async function runWorkflow(
  act: string,
  { repository, workflow, cache, environment, event, token, secrets = {}, actions = {} }: WorkflowRun,
): Promise<{ exitCode: number | undefined; jobs: Map<string, JobResult> }> {
  const { PATH, HOME } = process.env;
  const values = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const { exitCode, stdout } = await execa(
    act,
    [
      [event?.name ?? 'push', '-W', workflow, ...PLATFORMS, '--json', ...eventFlags()],
      ['--action-cache-path', cache, '--no-cache-server', '--concurrent-jobs', '1', '--rm', ...values],
      ['--env', 'GITHUB_REPOSITORY=octo/models'],
      token === undefined ? [] : ['-s', `GITHUB_TOKEN=${token}`],
      Object.entries(secrets).flatMap(([name, value]) => ['-s', `${name}=${value}`]),
      Object.entries(actions).flatMap(([name, folder]) => ['--local-repository', `${name}=${folder}`]),
      // Else a checkout without a ref would be a copy of the folder that act was started in.
      Object.keys(actions).some((name) => name.startsWith('actions/checkout@')) ? ['--no-skip-checkout'] : [],
    ].flat(),
    {
      cwd: repository,
      env: {
        PATH: `${join(ROOT, 'node_modules', 'node', 'bin')}:${PATH}`,
        HOME,
        NO_COLOR: '1',
        FORCE_COLOR: '0',
        ...environment,
      },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      all: true,
    },
  );
  return { exitCode, jobs: readJobs(stdout) };

  function eventFlags(): string[] {
    if (event === undefined) return [];
    const path = join(cache, `event-${event.runId}.json`);
    mkdirSync(cache, { recursive: true });
    writeFileSync(path, JSON.stringify(event.payload));
    return ['-e', path, '--env', `GITHUB_RUN_ID=${event.runId}`];
  }
}

function readJobs(log: string): Map<string, JobResult> {
  const jobs = new Map<string, JobResult>();
  for (const text of log.split('\n').filter((line) => line.startsWith('{'))) {
    const line = JSON.parse(text) as LogLine;
    if (line.jobID === undefined) continue;
    const job = jobs.get(line.jobID) ?? {
      result: undefined,
      outputs: {},
      summary: '',
      errors: [],
      warnings: [],
      log: '',
    };
    jobs.set(line.jobID, job);
    if (line.jobResult !== undefined) job.result = line.jobResult;
    if (line.command === 'set-output') job.outputs[line.name ?? ''] = line.arg ?? '';
    else if (line.command === 'summary') job.summary += line.content ?? '';
    else if (line.command === 'error') job.errors.push({ title: line.kvPairs?.title, text: line.arg ?? '' });
    else if (line.command === 'warning') job.warnings.push(line.arg ?? '');
    if (line.raw_output) job.log += line.msg ?? '';
  }
  return jobs;
}

/** Where a ready workflow finds our action: `actions: {[OWN_ACTION]: FOLDER/sos-bench}`. */
export const OWN_ACTION = 'octo/sos-bench@v1';

/** A ready workflow of docs/workflows as a user adopts it. */
export function readyWorkflow(name: string): string {
  const [repository, ref] = OWN_ACTION.split('@');
  return readFileSync(join(ROOT, 'docs', 'workflows', name), 'utf8').replaceAll(
    /OWNER\/REPO(\/[\w-]+)?@REF/g,
    (_, part = '') => `${repository}${part}@${ref}`,
  );
}
