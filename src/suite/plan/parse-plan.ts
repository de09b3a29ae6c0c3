import { z } from 'zod';
import { noun } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { firstIssue } from '../../first-issue.ts';
import { depthFault, parseJson as parseBounded } from '../../json.ts';
import { faultOfLooks } from './looks/looks.ts';
import { hashPlan, PLAN_SCHEMA_VERSION, type Plan, type PlannedTask, PlanSchema } from './plan.ts';

/**
 * A stored plan. It may come from elsewhere: nothing in it is believed that its hash does not cover or its own parts
 * contradict.
 *
 * @param name how to call the file in errors.
 * @throws SosBenchError `plan-invalid`, saying what is wrong with it.
 */
export function parsePlan(text: string, name: string): Plan {
  const document = parseJson(text, name);
  const version = z.object({ schemaVersion: z.number() }).safeParse(document);
  if (version.success && version.data.schemaVersion !== PLAN_SCHEMA_VERSION) {
    throw unusablePlan(
      name,
      `it has schema version ${version.data.schemaVersion}; this program reads ${PLAN_SCHEMA_VERSION}`,
    );
  }
  const parsed = PlanSchema.safeParse(document);
  if (!parsed.success) {
    throw unusablePlan(name, firstIssue(parsed.error), parsed.error);
  }
  const plan = parsed.data;
  const fault = findFault(plan);
  if (fault !== null) throw unusablePlan(name, fault);
  if (hashPlan(plan) !== plan.planHash) {
    throw unusablePlan(name, 'its hash is not that of its items: it was changed after it was made');
  }
  const otherLooks = plan.sequential === undefined ? null : faultOfLooks(plan.sequential);
  if (otherLooks !== null) {
    throw new SosBenchError('plan-mismatch', `${name} cannot be used: ${otherLooks}`, {
      hint: "boundaries are fixed by the plan's own items: make a new plan with 'sos-bench plan --output FILE'",
    });
  }
  return plan;
}

function parseJson(text: string, name: string): unknown {
  try {
    return parseBounded(text);
  } catch (cause) {
    // The engine's own message quotes the file, which may be another's secret.
    throw unusablePlan(name, depthFault(cause) ?? 'it is not whole JSON', cause);
  }
}

/** What contradicts itself; null where nothing does. */
function findFault({ benchmarks, chunks, sequential }: Plan): string | null {
  const tasks = new Map<string, { benchmark: string; open: Set<number> }>();
  const seen = new Set<string>();
  for (const benchmark of benchmarks) {
    if (seen.has(benchmark.id)) return `it has ${benchmark.id} twice`;
    seen.add(benchmark.id);
    for (const task of benchmark.tasks) {
      if (tasks.has(task.task)) return `it has task ${task.task} twice`;
      const fault = faultOfTask(task);
      if (fault !== null) return `task ${task.task}: ${fault}`;
      if (benchmark.status === 'skipped' && task.docIds.length > 0)
        return `${benchmark.id} is skipped and has items`;
      tasks.set(task.task, { benchmark: benchmark.id, open: new Set(task.docIds) });
    }
  }
  const ids = new Set<string>();
  for (const { id, benchmark, task, docIds, look } of chunks) {
    if (ids.has(id)) return `it has chunk ${id} twice`;
    if ((look === undefined) !== (sequential === undefined) || (look ?? 1) > (sequential?.looks ?? 1))
      return `chunk ${id} is of no look of the plan`;
    ids.add(id);
    const planned = tasks.get(task);
    if (planned === undefined || planned.benchmark !== benchmark) return `chunk ${id} is of no planned task`;
    if (!isIncreasing(docIds)) return `chunk ${id} is out of order`;
    if (!docIds.every((docId) => planned.open.delete(docId)))
      return `chunk ${id} has items that are not planned, or twice`;
  }
  for (const [task, { open }] of tasks) {
    if (open.size > 0)
      return `${open.size} ${noun(open.size, 'item')} of ${task} ${open.size === 1 ? 'is' : 'are'} in no chunk`;
  }
  return null;
}

const ROUNDING = 1e-9;

function faultOfTask({
  docIds,
  docHashes,
  clusters,
  inclusionP,
  available,
  status,
}: PlannedTask): string | null {
  const n = docIds.length;
  if (docHashes.length !== n || clusters.length !== n || inclusionP.length !== n)
    return 'its lists differ in length';
  if (!isIncreasing(docIds) || (docIds.at(-1) ?? -1) >= available) return 'its items are out of order';
  if (status === 'skipped' && n > 0) return 'it is skipped and has items';
  // A score is weighed by them: they are what the draw was, and nobody's to choose.
  if (inclusionP.some((p) => Math.abs(p * available - n) > ROUNDING * n))
    return `its inclusion probabilities are not those of ${n} ${noun(n, 'item')} out of ${available}`;
  return null;
}

function isIncreasing(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > values[index - 1]!);
}

function unusablePlan(name: string, what: string, cause?: unknown): SosBenchError {
  return new SosBenchError('plan-invalid', `${name} cannot be used: ${what}`, {
    hint: "make a new plan with 'sos-bench plan --output FILE'",
    cause,
  });
}
