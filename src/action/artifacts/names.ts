import type { Shard } from '../../suite/plan/shards.ts';

/** The artifact of one attempt at an evaluation, or at a shard of one. */
export interface AttemptArtifact {
  shard: Shard | null;
  attempt: number;
}

/** `2of3`: a shard in names that must not have a slash. */
export function shardLabel({ index, of }: Shard): string {
  return `${index}of${of}`;
}

const NUMBER = '([1-9]\\d{0,5})';
const REST = new RegExp(`^(?:${NUMBER}of${NUMBER}-)?${NUMBER}$`);

/**
 * What the name of an artifact says in which a job left its record: `PREFIX-2of3-1`, without a shard `PREFIX-1`. A name can
 * be used once in a run, so that every attempt has its own.
 *
 * @returns null for one that does not begin with `prefix` or is none of ours.
 */
export function parseArtifactName(name: string, prefix: string): AttemptArtifact | null {
  if (!name.startsWith(`${prefix}-`)) return null;
  const [, index, of, attempt] = REST.exec(name.slice(prefix.length + 1)) ?? [];
  if (attempt === undefined) return null;
  const shard = index === undefined ? null : { index: Number(index), of: Number(of) };
  return shard !== null && shard.index > shard.of ? null : { shard, attempt: Number(attempt) };
}
