import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheRoot } from '../../src/system/paths.ts';

const VERSION = 'v0.2.87';
const ROOT = join(import.meta.dirname, '..', '..');
/** What a checkout of this repository gives an action. */
const ACTION_FILES = ['action.yml', 'package.json', 'dist', 'worker', 'tasks'];

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

/** A repository that has this action in `sos-bench` and one workflow. */
export async function makeRepository(folder: string, workflow: string): Promise<void> {
  for (const name of ACTION_FILES)
    cpSync(join(ROOT, name), join(folder, 'sos-bench', name), { recursive: true });
  const workflows = join(folder, '.github', 'workflows');
  mkdirSync(workflows, { recursive: true });
  cpSync(join(ROOT, 'test', 'fixtures', 'workflows', workflow), join(workflows, workflow));
  const git = (...args: string[]) =>
    execa('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: folder });
  await git('init', '--quiet');
  await git('add', '--all');
  await git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '-m', 'start');
}

/** Runs a workflow in host mode, one job at a time, under Node 24. */
export async function runWorkflow(
  act: string,
  options: { repository: string; workflow: string; cache: string; environment: Record<string, string> },
): Promise<{ exitCode: number | undefined; jobs: Map<string, JobResult> }> {
  const { repository, workflow, cache, environment } = options;
  const { PATH, HOME } = process.env;
  const values = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const { exitCode, stdout } = await execa(
    act,
    [
      ['push', '-W', join('.github', 'workflows', workflow), '-P', 'ubuntu-latest=-self-hosted', '--json'],
      ['--action-cache-path', cache, '--no-cache-server', '--concurrent-jobs', '1', '--rm', ...values],
      ['--env', 'GITHUB_REPOSITORY=octo/models'],
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
}

function readJobs(log: string): Map<string, JobResult> {
  const jobs = new Map<string, JobResult>();
  for (const text of log.split('\n').filter((line) => line.startsWith('{'))) {
    const line = JSON.parse(text) as LogLine;
    if (line.jobID === undefined) continue;
    const job = jobs.get(line.jobID) ?? { result: undefined, outputs: {}, summary: '', errors: [], log: '' };
    jobs.set(line.jobID, job);
    if (line.jobResult !== undefined) job.result = line.jobResult;
    if (line.command === 'set-output') job.outputs[line.name ?? ''] = line.arg ?? '';
    else if (line.command === 'summary') job.summary += line.content ?? '';
    else if (line.command === 'error') job.errors.push({ title: line.kvPairs?.title, text: line.arg ?? '' });
    if (line.raw_output) job.log += line.msg ?? '';
  }
  return jobs;
}
