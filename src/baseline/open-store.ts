import { resolve } from 'node:path';
import { SosBenchError } from '../error.ts';
import { branchFiles, DEFAULT_BRANCH } from './branch-files.ts';
import { folderFiles } from './folder-files.ts';
import type { ApiClient, Repository } from './git-data.ts';
import { createStore, type Store } from './store.ts';

/** Where a store is, as a flag or input names it. */
export type StoreAddress = { kind: 'folder'; path: string } | { kind: 'branch'; branch: string };

const HINT = 'give folder:DIR, branch or branch:NAME';

/** Reads `folder:DIR | branch | branch:NAME`. */
export function parseStoreAddress(text: string): StoreAddress {
  const [kind, ...rest] = text.split(':');
  const value = rest.join(':');
  if (kind === 'folder' && value !== '') return { kind, path: value };
  if (kind === 'branch' && (rest.length === 0 || isBranchName(value)))
    return { kind, branch: value || DEFAULT_BRANCH };
  throw new SosBenchError('usage', `'${text}' is no store`, { hint: HINT });
}

/** Reads `owner/name`. */
export function parseRepository(text: string | undefined): Repository {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(text ?? '') ?? [];
  if (owner !== undefined && repo !== undefined) return { owner, repo };
  throw new SosBenchError(
    'usage',
    text ? `'${text}' is no repository` : 'a store on a branch needs a repository',
    {
      hint: 'give --repo OWNER/NAME, or use --store folder:DIR',
    },
  );
}

/** @param connect asked for only by a store on GitHub. */
export async function openStore(
  address: StoreAddress,
  {
    cwd,
    repository,
    connect,
  }: { cwd: string; repository: () => Repository; connect: () => Promise<ApiClient> },
): Promise<Store> {
  if (address.kind === 'folder') return createStore(folderFiles(resolve(cwd, address.path)));
  const found = repository();
  return createStore(branchFiles(await connect(), found, { branch: address.branch }));
}

/** By the rules of `git check-ref-format`, as far as they matter to a name typed by a person. */
function isBranchName(name: string): boolean {
  return /^[\w][\w./-]*$/.test(name) && !/\.\.|\/\/|\/$|\.$|\.lock$/.test(name);
}
