import type { LoadedRecord } from '../../record/schema.ts';
import { compare } from '../compare.ts';
import { measureDrift } from '../measure/drift.ts';
import type { Policy } from '../policy.ts';
import type { Requested } from '../protocol/required.ts';
import { type Gate, type GateRule, judgeRelease } from './gate.ts';
import { explainLackOfItems, refuseCandidate, refuseReference } from './gate-evidence.ts';

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
  {
    policy,
    rule,
    anchor = null,
    requested = {},
  }: { policy: Policy; rule: GateRule; anchor?: Reference['found']; requested?: Requested },
): Gate {
  const comparisons: Gate['comparisons'] = [];
  const refused = refuseCandidate(candidate).map((what) => ({ against: 'candidate', what }));
  const isEvidence = refused.length === 0;
  const causes = new Map<string, string>();
  /** The record, where it can be compared with. */
  const admit = (against: string, found: LoadedRecord | string): LoadedRecord | null => {
    const refusals = typeof found === 'string' ? [found] : refuseReference(found, candidate);
    refused.push(...refusals.map((what) => ({ against, what })));
    return typeof found === 'string' || refusals.length > 0 || !isEvidence ? null : found;
  };
  for (const { against, found } of references) {
    const reference = found === null ? null : admit(against, found);
    if (reference === null) continue;
    comparisons.push({ against, verdict: compare(reference, candidate, { policy, requested }) });
    const cause = explainLackOfItems(reference, candidate);
    if (cause !== null) causes.set(against, cause);
  }
  const from = anchor === null ? null : admit('anchor', anchor);
  const drift = from && measureDrift(from, candidate, policy, { failing: true });
  const leftOut = references.filter(({ found }) => found === null).map(({ against }) => against);
  if (rule === 'better-aligned' && leftOut.includes('release'))
    refused.push({ against: 'release', what: 'the rule better-aligned needs a release to be better than' });
  const gate = judgeRelease(comparisons, rule, { missing: refused, drift, leftOut });
  return { ...gate, objections: withCauses(gate.objections, causes) };
}

/** A cause goes before the first of the objections that come from it; where there are none, all is well. */
function withCauses(objections: Gate['objections'], causes: ReadonlyMap<string, string>): Gate['objections'] {
  return objections.flatMap((objection, index) => {
    const { against } = objection;
    const cause = causes.get(against);
    const isFirst = objections.findIndex((other) => other.against === against) === index;
    return cause !== undefined && isFirst ? [{ against, what: cause }, objection] : [objection];
  });
}

/** The records among what was found to compare with. */
export function foundRecords(found: readonly Reference['found'][]): LoadedRecord[] {
  return found.filter((one) => one !== null && typeof one !== 'string');
}
