import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../../error.ts';
import { makeFolder } from '../../../system/files/files.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';

/**
 * Downloads an artifact of this workflow run, as `model: artifact:NAME` asks for, and checks it against the digest that was
 * taken when it was uploaded. The client is loaded only here: it is large.
 *
 * @throws SosBenchError `model-missing`.
 */
export async function fetchArtifact(name: string, runtime: ActionRuntime): Promise<string> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const client = new DefaultArtifactClient();
  const models = join(privateFolder(runtime), 'models');
  await makeFolder(models, 0o700);
  try {
    const { artifact } = await client.getArtifact(name);
    const { downloadPath, digestMismatch } = await client.downloadArtifact(artifact.id, {
      // A folder each, since the baseline's model may be another artifact; not of its name, which a change chooses, `..` too.
      path: await mkdtemp(join(models, 'model-')),
      ...(artifact.digest === undefined ? {} : { expectedHash: artifact.digest }),
    });
    if (digestMismatch) throw new Error('its content is not what was uploaded');
    if (downloadPath === undefined) throw new Error('it was not downloaded');
    return downloadPath;
  } catch (error) {
    throw new SosBenchError(
      'model-missing',
      `artifact '${name}' cannot be had: ${error instanceof Error ? error.message : error}`,
      {
        hint: 'an earlier job of this run has to upload it under that name; on GitHub Enterprise Server use a shared disk instead',
        cause: error,
      },
    );
  }
}
