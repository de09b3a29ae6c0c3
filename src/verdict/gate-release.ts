import type { LoadedRecord } from '../record/schema.ts';
import { compare } from './compare.ts';
import { type Gate, type GateRule, judgeRelease } from './gate.ts';
import { refuseCandidate, refuseReference } from './gate-evidence.ts';
import type { Policy } from './policy.ts';

/** What a candidate is to be compared with: a record, in words why there is none, or null where it is left out. */
export interface Reference {
  against: string;
  found: LoadedRecord | string | null;
}

/**
 * Whether a candidate may be released, judged by its record and those it is compared with. What is no evidence is refused
 * and not compared: the candidate's own record, the suite `mini`, an evaluation that is incomplete.
 */
export function gateRelease(
  candidate: LoadedRecord,
  references: readonly Reference[],
  { policy, rule }: { policy: Policy; rule: GateRule },
): Gate {
  const comparisons: Gate['comparisons'] = [];
  const refused = refuseCandidate(candidate).map((what) => ({ against: 'candidate', what }));
  const isEvidence = refused.length === 0;
  const leftOut: string[] = [];
  for (const { against, found } of references) {
    if (found === null) {
      leftOut.push(against);
      continue;
    }
    const refusals = typeof found === 'string' ? [found] : refuseReference(found, candidate);
    refused.push(...refusals.map((what) => ({ against, what })));
    if (typeof found === 'string' || refusals.length > 0 || !isEvidence) continue;
    comparisons.push({ against, verdict: compare(found, candidate, { policy }) });
  }
  if (rule === 'better-aligned' && leftOut.includes('release'))
    refused.push({ against: 'release', what: 'the rule better-aligned needs a release to be better than' });
  return judgeRelease(comparisons, rule, refused, leftOut);
}
