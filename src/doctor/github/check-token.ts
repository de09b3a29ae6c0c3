import { SosBenchError } from '../../error.ts';
import { type Client, createClient, GITHUB_API } from '../../github/client.ts';
import type { Need } from '../../github/commands/permission.ts';
import { hasStatus } from '../../github/failure.ts';
import { type Check, fail, ok, warn } from '../check.ts';

interface Runtime {
  environment: Record<string, string | undefined>;
  /** Where records are kept, as the settings say: `branch:...`, `artifacts`, ...; null where they do not. */
  store: string | null;
}

type Permission = Need['permission'];

interface Probe {
  permission: Permission;
  /** What the permission is for, after "may not": `write comments: ...`. */
  without: string;
  /** Who needs it; null where every report does. */
  onlyFor: string | null;
  /** A request that needs the permission and can change nothing. */
  ask(client: Client): Promise<unknown>;
}

const HERE = ({ repository: { owner, repo } }: Client) => ({ owner, repo });

/**
 * GitHub has no way to ask what a token may do. But it looks at the permission before it looks at what is asked for:
 * requests that can succeed for nobody (a comment on issue 0, a check run without a name, a reference without one, a
 * dispatch of workflow 0) are refused as forbidden or as wrong, and tell one from the other.
 */
const PROBES: readonly Probe[] = [
  {
    permission: { 'pull-requests': 'write' },
    without: 'comment on pull requests: the report is in the job summary only',
    onlyFor: null,
    ask: (client) =>
      client.request('POST /repos/{owner}/{repo}/issues/0/comments', { ...HERE(client), body: '' }),
  },
  {
    permission: { checks: 'write' },
    without: "write check runs: the job's own status stands for them",
    onlyFor: null,
    ask: (client) =>
      client.request('POST /repos/{owner}/{repo}/check-runs', { ...HERE(client), name: '' } as never),
  },
  {
    permission: { contents: 'read' },
    without: 'read commits: no baseline is found',
    onlyFor: null,
    ask: (client) => client.request('GET /repos/{owner}/{repo}/commits?per_page=1', HERE(client)),
  },
  {
    permission: { actions: 'read' },
    without: 'read artifacts of other runs',
    onlyFor: 'artifacts',
    ask: (client) => client.request('GET /repos/{owner}/{repo}/actions/artifacts?per_page=1', HERE(client)),
  },
  {
    permission: { contents: 'write' },
    without: 'write the history branch: nothing is recorded',
    onlyFor: 'branch',
    ask: (client) =>
      client.request('POST /repos/{owner}/{repo}/git/refs', { ...HERE(client), ref: '' } as never),
  },
  {
    permission: { actions: 'write' },
    without: 'start workflows, as the bot does',
    onlyFor: 'bot',
    ask: (client) =>
      client.request('POST /repos/{owner}/{repo}/actions/workflows/0/dispatches', {
        ...HERE(client),
        ref: '',
      }),
  },
];

/** What the token of this job may do, as far as GitHub tells; nothing where there is no token. */
export async function checkToken({ environment, store }: Runtime): Promise<Check[]> {
  const token = environment.GITHUB_TOKEN || environment.GH_TOKEN || null;
  const repository = environment.GITHUB_REPOSITORY || null;
  if (token === null || repository === null) {
    return environment.GITHUB_ACTIONS === 'true'
      ? [ok('token', 'no GITHUB_TOKEN in the environment: evaluating needs none, reporting does')]
      : [];
  }
  let client: Client;
  try {
    const apiUrl = environment.GITHUB_API_URL || GITHUB_API;
    // Nothing is written, so writes need not be a second apart.
    client = createClient({ token, repository, apiUrl, timeout: 15_000, longestWait: 0, second: 1 });
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return [fail('token', error.message, error.hint ?? 'check GITHUB_TOKEN and GITHUB_REPOSITORY')];
  }
  const access = await checkAccess(client, repository);
  if (access.check.status !== 'ok') return [access.check];
  const checks = [access.check];
  for (const probe of PROBES) checks.push(await tryOne(client, probe, store, access.scopes));
  return checks;
}

/** Whether the token shows the repository at all, and a classic personal token's scopes (null for others). */
async function checkAccess(
  client: Client,
  repository: string,
): Promise<{ check: Check; scopes: string[] | null }> {
  try {
    const { headers } = await client.request('GET /repos/{owner}/{repo}', HERE(client));
    const given = headers['x-oauth-scopes'];
    const scopes = typeof given === 'string' ? given.split(',').map((scope) => scope.trim()) : null;
    const kind =
      scopes === null
        ? ''
        : `; a personal token with the scopes ${scopes.filter(Boolean).join(', ') || 'none'}`;
    return { check: ok('token', `${repository} may be read${kind}`), scopes };
  } catch (error) {
    return { check: explain(error, repository), scopes: null };
  }
}

function explain(error: unknown, repository: string): Check {
  if (hasStatus(error, 401))
    return fail(
      'token',
      'GitHub does not accept GITHUB_TOKEN',
      'it is wrong, revoked or expired: make a new one',
    );
  if (hasStatus(error, 403, 404))
    return fail(
      'token',
      `the token shows no repository ${repository}`,
      'check the name; a personal token has to be given this repository',
    );
  return warn(
    'token',
    'GitHub does not answer, so it is unknown what the token may do',
    'check network and proxy',
  );
}

async function tryOne(
  client: Client,
  { permission, without, onlyFor, ask }: Probe,
  store: string | null,
  scopes: string[] | null,
): Promise<Check> {
  const [[scope, level]] = Object.entries(permission) as [[string, string]];
  const id = `token ${scope}: ${level}`;
  try {
    await ask(client);
  } catch (error) {
    // Wrong, so it was not forbidden.
    if (!hasStatus(error, 400, 403, 404, 422)) return warn(id, 'GitHub does not answer', 'try again');
    const forbidden = hasStatus(error, 403) || (level === 'read' && hasStatus(error, 404));
    if (forbidden) {
      const message = `the token may not ${without}`;
      return onlyFor === null || store?.startsWith(onlyFor)
        ? warn(id, message, remedy(scope, level, scopes))
        : ok(
            id,
            `${message} (${onlyFor === 'bot' ? 'only the bot needs that' : `only store: ${onlyFor} needs that`})`,
          );
    }
  }
  return ok(id, `${scope}: ${level} is given`);
}

function remedy(scope: string, level: string, scopes: string[] | null): string {
  const yaml = `permissions: { ${scope}: ${level} }`;
  if (scopes === null) return `add to the job (scopes it does not name become none): ${yaml}`;
  if (scope === 'checks') return `personal tokens cannot; GITHUB_TOKEN can, with ${yaml}`;
  return `give the personal token the scope repo, or use GITHUB_TOKEN with ${yaml}`;
}
