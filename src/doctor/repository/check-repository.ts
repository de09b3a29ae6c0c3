import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { createClient, GITHUB_API } from '../../github/client.ts';
import { type Check, fail, ok, warn } from '../check.ts';
import { checkRunnerGroup } from '../github/check-runner-group.ts';
import { askGitHub } from './ask-github.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkRules } from './check-rules.ts';
import { checkRunners, checkSecrets, checkSettings } from './check-settings.ts';
import { checkWorkflows } from './check-workflows.ts';
import { findNeeds, type RepositoryNeeds } from './find-needs.ts';

const RepositorySchema = z.object({ default_branch: z.string(), private: z.boolean().default(false) });

/**
 * Looks at what `sos-bench init` leaves to set in a repository on GitHub; changes nothing there.
 *
 * @param workflows of the checkout that stands here, parsed.
 * @param apiUrl of the server that the checkout has this repository from; null where that is github.com, or not known.
 */
export async function checkRepository({
  repository,
  environment,
  workflows,
  apiUrl: server = null,
}: {
  repository: string;
  environment: Record<string, string | undefined>;
  workflows: Parameters<typeof findNeeds>[0];
  apiUrl?: string | null;
}): Promise<Check[]> {
  // The token of one server is nothing for another.
  if (server !== null && !environment.GITHUB_API_URL)
    return [
      fail(
        'repository',
        `the remote of this checkout is on ${new URL(server).host}: nothing was asked of ${new URL(GITHUB_API).host}`,
        `set GITHUB_API_URL=${server}; where that is only a name that SSH has for github.com, GITHUB_API_URL=${GITHUB_API}`,
      ),
    ];
  const token = environment.GITHUB_TOKEN || environment.GH_TOKEN || null;
  const apiUrl = environment.GITHUB_API_URL || GITHUB_API;
  let client: ReturnType<typeof createClient>;
  try {
    client = createClient({ token, repository, apiUrl, timeout: 15_000, longestWait: 0 });
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return [fail('repository', error.message, error.hint ?? 'check --repository and GITHUB_TOKEN')];
  }
  const seen = await askGitHub(client, 'GET /repos/{owner}/{repo}', RepositorySchema);
  if (seen.is !== 'there')
    return [
      fail(
        'repository',
        `${repository} is not to be seen${token === null ? ' without a token' : ''}`,
        'check the name, the network, and the token: GITHUB_TOKEN="$(gh auth token)"',
      ),
    ];
  const needs = findNeeds(workflows);
  const { default_branch: branch, private: isPrivate } = seen.value;
  const here =
    needs.files.length === 0
      ? fail(
          'repository',
          'no workflow here uses SOS-Bench',
          "start it in a checkout of the repository; 'sos-bench init' writes workflows",
        )
      : ok('repository', `${repository}, whose default branch is ${branch}`);
  return [
    here,
    ...(await checkWorkflows(client, branch, needs)),
    ...checkPermissions(workflows),
    ...(await checkRules(client, branch, needs)),
    ...(await checkSettings(client, isPrivate)),
    ...(await checkSecrets(client, needs)),
    ...(await checkRunners(client, needs)),
    ...(await checkGroups(needs, { ...environment, GITHUB_REPOSITORY: repository })),
  ];
}

async function checkGroups(
  { groups }: RepositoryNeeds,
  environment: Record<string, string | undefined>,
): Promise<Check[]> {
  if (groups.length === 0) return [];
  const seen = await checkRunnerGroup(environment);
  return groups.map((name) => {
    const id = `runner-group ${name}`;
    const found = seen.find((check) => check.id === id);
    if (found !== undefined) return found;
    return seen.some((check) => check.id.startsWith('runner-group '))
      ? fail(
          id,
          `there is no runner group ${name} that this repository may use`,
          'organisation settings, Actions, Runner groups',
        )
      : warn(
          id,
          `this token cannot see the runner group ${name}`,
          "a token of an organisation's owner shows it",
        );
  });
}
