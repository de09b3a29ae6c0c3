import type { CacheEntry, Decision } from './entry.ts';

export interface CleaningRules {
  now: Date;
  /** Seconds without use after which an entry goes. */
  olderThan: number;
  /** Bytes that may be left; null for any number. */
  maxSize: number | null;
  /** Paths that live processes use. */
  inUse: ReadonlySet<string>;
}

/** What broke off is left alone for so long: somebody may be at it, on another machine too. */
const BROKEN_AFTER_SECONDS = 3600;

/**
 * Which entries go: what broke off, what was not used for long, and then, to come down to a size, what was used least
 * recently. What is in use, what the next run needs, and what is not ours stays in any case.
 */
export function chooseEntries(entries: readonly CacheEntry[], rules: CleaningRules): Decision[] {
  const decisions = entries.map((entry) => ({ entry, ...judge(entry, rules) }));
  const { maxSize } = rules;
  if (maxSize === null) return decisions;
  let left = decisions.reduce((sum, { entry, remove }) => sum + (remove ? 0 : entry.bytes), 0);
  const spare = decisions
    .filter(({ remove, spareable }) => !remove && spareable)
    .sort((a, b) => a.entry.lastUsed.getTime() - b.entry.lastUsed.getTime());
  for (const decision of spare) {
    if (left <= maxSize) break;
    left -= decision.entry.bytes;
    decision.remove = true;
    decision.reason = 'used least recently, and the cache is larger than --max-size';
  }
  return decisions;
}

function judge(
  entry: CacheEntry,
  { now, olderThan, inUse }: CleaningRules,
): { remove: boolean; reason: string; spareable: boolean } {
  // The clock may have been set back since.
  const idle = Math.max(0, (now.getTime() - entry.lastUsed.getTime()) / 1000);
  const keep = (reason: string, spareable = false) => ({ remove: false, reason, spareable });
  if (entry.kind === 'other') return keep('not known to this version');
  if (inUse.has(entry.path)) return keep('a running process uses it');
  if (entry.kind === 'broken') {
    return idle < BROKEN_AFTER_SECONDS
      ? keep('begun less than an hour ago')
      : { remove: true, reason: 'left by something that broke off', spareable: false };
  }
  if (entry.current) return keep('the next run needs it');
  if (idle >= olderThan)
    return { remove: true, reason: `not used for ${describeAge(idle)}`, spareable: false };
  return keep(`used ${describeAge(idle)} ago`, true);
}

const DAY = 86_400;

function describeAge(seconds: number): string {
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)} days`;
  const hours = Math.floor(seconds / 3600);
  return hours === 1 ? 'an hour' : hours === 0 ? 'less than an hour' : `${hours} hours`;
}
