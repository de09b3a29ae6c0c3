import { SosBenchError } from '../../error.ts';
import type { Client } from '../client.ts';
import { hasStatus, isUncertain } from '../failure.ts';
import { type Posted, post } from '../post.ts';
import type { Need } from './permission.ts';

export interface RerunRequest {
  /** File name of the workflow: `main.yml`. */
  workflow: string;
  branch: string;
}

/** `running`: it had not ended, so nothing was started. */
export type Rerun = Posted<{ how: 'started' | 'running'; sha: string }>;

interface Run {
  id: number;
  sha: string;
  status: string | null;
  attempt: number;
  url: string;
}

/**
 * Runs the workflow's last run for a push to the branch once more. That keeps its event and commit, so that its record may be
 * a baseline; a dispatched run's may not.
 */
export async function rerunPush(client: Client, { workflow, branch }: RerunRequest): Promise<Rerun> {
  const need: Need = {
    doing: `run ${workflow} again`,
    permission: { actions: 'write' },
    target: `the workflow ${workflow}`,
  };
  return post<{ how: 'started' | 'running'; sha: string }>(need, async () => {
    const run = await lastPush(client, workflow, branch);
    if (run === null) {
      throw new SosBenchError('github-refused', `${workflow} has not run for a push to ${branch} yet`, {
        hint: `push a commit to ${branch}; it is evaluated then`,
      });
    }
    const { sha, url } = run;
    if (run.status !== 'completed') return { posted: true, url, how: 'running', sha };
    try {
      await client.rest.actions.reRunWorkflow({ ...client.repository, run_id: run.id });
    } catch (error) {
      if (hasStatus(error, 403) && /over a month|re-?run/i.test((error as Error).message)) {
        throw new SosBenchError('github-refused', `GitHub will not run ${url} again: it is too old`, {
          hint: `push a commit to ${branch}; it is evaluated then`,
          cause: error,
        });
      }
      if (!isUncertain(error)) throw error;
      // Whether it was started shows in its attempt.
      await client.pause(2);
      const now = await lastPush(client, workflow, branch);
      if (now?.id !== run.id || now.attempt === run.attempt) throw error;
    }
    return { posted: true, url, how: 'started', sha };
  });
}

async function lastPush(client: Client, workflow: string, branch: string): Promise<Run | null> {
  const { data } = await client.rest.actions.listWorkflowRuns({
    ...client.repository,
    workflow_id: workflow,
    branch,
    event: 'push',
    per_page: 1,
  });
  const [run] = data.workflow_runs;
  if (run === undefined) return null;
  return {
    id: run.id,
    sha: run.head_sha,
    status: run.status,
    attempt: run.run_attempt ?? 1,
    url: run.html_url,
  };
}
