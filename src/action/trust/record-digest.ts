import { SosBenchError } from '../../error.ts';
import { recordDigest } from '../../record/digest.ts';
import { type RecordDigests, requireSame } from '../../settings/trust/digests.ts';

/** For reports of a record that nothing but the change's own job vouches for. */
export const CLAIM =
  "This record is the change's own claim: no digest from another job shows that its evaluation was not touched.";

/**
 * Refuses a record that is not the one whose digest the workflow carried.
 *
 * @param shard number of the shard that the folder has to be; null for a whole record.
 * @throws SosBenchError `digest-mismatch`, also where the workflow has no digest for it; `record-invalid`.
 */
export async function requireDigested(
  folder: string,
  digests: RecordDigests,
  shard: number | null,
): Promise<void> {
  const wanted = shard === null ? digests.record : (digests.shards.get(shard) ?? null);
  const what = shard === null ? 'the record' : `the record of shard ${shard}`;
  if (wanted === null) {
    throw new SosBenchError('digest-mismatch', `record-digest holds no digest of ${what}`, {
      hint: 'the job that evaluates has to hand on the output `record-digest` of the run action (`record-digest-N` of shard N); one that left no record has none',
    });
  }
  requireSame(what, await recordDigest(folder), wanted);
}
