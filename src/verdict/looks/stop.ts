import type { LoadedRecord } from '../../record/schema.ts';
import type { Factor } from '../../suite/benchmark.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import type { LooksRequest } from '../compare.ts';
import type { Spreads } from '../judge.ts';
import { benchmarkIds, indexRecord } from '../measure/result-view.ts';
import type { Policy } from '../policy.ts';
import { compareProtocols } from '../protocol/protocol.ts';
import { compareModels } from '../signs/same-model.ts';
import { goThroughLooks } from './decide.ts';
import { findObstacle } from './obstacle.ts';

/** What the looks up to one decide. */
export interface Stop {
  /** Why nothing may be decided early; null where nothing is in the way. */
  obstacle: string | null;
  /** The look at which each decided factor was, and how. */
  decided: Map<Factor, { look: number; how: string }>;
  /** Whether no factor takes more questions. */
  isOver: boolean;
}

const WORDS = {
  regressed: 'has regressed',
  held: 'is held',
  all: 'is done',
  other: 'goes no further',
} as const;

/**
 * What the answers up to a look decide, as `compare` will find on the same baseline, plan and answers: for a run that may end early. A
 * candidate's own run may do so, but what counts is what the report finds.
 *
 * @param through the last look whose questions are answered.
 */
export function decideStop(
  baseline: LoadedRecord,
  candidate: LoadedRecord,
  { plan, stopOn }: LooksRequest,
  { policy, spreads, through }: { policy: Policy; spreads?: Spreads | undefined; through: number },
): Stop {
  const nothing = { decided: new Map(), isOver: false };
  const { sequential } = plan;
  if (sequential === undefined) return { obstacle: 'its plan has one look', ...nothing };
  const views = { baseline: indexRecord(baseline), candidate: indexRecord(candidate) };
  const protocol = compareProtocols(baseline, candidate);
  const own: Plan & { sequential: typeof sequential } = { ...plan, sequential };
  const obstacle = findObstacle(own, views, protocol, policy, null);
  if (obstacle !== null) return { obstacle, ...nothing };
  const { paths } = goThroughLooks({
    ...{ plan: own, stopOn, policy, spreads, protocol, views, through },
    ids: benchmarkIds(baseline, candidate),
    options: {
      preset: policy.preset,
      sameModel: compareModels(baseline.record, candidate.record).same,
      force: false,
    },
  });
  const decided: Stop['decided'] = new Map();
  for (const { id, state, done } of paths.values()) {
    if (state !== 'open') decided.set(id, { look: done, how: WORDS[state] });
  }
  return { obstacle: null, decided, isOver: decided.size === paths.size };
}
