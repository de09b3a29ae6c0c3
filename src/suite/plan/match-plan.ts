import { noun } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import type { BenchmarkInventory, DocumentInventory } from './inventory.ts';
import type { Plan, PlannedTask } from './plan.ts';

/**
 * Checks that the documents here are those a stored plan was made of: as many in each task, the chosen ones in their
 * positions.
 *
 * @throws SosBenchError `plan-mismatch`, naming the first task that differs.
 */
export function requirePlannedDocuments(plan: Plan, inventory: readonly BenchmarkInventory[]): void {
  const here = new Map(
    inventory.flatMap(({ id, tasks }) => tasks.map((task) => [`${id} ${task.task}`, task] as const)),
  );
  for (const { id, tasks } of plan.benchmarks) {
    for (const planned of tasks) {
      if (planned.status === 'skipped') continue;
      const task = here.get(`${id} ${planned.task}`);
      const documents = task?.documents ?? null;
      if (documents === null) {
        throw mismatch(planned.task, task?.reason ?? `${id} has no such task`);
      }
      const difference = findDifference(planned, documents);
      if (difference !== null) throw mismatch(planned.task, difference);
    }
  }
}

/**
 * A stored plan with what its hash does not cover as the documents here have it: which of them depend on each other, and how many were
 * left out. Somebody else may have written the file, and a hash in a workflow says nothing of these.
 *
 * @param inventory fits the plan: see `requirePlannedDocuments`.
 */
export function asDescribed(plan: Plan, inventory: readonly BenchmarkInventory[]): Plan {
  const here = new Map(
    inventory.flatMap(({ id, tasks }) =>
      tasks.map((task) => [`${id} ${task.task}`, task.documents] as const),
    ),
  );
  const benchmarks = plan.benchmarks.map((benchmark) => ({
    ...benchmark,
    tasks: benchmark.tasks.map((task): PlannedTask => {
      const documents = here.get(`${benchmark.id} ${task.task}`) ?? null;
      if (task.status === 'skipped' || documents === null) return task;
      const { clusters, dropped } = documents;
      return { ...task, dropped, clusters: task.docIds.map((docId) => clusters[docId] ?? null) };
    }),
  }));
  return { ...plan, benchmarks };
}

function findDifference(planned: PlannedTask, { hashes }: DocumentInventory): string | null {
  if (hashes.length !== planned.available) {
    return `the plan was made of ${planned.available} ${noun(planned.available, 'document')}, and there ${hashes.length === 1 ? 'is' : 'are'} ${hashes.length} here`;
  }
  const index = planned.docIds.findIndex((docId, i) => hashes[docId] !== planned.docHashes[i]);
  return index === -1 ? null : `document ${planned.docIds[index]} is not the one that was planned`;
}

function mismatch(task: string, what: string): SosBenchError {
  return new SosBenchError('plan-mismatch', `the plan does not fit the questions of ${task}: ${what}`, {
    hint: "use the data and the seed the plan was made with, or make a new plan with 'sos-bench plan' and a new baseline",
  });
}
