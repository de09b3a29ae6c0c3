import { planAllItems } from '../../src/suite/plan/assemble.ts';
import type { Plan } from '../../src/suite/plan/plan.ts';
import { fullInventory, liveBenchInventory } from './inventories.ts';

/** A plan of full size: every item of the catalogue, with lengths as docs/cost.md estimates them, and scattered. */
export function fullPlan(): Plan {
  const scatter = (docId: number) => 0.5 + ((docId * 37) % 100) / 100;
  return planAllItems(
    'full',
    1234,
    [...fullInventory(), ...liveBenchInventory()].map((row) => ({
      ...row,
      tasks: row.tasks.map((task) => ({
        ...task,
        documents: task.documents && {
          ...task.documents,
          lengths: task.documents.lengths.map((length, docId) => Math.round(length * scatter(docId))),
        },
      })),
    })),
  );
}
