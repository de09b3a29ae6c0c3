import type { LoadedRecord } from '../record/schema.ts';
import { compareRow } from './benchmarks.ts';
import { compareFactors } from './factors.ts';
import { judgeFactors } from './judge.ts';
import type { Policy } from './policy.ts';
import { compareProtocols } from './protocol.ts';
import type { Drift } from './schema.ts';
import { indexRecord, rowIds } from './sides.ts';
import { describeSource } from './source.ts';

/**
 * How far the candidate has moved from the anchor (the last release, say): many changes, each too small to be seen, add
 * up to one that is not. The factors are tested as a family of their own.
 */
export function measureDrift(
  anchor: LoadedRecord,
  candidate: LoadedRecord,
  policy: Policy,
  asked: ReadonlySet<string> | null,
): Drift {
  const { digest } = anchor.record.model;
  const sameModel = digest !== null && digest === candidate.record.model.digest;
  const protocol = compareProtocols(anchor, candidate);
  const sides = { anchor: indexRecord(anchor, asked), candidate: indexRecord(candidate, asked) };
  const rows = rowIds(anchor, candidate).map((id) =>
    compareRow(id, { baseline: sides.anchor(id), candidate: sides.candidate(id) }, protocol, {
      preset: policy.preset,
      sameModel,
      force: false,
    }),
  );
  const own = { ...policy, alpha: policy.driftAlpha };
  const factors = judgeFactors(compareFactors(rows, policy.preset), own);
  const drifted = factors.some(
    ({ outcome, threshold }) => outcome === 'regressed' && threshold.level !== 'off',
  );
  return { anchor: describeSource(anchor), alpha: policy.driftAlpha, factors, drifted };
}
