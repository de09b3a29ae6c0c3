import { askArchitectures, readArchitectures } from '../../evaluate/backend/ask-architectures.ts';
import { byArchitecture } from '../../evaluate/backend/settle-backend.ts';
import {
  type MachineFacts,
  reasonAgainstVllm,
  type WantedOfBackend,
} from '../../evaluate/backend/vllm-fits.ts';
import { vllmEnvironment } from '../../system/python/environment-spec.ts';
import { findManagedPython } from '../../system/python/managed.ts';
import { type Check, ok, warn } from '../check.ts';

interface Look {
  wanted: WantedOfBackend;
  machine: MachineFacts;
  /** `managed` or a path. */
  python: string;
  cache: string;
  /** A worker's. */
  passedOn: Record<string, string>;
  /** The model's folder; null where it is not known. */
  folder: string | null;
}

const ID = 'backend-auto';
const OTHERWISE = 'unless a plan or a baseline says otherwise';

/**
 * What backend `auto` will take here, and why, as far as that can be seen without building anything.
 *
 * @returns the backend that other checks are to look at: `hf` where it cannot be told.
 */
export async function foreseeBackend(look: Look): Promise<{ backend: string; check: Check }> {
  const { wanted, machine, python, cache, passedOn, folder } = look;
  const against = reasonAgainstVllm(wanted, machine);
  if (against !== null) return told('hf', against);
  const where = python === 'managed' ? await findVllm(cache, passedOn) : python;
  if (typeof where !== 'string') return where;
  const names = folder === null ? [] : await readArchitectures(folder);
  if (names.length === 0)
    return {
      backend: 'hf',
      check: warn(
        ID,
        'auto takes vllm if vLLM knows the architecture of the model, else hf',
        'give --model a folder to see which, or name the backend',
      ),
    };
  const support = await askArchitectures(names, where, passedOn);
  const { backend, reason } = byArchitecture(names.join(', '), support);
  return told(backend, reason);
}

async function findVllm(cache: string, environment: Record<string, string>) {
  try {
    const { built, python } = await findManagedPython({ cache, environment, spec: vllmEnvironment('gpu') });
    if (built) return python;
  } catch (error) {
    return told('hf', `vLLM cannot be had: ${error instanceof Error ? error.message : error}`);
  }
  const hint = 'the first run builds it, which takes minutes; name backend hf to do without';
  const message =
    'auto takes vllm if it knows the model: there is a GPU, and its environment is not built yet';
  return { backend: 'hf', check: warn(ID, message, hint) };
}

function told(backend: string, reason: string): { backend: string; check: Check } {
  return { backend, check: ok(ID, `auto takes ${backend}, ${OTHERWISE}: ${reason}`) };
}
