import { readFile, stat } from 'node:fs/promises';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { parsePlan } from '../../suite/plan/parse-plan.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { fileError } from '../../system/files/files.ts';

/** A plan of all 152,380 items takes 7 MB. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * Reads a stored plan.
 *
 * @throws SosBenchError `plan-invalid` for a file that is missing or no plan.
 */
export async function readPlan(path: string): Promise<Plan> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw noPlanFile(`${path} is too large for a plan`);
    return parsePlan(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw fileError(error, path, 'read');
    throw noPlanFile(`there is no plan ${path}`, error);
  }
}

function noPlanFile(message: string, cause?: unknown): SosBenchError {
  return new SosBenchError('plan-invalid', message, {
    hint: "give the file that 'sos-bench plan --output FILE' wrote",
    cause,
  });
}
