import type { LoadedRecord } from '../../record/schema.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { judgeFactors } from '../judge.ts';
import type { Looked } from '../looks/decide.ts';
import { LookedItems } from '../looks/looked-items.ts';
import { judgeRepeated } from '../looks/repeated.ts';
import type { Policy } from '../policy.ts';
import { compareProtocols } from '../protocol/protocol.ts';
import { describeSource } from '../provenance.ts';
import type { Drift, ShownWaiver } from '../schema.ts';
import { compareModels } from '../signs/same-model.ts';
import { accepts } from '../waiver.ts';
import { measureBenchmark } from './benchmarks.ts';
import type { RecordScores } from './estimates.ts';
import { compareFactors } from './factors.ts';
import { benchmarkIds, indexRecord } from './result-view.ts';

export interface DriftOptions {
  /** Whether a drift fails the policy, or is only said. */
  failing: boolean;
  /** Accepted drops: a factor's that is within what was accepted is said and does not fail. */
  waivers?: readonly ShownWaiver[];
  /** Ids of the benchmarks that were asked for; all where null or left out. */
  requestedIds?: ReadonlySet<string> | null;
  /** The candidate's scores where they were taken already. */
  scores?: RecordScores | null;
  /** The looks that the candidate was judged by: only what was asked up to the last one done of each factor counts. */
  looks?: { plan: Plan; found: Pick<Looked, 'paths' | 'lookOf'> } | null;
}

/**
 * How far the candidate has moved from the anchor (the last release, say): many changes, each too small to be seen, add
 * up to one that is not. The factors are tested as a family of their own; after looks at the last one done, by the repeated interval.
 */
export function measureDrift(
  anchor: LoadedRecord,
  candidate: LoadedRecord,
  policy: Policy,
  { failing, waivers = [], requestedIds = null, scores = null, looks = null }: DriftOptions,
): Drift {
  const sameModel = compareModels(anchor.record, candidate.record).same;
  const protocol = compareProtocols(anchor, candidate);
  const views = {
    anchor: indexRecord(anchor, requestedIds),
    candidate: indexRecord(candidate, requestedIds),
  };
  const looked = looks && new LookedItems(looks.plan);
  const candidateAt = (id: string) =>
    looked === null ? views.candidate(id) : looked.viewAt(views.candidate(id), looks!.found.lookOf(id)).view;
  const benchmarks = benchmarkIds(anchor, candidate).map((id) =>
    measureBenchmark(id, { baseline: views.anchor(id), candidate: candidateAt(id) }, protocol, {
      preset: policy.preset,
      sameModel,
      force: false,
      scores,
    }),
  );
  const own = { ...policy, alpha: policy.driftAlpha };
  const measured = compareFactors(benchmarks, policy.preset);
  const once = judgeFactors(measured, own);
  const factors = looks === null ? once : judgeRepeated(once, measured, looks.found.paths, own);
  const fallen = factors.filter(
    ({ outcome, threshold }) => outcome === 'regressed' && threshold.level !== 'off',
  );
  const isAccepted = (part: (typeof fallen)[number]) =>
    waivers.some((waiver) => waiver.target === part.id && accepts(waiver, part));
  const fails = failing && fallen.some((part) => part.threshold.level === 'error' && !isAccepted(part));
  return {
    anchor: describeSource(anchor),
    alpha: policy.driftAlpha,
    factors,
    drifted: fallen.length > 0,
    fails,
  };
}

/** What has been lost since the anchor, in one sentence. */
export function describeDrift({ anchor, factors }: Drift): string {
  const fallen = factors.filter(({ outcome }) => outcome === 'regressed');
  const list = fallen.map(
    ({ name, delta }) => `${((delta.estimate ?? 0) * -100).toFixed(1)} points in ${name.toLowerCase()}`,
  );
  const since = anchor.commit ? `${anchor.name} (${anchor.commit.slice(0, 12)})` : anchor.name;
  return `since ${since} the model has lost ${list.join(' and ')}`;
}
