import { createHmac } from 'node:crypto';
import { SosBenchError } from '../../error.ts';
import type { Sign } from '../../evaluate/journal/signature.ts';
import { type Shard, shardName } from '../../suite/plan/shards.ts';

/** A key that can be guessed is none: a job of the change sees texts and their signatures. */
const MIN_CHARACTERS = 32;

/** What a journal is of. A signature of another run, attempt, artifact or shard does not hold for it. */
export interface JournalOf {
  run: string;
  attempt: number;
  /** Name of its artifact, without shard and attempt. */
  prefix: string;
  shard: Shard | null;
}

/**
 * Signs the lines of a journal with the key that only jobs which evaluate have: HMAC-SHA256.
 *
 * @param key of `checkResumeKey`.
 */
export function journalSigner(key: string, { run, attempt, prefix, shard }: JournalOf): Sign {
  const about = ['sos-bench journal', run, attempt, prefix, shard === null ? null : shardName(shard)];
  return (text) =>
    createHmac('sha256', key)
      .update(JSON.stringify([...about, text]))
      .digest('hex');
}

/** @throws SosBenchError `usage` for a key that is too short. */
export function checkResumeKey(key: string | null): string | null {
  if (key === null || key.length >= MIN_CHARACTERS) return key;
  throw new SosBenchError('usage', `resume-key has less than ${MIN_CHARACTERS} characters`, {
    hint: 'create a repository secret with: openssl rand -hex 32',
  });
}
