import { parseModelSource } from '../model/source.ts';
import { splitSelection } from '../suite/select.ts';
import { isRemote, requireThinkEnd } from './model.ts';
import { AUTO_BACKEND, type EvaluationRequest } from './request.ts';
import { groupSize, requireOneChoice } from './workers/devices.ts';

/**
 * Refuses at once what no machine could do: before a model is read or fetched, or an environment built.
 *
 * @throws SosBenchError `usage`, `benchmark-unknown`, `model-missing`.
 */
export function requireUsable(request: EvaluationRequest, cwd: string): void {
  splitSelection(request);
  requireThinkEnd(request);
  requireOneChoice(request);
  // Of `auto` it is not known yet whether it can split a model.
  if (request.backend !== AUTO_BACKEND) groupSize(request);
  if (!isRemote(request)) parseModelSource(request.model, cwd);
}
