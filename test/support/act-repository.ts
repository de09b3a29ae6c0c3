import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { type JobResult, makeRepository, OWN_ACTION, readyWorkflow, runWorkflow } from './act.ts';
import { writeAnsweredQuestions } from './answered-questions.ts';
import { testCache } from './cli.ts';
import { makeTinyModel } from './datasets.ts';
import { type EmulatedGitHub, startEmulator } from './emulator.ts';
import { writeArtifactActions } from './fake-artifact-actions.ts';
import { type FakeArtifacts, startFakeArtifacts } from './fake-artifacts.ts';
import { writeCheckoutAction } from './fake-checkout.ts';
import { type FakeGitHub, startFakeGitHub } from './fake-github-proxy.ts';
import { ONE_THREAD } from './process.ts';
import { testPython } from './python.ts';

export interface Comment {
  id: number;
  body: string;
  user: { login: string };
}

export interface ActRun {
  /** File name of the workflow. */
  workflow: string;
  event: string;
  payload: object;
  /** What `./train.sh` makes. */
  model: 'main' | 'damaged';
  /** Commit and branch that the runner says it is on, where that is not the clone's own. */
  sha?: string;
  environment?: Record<string, string>;
  secrets?: Record<string, string>;
}

/** A repository with ready workflows, its GitHub, and two models to train. */
export interface ActRepository {
  folder: string;
  /** The clone on this machine. */
  clone: string;
  models: Record<'main' | 'damaged', string>;
  github: EmulatedGitHub;
  api: FakeGitHub;
  proxy: FakeArtifacts;
  /** Number of the last run. */
  lastRun(): number;
  run(options: ActRun): Promise<Map<string, JobResult>>;
  commitFile(branch: string, path: string, content: string): Promise<string>;
  /** A commit in the clone too, where a job checks it out by its sha; gives that. The branch is made where there is none. */
  commitInClone(branch: string, files: Record<string, string>): Promise<string>;
  tip(branch: string): Promise<string>;
  setBranch(branch: string, sha: string): Promise<void>;
  openPull(branch: string): Promise<number>;
  comments(pull: number): Promise<Comment[]>;
  checks(sha: string): Promise<{ name: string; status: string; conclusion: string | null }[]>;
  close(): Promise<void>;
}

/**
 * Starts the emulated GitHub with what it lacks in front of it, and makes a repository. Its configuration has questions that
 * the main model answers right.
 *
 * @param files ready workflows by the path they get, or their text.
 * @param action what the workflows call our action by.
 */
