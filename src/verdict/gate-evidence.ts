import type { LoadedRecord, RunRecord } from '../record/schema.ts';

const MINI =
  'is of the suite mini, which shows that everything works and nothing of a model: evaluate the suite full (or pr)';

/** Why a candidate's record is no evidence for a release, in words; empty where it is. */
export function refuseCandidate({ record }: LoadedRecord): string[] {
  return [
    ...(isMini(record) ? [`the candidate's record ${MINI}`] : []),
    ...(record.complete ? [] : ["the candidate's evaluation is incomplete: let it run to its end first"]),
  ];
}

/** Why a record cannot be what a candidate is compared with, in words; empty where it can. */
export function refuseReference(reference: LoadedRecord, candidate: LoadedRecord): string[] {
  return [
    ...(isSame(reference, candidate)
      ? [
          "this is the candidate's own record, and nothing is worse than itself: give that of an earlier commit",
        ]
      : []),
    ...(isMini(reference.record) ? [`the record there ${MINI}`] : []),
  ];
}

function isMini({ suite }: RunRecord): boolean {
  return suite === 'mini';
}

/** One and the same evaluation, copied or not, or one more of the same model of the same commit. */
function isSame(a: LoadedRecord, b: LoadedRecord): boolean {
  if (a.path === b.path || JSON.stringify(a.record) === JSON.stringify(b.record)) return true;
  const { commit, model } = a.record;
  const known = commit !== null && model.digest !== null;
  return known && commit === b.record.commit && model.digest === b.record.model.digest;
}
