import { loadArtifactClient } from '../../../github/artifacts/upload.ts';
import { openStore, parseStoreAddress } from '../../../history/store/open-store.ts';
import type { Store } from '../../../history/store/store.ts';
import type { Connection } from '../../connection.ts';
import type { ActionInputs } from '../../inputs.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { trustPath } from '../../trust/paths.ts';
import type { Trust } from '../../trust/trust.ts';

/**
 * The store that the inputs name; null for none, or where it is out of reach.
 *
 * @param name of the input, for a path that is refused.
 */
export async function storeOf(
  inputs: ActionInputs,
  runtime: ActionRuntime,
  { client }: Connection,
  trust: Trust,
  name = 'store',
): Promise<Store | null> {
  if (inputs.store === 'none') return null;
  const address = parseStoreAddress(inputs.store);
  if (address.kind !== 'folder' && client === null) return null;
  if (address.kind === 'folder')
    address.path = await trustPath(name, address.path, trust, runtime, 'folder:');
  return await openStore(address, {
    cwd: runtime.cwd,
    connect: async () => client!,
    serverUrl: runtime.environment.GITHUB_SERVER_URL,
    uploads: {
      client: loadArtifactClient,
      folder: privateFolder(runtime),
      retentionDays: inputs.retentionDays ?? undefined,
      trendRetentionDays: inputs.trendRetentionDays ?? undefined,
    },
  });
}