export async function startActRepository(
  act: string,
  folder: string,
  {
    workflows,
    files = {},
    settings = '',
    questions,
    action = OWN_ACTION,
  }: {
    workflows: string[];
    files?: Record<string, string>;
    settings?: string;
    questions: number;
    action?: string;
  },
): Promise<ActRepository> {
  const clone = join(folder, 'repository');
  const models = { main: join(folder, 'models', 'main'), damaged: join(folder, 'models', 'damaged') };
  const cache = testCache(folder);
  const github = await startEmulator();
  const api = await startFakeGitHub(github.url);
  const proxy = await startFakeArtifacts(api.url);
  const token = await github.appToken();
  const python = await testPython();
  // One that tells questions apart, and one that says the same to all.
  await makeTinyModel(python, models.main, 4);
  await makeTinyModel(python, models.damaged, 1);
  const data = await writeAnsweredQuestions(models.main, folder, questions, cache);
  const config = `model-args: { dtype: float32 }\ndevice: cpu\ndatasets-dir: ${data}\nbenchmarks: [xstest]\n${settings}`;
  await makeRepository(clone, {
    ...Object.fromEntries(workflows.map((name) => [`.github/workflows/${name}`, readyWorkflow(name)])),
    ...files,
    '.github/sos-bench.yml': config,
    'train.sh': '#!/bin/sh\ncp -R "$TRAINED_MODEL" "$2"\n',
  });
  await commitFile('main', '.github/sos-bench.yml', config);
  const actions = {
    ...writeArtifactActions(join(folder, 'actions')),
    ...writeCheckoutAction(join(folder, 'actions'), clone),
  };
  const base = '/repos/octo/models';
  let runs = 1000;

  return {
    folder,
    clone,
    models,
    github,
    api,
    proxy,
    lastRun: () => runs,
    async run({ workflow, event, payload, model, sha, environment = {}, secrets = {} }) {
      const { jobs } = await runWorkflow(act, {
        repository: clone,
        workflow: `.github/workflows/${workflow}`,
        cache: join(folder, 'act'),
        token,
        secrets,
        event: { name: event, payload, runId: ++runs },
        actions: { ...actions, [action]: join(clone, 'sos-bench') },
        environment: {
          ...cache,
          ...ONE_THREAD,
          ...proxy.stepEnvironment(runs),
          GITHUB_API_URL: proxy.url,
          TRAINED_MODEL: models[model],
          ...(sha === undefined ? {} : { SHA_REF: sha, GITHUB_REF: 'refs/heads/main' }),
          ...environment,
        },
      });
      assert.ok(jobs.size > 0, `act ran no job of ${workflow}`);
      return jobs;
    },
    commitFile,
    async commitInClone(branch, changed) {
      const git = (...args: string[]) => execa('git', args, { cwd: clone });
      const isNew = (await git('branch', '--list', branch)).stdout === '';
      await git('switch', '--quiet', ...(isNew ? ['--create'] : []), branch);
      for (const [path, content] of Object.entries(changed)) writeFileSync(join(clone, path), content);
      await git('add', ...Object.keys(changed));
      const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
      await git(...who, 'commit', '--quiet', '-m', branch);
      const { stdout } = await git('rev-parse', 'HEAD');
      await git('switch', '--quiet', 'main');
      if (isNew) await setBranch(branch, await github.tip());
      for (const [path, content] of Object.entries(changed))
        proxy.standIns.set(stdout, await commitFile(branch, path, content));
      return stdout;
    },
    tip: github.tip,
    setBranch,
    async openPull(branch) {
      const body = { title: branch, head: branch, base: 'main' };
      return (await github.api<{ number: number }>('POST', `${base}/pulls`, body)).number;
    },
    comments: (pull) => github.api<Comment[]>('GET', `${base}/issues/${pull}/comments?per_page=100`),
    async checks(sha) {
      const path = `${base}/commits/${known(sha)}/check-runs`;
      const { check_runs: found } = await github.api<{
        check_runs: { name: string; status: string; conclusion: string | null }[];
      }>('GET', path);
      return found.map(({ name, status, conclusion }) => ({ name, status, conclusion }));
    },
    async close() {
      proxy.close();
      api.close();
      await github.close();
    },
  };

  async function commitFile(branch: string, path: string, content: string): Promise<string> {
    const url = `/repos/octo/models/contents/${path}`;
    const known = await github.api<{ sha: string }>('GET', `${url}?ref=${branch}`).catch(() => null);
    const { commit } = await github.api<{ commit: { sha: string } }>('PUT', url, {
      message: `Change ${path}`,
      content: Buffer.from(content).toString('base64'),
      branch,
      ...(known ? { sha: known.sha } : {}),
    });
    return commit.sha;
  }

  /** The commit that the emulator has for one that it does not have. */
  function known(sha: string): string {
    const own = proxy.standIns.get(sha);
    return own === undefined ? sha : known(own);
  }

  /** Makes or moves a branch. */
  async function setBranch(branch: string, sha: string): Promise<void> {
    const refs = '/repos/octo/models/git/refs';
    await github
      .api('POST', refs, { ref: `refs/heads/${branch}`, sha })
      .catch(() => github.api('PATCH', `${refs}/heads/${branch}`, { sha, force: true }));
  }
}
