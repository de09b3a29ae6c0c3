import { SosBenchError } from '../error.ts';
import type { Client } from '../github/client.ts';
import { parseRepository } from '../github/repository.ts';
import { openStore, parseStoreAddress } from '../history/store/open-store.ts';
import type { Store } from '../history/store/store.ts';
import { escapeTerminal } from '../markdown/escape.ts';
import type { Runtime } from './runtime.ts';

/** Flags that name a store of records. */
export interface StoreFlags {
  store: string;
  repo?: string;
  tokenEnv: string;
}

/**
 * Opens the store that the flags name.
 *
 * @throws SosBenchError `usage` for a repository that is none, also beside a folder: links lead to it.
 */
export async function openNamedStore(
  { store, repo, tokenEnv }: StoreFlags,
  runtime: Runtime,
): Promise<Store> {
  const { cwd, environment } = runtime;
  if (repo !== undefined) parseRepository(repo);
  return await openStore(parseStoreAddress(store), {
    cwd,
    connect: () => connect(repo ?? environment.GITHUB_REPOSITORY, environment[tokenEnv] || null, runtime),
    serverUrl: environment.GITHUB_SERVER_URL,
    uploads: null,
  });
}

/** Loaded where it is needed: a store in a folder has no use for it. */
async function connect(
  repository: string | undefined,
  token: string | null,
  { environment, stderr, second }: Runtime,
): Promise<Client> {
  if (!repository) {
    throw new SosBenchError('usage', 'a store on GitHub needs a repository', {
      hint: 'give --repo OWNER/NAME, or use --store folder:DIR',
    });
  }
  const { createClient, GITHUB_API } = await import('../github/client.ts');
  return createClient({
    token,
    repository,
    apiUrl: environment.GITHUB_API_URL || GITHUB_API,
    log: (line) => void stderr.write(`${escapeTerminal(line)}\n`),
    ...(second === undefined ? {} : { second }),
  });
}
