import { existsSync } from 'node:fs';
import * as core from '@actions/core';
import { recordDigest } from '../../../record/digest.ts';
import { recordPaths } from '../../../record/paths.ts';
import type { Shard } from '../../../suite/plan/shards.ts';

/**
 * Sets the output `record-digest`, by which a later job knows the record that this step left, whole or partial; nothing where it
 * left none. Jobs of a matrix overwrite each other's outputs of one name, so a shard has one of its own too: `record-digest-I`.
 *
 * @param folder the record that this step itself wrote.
 */
export async function outputDigest(folder: string, shard: Shard | null): Promise<void> {
  if (!existsSync(recordPaths(folder).record)) return;
  const digest = await recordDigest(folder);
  core.setOutput('record-digest', digest);
  if (shard !== null) core.setOutput(`record-digest-${shard.index}`, digest);
}
