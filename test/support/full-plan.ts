import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { type Plan, planAllItems } from '../../src/suite/plan.ts';

const GENERATED = ['ifeval', 'math'];

/** A plan of full size: every item of the catalogue, with lengths like the real ones. */
export function fullPlan(): Plan {
  let next = 0;
  return planAllItems(
    'full',
    1234,
    CATALOGUE.map(({ id, tasks }, row) => ({
      id,
      reason: null,
      tasks: tasks.map(({ name, items }) => {
        const each = <T>(make: (docId: number) => T) =>
          Array.from({ length: items }, (_, docId) => make(docId));
        return {
          task: name,
          reason: null,
          documents: {
            hashes: each(() => (++next).toString(16).padStart(16, '0')),
            clusters: each(() => null),
            lengths: each((docId) => 100 + 70 * row + ((docId * 37) % 400)),
            choices: each(() => (GENERATED.includes(id) ? 0 : 2 + (row % 9))),
            dropped: {},
            maxNewTokens: GENERATED.includes(id) ? 1024 : 0,
          },
        };
      }),
    })),
  );
}
