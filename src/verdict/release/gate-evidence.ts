import type { LoadedRecord, RunRecord } from '../../record/schema.ts';
import { mayBeSameModel } from '../signs/same-model.ts';

const MINI =
  'is of the suite mini, which shows that everything works and nothing of a model: evaluate the suite full (or pr)';

/** Why a candidate's record is no evidence for a release, in words; empty where it is. */
export function refuseCandidate({ record }: LoadedRecord): string[] {
  return [
    ...(isMini(record) ? [`the candidate's record ${MINI}`] : []),
    ...(record.looks === undefined
      ? []
      : ["the candidate's evaluation ended early, by the looks of its plan: evaluate all that is planned"]),
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

/**
 * What explains objections to a comparison that had to do without single items; null where both sides have them. A record
 * that was imported as means never had any.
 */
export function explainLackOfItems(reference: LoadedRecord, candidate: LoadedRecord): string | null {
  const [dropped] = [reference, candidate].filter(
    ({ record, items }) => items.length === 0 && record.totals.items > 0 && record.imported === null,
  );
  if (dropped === undefined) return null;
  const { commit, model } = dropped.record;
  const of = commit === null ? model.name : `commit ${commit.slice(0, 12)}`;
  return (
    `the history no longer keeps single questions of ${of}, so only means could be compared, unpaired and weak: run the ` +
    "push workflow of that commit again (a release's questions are then kept), or give a record folder that has them"
  );
}

function isMini({ suite }: RunRecord): boolean {
  return suite === 'mini';
}

/** One and the same evaluation, copied or not, or one more of the same model of the same commit. */
function isSame(a: LoadedRecord, b: LoadedRecord): boolean {
  if (a.path === b.path || JSON.stringify(a.record) === JSON.stringify(b.record)) return true;
  const { commit } = a.record;
  return commit !== null && commit === b.record.commit && mayBeSameModel(a.record, b.record);
}
