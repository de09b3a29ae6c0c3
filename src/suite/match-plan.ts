import { SosBenchError } from '../error.ts';
import type { BenchmarkInventory, DocumentInventory, Plan, PlannedTask } from './plan.ts';

/**
 * Checks that the documents here are those a stored plan was made of: as many in each task, the chosen ones in their
 * places.
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

function findDifference(planned: PlannedTask, { hashes }: DocumentInventory): string | null {
  if (hashes.length !== planned.available) {
    return `the plan was made of ${planned.available} documents, here are ${hashes.length}`;
  }
  const place = planned.docIds.findIndex((docId, i) => hashes[docId] !== planned.docHashes[i]);
  return place === -1 ? null : `document ${planned.docIds[place]} is another one than was planned`;
}

function mismatch(task: string, what: string): SosBenchError {
  return new SosBenchError('plan-mismatch', `the plan does not fit the questions of ${task}: ${what}`, {
    hint: "use the data and the seed the plan was made with, or make a new plan with 'sos-bench plan' and a new baseline",
  });
}
