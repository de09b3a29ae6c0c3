import type { ApiClient } from './git-data.ts';

export const GITHUB_API = 'https://api.github.com';

/** A plain API client; without a token it can read what is public. */
export async function connectGitHub(
  token: string | undefined,
  apiUrl: string = GITHUB_API,
): Promise<ApiClient> {
  // Loaded where it is needed: a store in a folder has no use for it.
  const { GitHub, getOctokitOptions } = await import('@actions/github/lib/utils');
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };
  const options = { baseUrl: apiUrl.replace(/\/$/, ''), log };
  const octokit = new GitHub(token ? getOctokitOptions(token, options) : options);
  return { request: (route, parameters) => octokit.request(route, parameters) };
}
