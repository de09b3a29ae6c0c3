import { z } from 'zod';
import { createClient, GITHUB_API } from '../../github/client.ts';
import { type Check, ok, warn } from '../check.ts';

const GroupsSchema = z.object({
  runner_groups: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      restricted_to_workflows: z.boolean().default(false),
      selected_workflows: z.array(z.string()).default([]),
    }),
  ),
});

const HINT = 'limit the group to selected workflows at a ref: a pull request can bring its own workflow file';

/**
 * Who may send jobs to the runners of this repository. The token of a job may not see that; an organisation owner's may
 * (`admin:org`, or the fine-grained "Self-hosted runners: read").
 */
export async function checkRunnerGroup(environment: Record<string, string | undefined>): Promise<Check[]> {
  const selfHosted =
    environment.GITHUB_ACTIONS === 'true' && environment.RUNNER_ENVIRONMENT === 'self-hosted';
  const groups = await readGroups(environment);
  if (groups === null) {
    return selfHosted
      ? [warn('runner-group', 'this token cannot see which workflows may use the runner group', HINT)]
      : [];
  }
  return groups.map(({ name, restricted_to_workflows, selected_workflows }) => {
    const id = `runner-group ${name}`;
    if (!restricted_to_workflows) return warn(id, `any workflow may use the runner group ${name}`, HINT);
    const loose = selected_workflows.filter((workflow) => !workflow.includes('@'));
    return loose.length > 0
      ? warn(id, `the runner group ${name} takes ${loose.join(', ')} at any ref`, HINT)
      : ok(id, `the runner group ${name} is limited to ${selected_workflows.join(', ') || 'no workflow'}`);
  });
}

/** The organisation's groups that this repository may use; null where they cannot be seen. */
async function readGroups(environment: Record<string, string | undefined>) {
  const token = environment.GITHUB_TOKEN || environment.GH_TOKEN;
  const repository = environment.GITHUB_REPOSITORY;
  if (!token || !repository) return null;
  try {
    const apiUrl = environment.GITHUB_API_URL || GITHUB_API;
    const client = createClient({ token, repository, apiUrl, timeout: 15_000, longestWait: 0 });
    const { owner, repo } = client.repository;
    const { data } = await client.request('GET /orgs/{owner}/actions/runner-groups', {
      owner,
      visible_to_repository: repo,
    });
    return GroupsSchema.parse(data).runner_groups;
  } catch {
    // Forbidden, not there (an account that is not an organisation), no answer: it cannot be seen.
    return null;
  }
}
