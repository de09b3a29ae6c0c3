import { SosBenchError } from '../../error.ts';
import { parseModelSource } from '../../model/source.ts';
import type { ActionRuntime } from '../runtime.ts';
import { trustPath } from './paths.ts';
import type { Trust } from './trust.ts';

/**
 * The model that `baseline-model` names, where it is not the change's own to make: what the change is compared with must not be.
 *
 * @throws SosBenchError `claimed-path`; `model-missing`.
 */
export async function requireOwnModel(model: string, trust: Trust, runtime: ActionRuntime): Promise<string> {
  if (!trust.isChange) return model;
  const source = parseModelSource(model, runtime.cwd);
  if (source.kind === 'path') return await trustPath('baseline-model', model, trust, runtime);
  if (source.kind === 'artifact') {
    throw new SosBenchError('claimed-path', `baseline-model ${model} is an artifact of this very run`, {
      hint: "a job of the change could have left it: name the main branch's model by hf:ORG/NAME@REVISION, or by a folder outside the workspace",
    });
  }
  return model;
}
