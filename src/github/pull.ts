import { SosBenchError } from '../error.ts';
import type { Client } from './client.ts';
import { type Pull, readPull, type WorkflowRunContext } from './event.ts';
import type { Need } from './permission.ts';
import { ask } from './post.ts';

/**
 * A pull request by its number.
 *
 * @throws SosBenchError `permission-missing` when the token sees none, and as every request.
 */
export async function fetchPull(client: Client, number: number): Promise<Pull> {
  const need: Need = {
    doing: `read pull request #${number}`,
    permission: { 'pull-requests': 'read' },
    target: `pull request #${number}`,
  };
  return ask(need, async () => {
    const { data } = await client.rest.pulls.get({ ...client.repository, pull_number: number });
    return readPull(data);
  });
}

/**
 * The open pull request that a finished run was for, asked of the API and never taken from an artifact: its head must
 * be the run's, in commit and repository. Null where there is none any more, or the head has moved on.
 *
 * @throws SosBenchError `event-unusable` when several fit (one head, two bases).
 */
export async function findPull(client: Client, source: WorkflowRunContext['source']): Promise<Pull | null> {
  const need: Need = {
    doing: `find the pull request of commit ${source.headSha.slice(0, 12)}`,
    permission: { 'pull-requests': 'read' },
    target: 'the repository',
  };
  const candidates = await ask(need, () => listCandidates(client, source));
  const fitting = candidates.filter(
    ({ state, headSha, headRepository }) =>
      state === 'open' && headSha === source.headSha && headRepository === source.headRepository,
  );
  const [pull, second] = fitting;
  if (pull === undefined || second === undefined) return pull ?? null;
  const numbers = fitting.map(({ number }) => `#${number}`).join(', ');
  throw new SosBenchError('event-unusable', `several pull requests have that head: ${numbers}`, {
    hint: 'close all but one, or report with `pull_request`',
  });
}

/** By branch where there is one; GitHub's list by commit knows a deleted fork's pull requests too. */
async function listCandidates(client: Client, source: WorkflowRunContext['source']): Promise<Pull[]> {
  const owner = source.headRepository?.split('/')[0];
  const found =
    owner !== undefined && source.headBranch !== null
      ? await client.paginate(client.rest.pulls.list, {
          ...client.repository,
          state: 'open',
          head: `${owner}:${source.headBranch}`,
          per_page: 100,
        })
      : await client.paginate(client.rest.repos.listPullRequestsAssociatedWithCommit, {
          ...client.repository,
          commit_sha: source.headSha,
          per_page: 100,
        });
  return found.map(readPull);
}
