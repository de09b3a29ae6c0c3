import type { LoadedRecord } from '../../record/schema.ts';
import type { Factor } from '../../suite/benchmark.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import type { LooksRequest } from '../compare.ts';
import { compareHeadToHead } from '../head-to-head/compare-head-to-head.ts';
import type { Spreads } from '../judge.ts';
import { benchmarkIds, indexRecord } from '../measure/result-view.ts';
import type { Policy } from '../policy.ts';
import { compareProtocols } from '../protocol/protocol.ts';
import { compareModels } from '../signs/same-model.ts';
import { goThroughLooks, type LooksInput } from './decide.ts';
import { judgeLooked } from './judge.ts';
import { findObstacle } from './obstacle.ts';

/** What the looks up to one decide. */
export interface Stop {
  /** Why nothing may be decided early; null where nothing is in the way. */
  obstacle: string | null;
  /** The look at which each decided factor was, and how. */
  decided: Map<Factor, { look: number; how: string }>;
  /** Whether no factor takes more questions. */
  isOver: boolean;
  /**
   * Held factors of which a judge's alarm wants the looks that are left: the judge prefers the new answers, and nothing but a gain of these is
   * not ruled out. None where no judge was asked.
   */
  wanted: Factor[];
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
  const nothing = { decided: new Map(), isOver: false, wanted: [] };
  const { sequential } = plan;
  if (sequential === undefined) return { obstacle: 'its plan has one look', ...nothing };
  const views = { baseline: indexRecord(baseline), candidate: indexRecord(candidate) };
  const protocol = compareProtocols(baseline, candidate);
  const own: Plan & { sequential: typeof sequential } = { ...plan, sequential };
  const obstacle = findObstacle(own, views, protocol, policy, null);
  if (obstacle !== null) return { obstacle, ...nothing };
  const input: LooksInput = {
    ...{ plan: own, stopOn, policy, spreads, protocol, views },
    ids: benchmarkIds(baseline, candidate),
    options: {
      preset: policy.preset,
      sameModel: compareModels(baseline.record, candidate.record).same,
      force: false,
    },
  };
  const { paths } = goThroughLooks({ ...input, through });
  const decided: Stop['decided'] = new Map();
  for (const { id, state, done } of paths.values()) {
    if (state !== 'open') decided.set(id, { look: done, how: WORDS[state] });
  }
  const isOver = decided.size === paths.size;
  return { obstacle: null, decided, isOver, wanted: isOver ? findWanted(baseline, candidate, input) : [] };
}

function findWanted(baseline: LoadedRecord, candidate: LoadedRecord, input: LooksInput): Factor[] {
  if (candidate.headToHead === undefined) return [];
  const { factors, benchmarks } = judgeLooked(goThroughLooks({ ...input, beyond: true }), input);
  const alarm = compareHeadToHead(baseline, candidate, { factors, benchmarks }, input.policy)?.alarm;
  if (alarm?.state !== 'cannot tell') return [];
  const open = alarm.factors.filter(({ excluded }) => !excluded).map(({ id }) => id);
  const mayGoOn = open.every((id) => {
    const looks = factors.find((factor) => factor.id === id)?.looks;
    return looks?.decided === 'held' && (looks.beyond?.look ?? looks.done) < input.plan.sequential.looks;
  });
  return mayGoOn ? open : [];
}
