import { SosBenchError } from '../error.ts';

export interface Repository {
  owner: string;
  repo: string;
}

/**
 * Reads `OWNER/NAME`.
 *
 * @throws SosBenchError `usage` for anything else.
 */
export function parseRepository(text: string): Repository {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(text) ?? [];
  if (owner !== undefined && repo !== undefined) return { owner, repo };
  throw new SosBenchError('usage', `'${text}' is not a repository`, { hint: 'it has the form OWNER/NAME' });
}
