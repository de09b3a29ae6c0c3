import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ActionSource } from '../../init/choices.ts';
import { askGit } from '../../system/git/git.ts';
import { packageRoot } from '../../system/paths.ts';
import type { Runtime } from '../runtime.ts';
import { repositoryOf } from './find-repository.ts';

/** What the release leaves in the package. */
const ReleaseSchema = z.object({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  version: z.string(),
});

/**
 * The repository and the commit that this program is of: as its package says, else as the checkout that it runs from. Null where neither
 * does, and where the commit is on no remote, so that nobody else could find it.
 */
export async function findAction(
  { environment }: Pick<Runtime, 'environment'>,
  root: string = packageRoot(),
): Promise<ActionSource | null> {
  return (await fromPackage(root)) ?? (await fromCheckout(root, environment));
}

async function fromPackage(root: string): Promise<ActionSource | null> {
  try {
    const { repository, commit, version } = ReleaseSchema.parse(
      JSON.parse(await readFile(join(root, 'release.json'), 'utf8')),
    );
    return { repository, ref: commit, version: `v${version}` };
  } catch {
    return null;
  }
}

async function fromCheckout(root: string, environment: Runtime['environment']): Promise<ActionSource | null> {
  const ask = async (...args: string[]) => (await askGit(args, root, environment)).stdout?.trim() || null;
  const top = await ask('rev-parse', '--show-toplevel');
  // A package that was installed lies in another's checkout.
  if (top === null || (await realpath(top)) !== (await realpath(root))) return null;
  const [commit, url] = await Promise.all([
    ask('rev-parse', '--verify', 'HEAD'),
    ask('remote', 'get-url', 'origin'),
  ]);
  const repository = repositoryOf(url ?? '');
  if (commit === null || repository === null) return null;
  const known = await ask('for-each-ref', '--count=1', '--contains', commit, 'refs/remotes', 'refs/tags');
  if (known === null) return null;
  const tags = (await ask('tag', '--points-at', commit))?.split('\n') ?? [];
  return { repository, ref: commit, version: tags.find((tag) => /^v\d+\.\d+\.\d+$/.test(tag)) ?? null };
}
