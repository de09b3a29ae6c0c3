import type { Client } from './client.ts';
import type { Need } from './commands/permission.ts';
import { type Pull, readPull, type WorkflowRunContext } from './event.ts';
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
 * The open pull requests that a finished run can have been for, asked of the API and never taken from an artifact: their head must
 * be the run's, in commit and repository. Several where one head goes into several branches, by number; none where there is none any
 * more, or the head has moved on.
 */
export async function findPulls(client: Client, source: WorkflowRunContext['source']): Promise<Pull[]> {
  const need: Need = {
    doing: `find the pull request of commit ${source.headSha.slice(0, 12)}`,
    permission: { 'pull-requests': 'read' },
    target: 'the repository',
  };
  const candidates = await ask(need, () => listCandidates(client, source));
  return candidates
    .filter(
      ({ state, headSha, headRepository }) =>
        state === 'open' && headSha === source.headSha && headRepository === source.headRepository,
    )
    .sort((a, b) => a.number - b.number);
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
