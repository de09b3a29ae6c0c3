import { SosBenchError } from '../../error.ts';
import { expression } from '../../workflow-expression.ts';

/** How the jobs that did the work ended, taken together. */
export type JobsResult = 'success' | 'failure' | 'cancelled' | 'skipped';

/** What stands over what: a job that failed is why those after it were skipped. */
const ORDER: readonly JobsResult[] = ['failure', 'cancelled', 'skipped', 'success'];

/**
 * Reads `needs.JOB.result`, or several of them with commas between, as `join(needs.*.result)` gives them.
 *
 * @throws SosBenchError `usage`.
 */
export function readResult(text: string): JobsResult {
  const given = text.split(',').map((word) => word.trim());
  const known = given.filter((word): word is JobsResult => (ORDER as readonly string[]).includes(word));
  if (known.length < given.length) {
    throw new SosBenchError('usage', `result is '${text.slice(0, 100)}'`, {
      hint: `give \`result: ${expression('join(needs.*.result)')}\`, and name the job that evaluates in the job's \`needs\``,
    });
  }
  return ORDER.find((result) => known.includes(result))!;
}
