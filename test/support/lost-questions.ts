import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunRecord } from '../../src/record/schema.ts';
import { eventEnvironment, pullPayload } from './events.ts';
import type { CheckSeen, TestGitHub } from './github.ts';
import { runStep, type StepResult, startStep } from './runner.ts';

let runs = 0;

/** A pull request of an emulated repository, and a workspace in which it is evaluated and reported on. */
export interface TestChange {
  workspace: string;
  headSha: string;
  branch: string;
  /** Writes files of its checkout. */
  write(files: Readonly<Record<string, string>>): void;
  /** Writes a file on its branch, which moves its head. */
  push(path: string, content: string): Promise<void>;
  /** Starts a built action for it. */
  start(
    action: string,
    inputs: Readonly<Record<string, string>>,
    variables?: Readonly<Record<string, string>>,
  ): Promise<StepResult & { check: CheckSeen | undefined }>;
}

/** @param folder outside of every workspace. */
export async function openChange(
  github: TestGitHub,
  { workspace, folder, base }: { workspace: string; folder: string; base: string },
): Promise<TestChange> {
  const run = 7000 + ++runs;
  const branch = `lost-${run}`;
  const pull = await github.emulator.openPull(branch);
  const change: TestChange = {
    workspace,
    headSha: pull.headSha,
    branch,
    write(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(workspace, name)), { recursive: true });
        writeFileSync(join(workspace, name), content, { mode: 0o755 });
      }
    },
    async push(path, content) {
      pull.headSha = await putFile(github, path, content, branch);
      change.headSha = pull.headSha;
    },
    async start(action, inputs, variables = {}) {
      const payload = pullPayload(pull, base, { head: { ref: branch } });
      const step = {
        workspace,
        action,
        inputs,
        environment: {
          ...eventEnvironment(folder, { name: 'pull_request', payload, run }),
          GITHUB_API_URL: github.proxy.url,
          ...variables,
        },
      };
      const result = await (action === 'report' ? runStep(step) : startStep(step).result);
      return { ...result, check: (await github.checks(pull.headSha)).at(-1) };
    },
  };
  return change;
}

/** Writes a file on a branch of the emulated repository; gives the commit. */
export async function putFile(
  github: TestGitHub,
  path: string,
  content: string,
  branch: string,
): Promise<string> {
  const url = `/repos/octo/models/contents/${path}`;
  const { sha } = await github.emulator
    .api<{ sha?: string }>('GET', `${url}?ref=${branch}`)
    .catch(() => ({ sha: undefined }));
  const { commit } = await github.emulator.api<{ commit: { sha: string } }>('PUT', url, {
    ...{ message: path, branch, content: Buffer.from(content).toString('base64') },
    ...(sha === undefined ? {} : { sha }),
  });
  return commit.sha;
}

/** Whatever was tried: not passed, and a check that blocks. */
export function assertBlocked({ exitCode, check, stdout }: Awaited<ReturnType<TestChange['start']>>): void {
  assert.notEqual(exitCode, 0, stdout);
  assert.ok(check, `no check was set: ${stdout}`);
  assert.equal(check.status, 'completed', stdout);
  assert.ok(
    ['failure', 'action_required'].includes(check.conclusion ?? ''),
    `${check.conclusion}: ${stdout}`,
  );
}

/** The verdict of a report, without what differs from one run to the next. */
export function verdictOf({ outputs, stdout }: StepResult): object {
  const folder = outputs['report-path'];
  assert.ok(folder, stdout);
  const verdict = JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as Record<string, unknown>;
  const { records, ...rest } = verdict;
  return rest;
}

/** Says in a record how it was evaluated. */
export function tell(settings: Readonly<Record<string, { value: string; from: string }>>) {
  return (record: RunRecord): void => {
    record.asked = { commit: null, settings: settings as NonNullable<RunRecord['asked']>['settings'] };
  };
}
