import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { mergeFolders } from '../../evaluate/merge.ts';
import type { Artifact } from '../../github/artifacts/artifact-api.ts';
import type { RunArtifacts } from '../../github/artifacts/run-artifacts.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { unpackRunFolder } from '../../record/unpack.ts';
import type { RecordDigests } from '../../settings/trust/digests.ts';
import { type Shard, shardName } from '../../suite/plan/shards.ts';
import { parseArtifactName } from '../artifacts/names.ts';
import { requireDigested } from '../trust/record-digest.ts';

interface Wanted {
  prefix: string;
  of: number;
  /** A place of its own. */
  folder: string;
  /** Those that the workflow carried; null where it carried none. */
  digests: RecordDigests | null;
  /** Why a shard may have left nothing, by what its job says; null where that cannot be known. */
  explain: (shard: Shard) => Promise<string | null>;
}

/**
 * Puts the shards together that the jobs of a run left as artifacts; of several attempts at one the newest counts. The
 * artifacts are taken for hostile.
 *
 * @throws SosBenchError `merge-refused` naming every shard that is missing and why, or what they differ in;
 *   `record-invalid`.
 */
export async function fetchShards(artifacts: RunArtifacts, wanted: Wanted): Promise<LoadedRecord> {
  const { prefix, of, folder, digests, explain } = wanted;
  const newest = newestAttempts(await artifacts.list(), prefix, of);
  const missing: string[] = [];
  const folders: string[] = [];
  for (let index = 1; index <= of; index++) {
    const shard = { index, of };
    const artifact = newest.get(index);
    if (artifact === undefined) {
      const why = await explain(shard);
      missing.push(`${shardName(shard)} (${why ?? `no artifact ${prefix}-${index}of${of}-*`})`);
      continue;
    }
    const path = join(folder, artifact.name);
    const files = await unpackRunFolder(await artifacts.download(artifact), path);
    if (files.has('record.json')) {
      if (digests !== null) await requireDigested(path, digests, index);
      folders.push(path);
    } else
      missing.push(
        `${shardName(shard)} (${(await explain(shard)) ?? 'stopped'}; ${artifact.name} has no record.json)`,
      );
  }
  if (missing.length > 0) {
    throw new SosBenchError('merge-refused', `shards are missing: ${missing.join(', ')}`, {
      hint: "'Re-run failed jobs' does those alone and this report again: what the others did is kept",
    });
  }
  return await mergeFolders(folders, join(folder, 'merged'));
}

/** By shard, the artifact of its newest attempt. */
function newestAttempts(artifacts: readonly Artifact[], prefix: string, of: number): Map<number, Artifact> {
  const newest = new Map<number, { attempt: number; artifact: Artifact }>();
  for (const artifact of artifacts) {
    const told = parseArtifactName(artifact.name, prefix);
    if (told?.shard?.of !== of) continue;
    const known = newest.get(told.shard.index);
    if (known === undefined || told.attempt > known.attempt)
      newest.set(told.shard.index, { attempt: told.attempt, artifact });
  }
  return new Map([...newest].map(([index, { artifact }]) => [index, artifact]));
}
