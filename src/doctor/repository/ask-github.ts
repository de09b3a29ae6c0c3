import type { z } from 'zod';
import type { Client } from '../../github/client.ts';
import { hasStatus } from '../../github/failure.ts';

/** What GitHub answers about a repository: `unseen` where the token may not see it, or GitHub has no such thing. */
export type Seen<Value> = { is: 'there'; value: Value } | { is: 'missing' } | { is: 'unseen' };

/**
 * Asks for one document of a repository.
 *
 * @param route such as `GET /repos/{owner}/{repo}/branches/{branch}`.
 */
export async function askGitHub<Schema extends z.ZodType>(
  client: Client,
  route: string,
  schema: Schema,
  parameters: Record<string, string | number> = {},
): Promise<Seen<z.infer<Schema>>> {
  const { owner, repo } = client.repository;
  try {
    const { data } = await client.request(route, { owner, repo, ...parameters });
    const { data: value, success } = schema.safeParse(data);
    return success ? { is: 'there', value } : { is: 'unseen' };
  } catch (error) {
    return hasStatus(error, 404) ? { is: 'missing' } : { is: 'unseen' };
  }
}
