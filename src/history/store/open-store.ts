import { resolve } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { keepsArtifacts, noArtifacts } from '../../github/artifacts/upload.ts';
import type { Client } from '../../github/client.ts';
import { type ArtifactUploads, artifactStore, DEFAULT_PREFIX } from '../backends/artifact-store.ts';
import { branchFiles, DEFAULT_BRANCH } from '../backends/branch-files.ts';
import { folderFiles } from '../backends/folder-files.ts';
import { oneSnapshot } from '../backends/one-snapshot.ts';
import { createStore, type Store } from './store.ts';

/** Where a store is, as a flag or input names it. */
export type StoreAddress =
  | { kind: 'folder'; path: string }
  | { kind: 'branch'; branch: string }
  | { kind: 'artifacts'; prefix: string };

const HINT = 'give folder:DIR, branch or branch:NAME, artifacts or artifacts:NAME';

/** Reads `folder:DIR | branch | branch:NAME | artifacts | artifacts:NAME`. */
export function parseStoreAddress(text: string): StoreAddress {
  const [kind, ...rest] = text.split(':');
  const value = rest.join(':');
  if (kind === 'folder' && value !== '') return { kind, path: value };
  if (kind === 'branch' && (rest.length === 0 || isBranchName(value)))
    return { kind, branch: value || DEFAULT_BRANCH };
  if (kind === 'artifacts' && (rest.length === 0 || /^[\w.-]{1,100}$/.test(value)))
    return { kind, prefix: value || DEFAULT_PREFIX };
  throw new SosBenchError('usage', `'${text}' is not a store`, { hint: HINT });
}

/** Whether the store of that name can keep what somebody accepts: artifacts hold nothing that changes. */
export function keepsWaivers(name: string): boolean {
  return name !== 'none' && parseStoreAddress(name).kind !== 'artifacts';
}

export interface StoreSurroundings {
  cwd: string;
  /** Asked for only by a store on GitHub. */
  connect: () => Promise<Client>;
  /** `GITHUB_SERVER_URL`; GitHub's own where left out. */
  serverUrl?: string | undefined;
  /** How a step uploads artifacts; null elsewhere. */
  uploads: ArtifactUploads | null;
}

/** @throws SosBenchError as `connect` does, `store-unsupported` where the server has no such store. */
export async function openStore(
  address: StoreAddress,
  { cwd, connect, serverUrl, uploads }: StoreSurroundings,
): Promise<Store> {
  if (address.kind === 'folder') return createStore(folderFiles(resolve(cwd, address.path)));
  if (address.kind === 'artifacts' && !keepsArtifacts(serverUrl)) throw noArtifacts();
  const client = await connect();
  return address.kind === 'artifacts'
    ? artifactStore(client, { prefix: address.prefix, uploads })
    : createStore(oneSnapshot(branchFiles(client, { branch: address.branch })));
}

/** By the rules of `git check-ref-format`, as far as they matter to a name typed by a person. */
function isBranchName(name: string): boolean {
  return /^[\w][\w./-]*$/.test(name) && !/\.\.|\/\/|\/$|\.$|\.lock$/.test(name);
}
