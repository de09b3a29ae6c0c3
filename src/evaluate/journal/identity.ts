import { SosBenchError } from '../../error.ts';
import { ownValue } from '../../json.ts';
import type { JournalIdentity } from './entry.ts';

const SHOWN_DIFFERENCES = 5;

/** What two runs differ in, so that their results do not belong together; empty where they do. */
export function identityDifferences(old: JournalIdentity, wanted: JournalIdentity): string[] {
  const differences: string[] = [];
  if (old.modelDigest !== wanted.modelDigest) differences.push('the model (its digest)');
  else if (old.modelIdentity !== wanted.modelIdentity) differences.push('the model (what is loaded of it)');
  if (old.planHash !== wanted.planHash) differences.push('the plan (its questions)');
  for (const name of new Set([...Object.keys(old.protocol), ...Object.keys(wanted.protocol)])) {
    const [before, after] = [ownValue(old.protocol, name), ownValue(wanted.protocol, name)];
    if (before !== after) differences.push(`${name} (${before ?? 'absent'}, now ${after ?? 'absent'})`);
  }
  return differences;
}

/**
 * @param hint what to do about it.
 * @throws SosBenchError `journal-mismatch`, naming what differs.
 */
export function requireSameIdentity(
  path: string,
  old: JournalIdentity,
  wanted: JournalIdentity,
  hint: string,
): void {
  const differences = identityDifferences(old, wanted);
  if (differences.length === 0) return;
  const shown = differences.slice(0, SHOWN_DIFFERENCES).join(', ');
  const more = differences.length - SHOWN_DIFFERENCES;
  throw new SosBenchError(
    'journal-mismatch',
    `${path} belongs to another run; different: ${shown}${more > 0 ? ` and ${more} more` : ''}`,
    { hint },
  );
}
