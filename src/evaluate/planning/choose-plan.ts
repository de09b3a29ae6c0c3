import { SosBenchError } from '../../error.ts';
import { planAllItems } from '../../suite/plan/assemble.ts';
import type { BenchmarkInventory } from '../../suite/plan/inventory.ts';
import { asDescribed, requirePlannedDocuments } from '../../suite/plan/match-plan.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { planSample, type SampleDesign } from '../../suite/plan/sample.ts';
import { isKnown, selectBenchmarks } from '../../suite/select.ts';
import type { EvaluationRequest, QuestionRequest } from '../request.ts';

/**
 * The plan to run: the stored one, where the documents here are those it was made of; else a new one.
 *
 * @throws SosBenchError `plan-mismatch`; `data-missing` where there is nothing to run; `usage` for a sample that cannot show
 *   what it is asked to.
 */
export function choosePlan(
  {
    suite,
    seed,
    design,
    stages = [],
  }: Pick<EvaluationRequest, 'suite' | 'seed' | 'design'> & Partial<Pick<EvaluationRequest, 'stages'>>,
  inventory: readonly BenchmarkInventory[],
  stored: Plan | null,
): Plan {
  if (stored !== null) {
    requirePlannedDocuments(stored, inventory);
    return asDescribed(stored, inventory);
  }
  // Only a judge's questions are asked, which are in no plan.
  if (isJudgeAlone(stages)) return planAllItems(suite, seed, inventory);
  const plan = suite === 'pr' ? planFor(design, seed, inventory) : planAllItems(suite, seed, inventory);
  requireItems(plan);
  return plan;
}

/** Whether answers are judged, and nothing else is done. */
export function isJudgeAlone(stages: EvaluationRequest['stages']): boolean {
  return stages.length > 0 && stages.every((stage) => stage === 'judge');
}

function planFor(design: SampleDesign | null, seed: number, inventory: readonly BenchmarkInventory[]): Plan {
  if (design === null) throw new Error("suite 'pr' needs a design");
  return planSample(seed, inventory, design);
}

function requireItems(plan: Plan): void {
  if (plan.chunks.length > 0) return;
  const reasons = plan.benchmarks.map(({ id, reason }) => `${id}: ${reason}`);
  throw new SosBenchError('data-missing', `no benchmark can run; ${reasons.slice(0, 3).join('; ')}`, {
    hint: 'check --datasets-dir and --benchmarks, or the network and hf-token for the Hub',
  });
}

/**
 * The request with suite, seed and benchmarks as the stored plan says.
 *
 * @throws SosBenchError `usage` where benchmarks were asked for that are not the plan's.
 */
export function followPlan<Request extends Pick<QuestionRequest, 'suite' | 'seed' | 'benchmarks'>>(
  request: Request,
  plan: Plan,
): Request {
  const planned = plan.benchmarks.map(({ id }) => id);
  const requested = requestedIds(request.benchmarks);
  if (request.benchmarks.length > 0 && [...requested].sort().join() !== [...planned].sort().join()) {
    throw new SosBenchError('usage', 'the plan was made for other benchmarks than --benchmarks names', {
      hint: 'leave --benchmarks out: the plan says which; or make a plan of these',
    });
  }
  return { ...request, suite: plan.suite, seed: plan.seed, benchmarks: planned };
}

/** Ids of the benchmarks that names of benchmarks and factors stand for; all of the catalogue where none is named. */
export function requestedIds(names: readonly string[]): string[] {
  const known = names.filter(isKnown);
  const benchmarks = names.length > 0 && known.length === 0 ? [] : selectBenchmarks(known);
  return [...benchmarks.map(({ id }) => id), ...names.filter((name) => !isKnown(name))];
}

/** Benchmarks of which a plan has items. */
export function plannedIds({ benchmarks }: Plan): Set<string> {
  return new Set(benchmarks.flatMap(({ id, status }) => (status === 'planned' ? [id] : [])));
}
