import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { type InspectOptions, inspectModel } from '../../model/inspect.ts';
import { parseModelSource } from '../../model/source.ts';
import { type Check, fail, ok } from '../check.ts';

export interface ModelFacts {
  check: Check;
  /** Bytes of its weights; null where they are not here. */
  weights: number | null;
  /** Its name on the Hub; null where it is elsewhere. */
  repository: string | null;
  /** Null where it is not here. */
  folder: string | null;
}

const WEIGHTS = /\.(safetensors|bin|pt|pth|gguf)$/;

/** Whether the model can be read, and in which format its weights are. */
export async function checkModel(model: string, cwd: string, options: InspectOptions): Promise<ModelFacts> {
  try {
    const source = parseModelSource(model, cwd);
    if (source.kind === 'hub')
      return {
        check: ok('model', `${source.repository} on the Hub`),
        weights: null,
        repository: source.repository,
        folder: null,
      };
    if (source.kind !== 'path')
      return {
        check: ok('model', `${source.kind}: not looked at before a run`),
        weights: null,
        repository: null,
        folder: null,
      };
    await inspectModel(source.path, options);
    const names = (await readdir(source.path)).filter((name) => WEIGHTS.test(name));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(source.path, name))).size));
    const weights = sizes.reduce((sum, size) => sum + size, 0);
    const formats = [...new Set(names.map((name) => WEIGHTS.exec(name)![1]))].join(', ');
    const message = `${source.path}: ${formats}, ${(weights / 1e9).toFixed(2)} GB`;
    return { check: ok('model', message), weights, repository: null, folder: source.path };
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return {
      check: fail('model', error.message, error.hint ?? ''),
      weights: null,
      repository: null,
      folder: null,
    };
  }
}
