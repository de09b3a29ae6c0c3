import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseIfJson } from '../../json.ts';
import { startChild } from '../../system/process/start-child.ts';
import { moduleArguments } from '../../system/python/python-command.ts';

const TIMEOUT_MS = 180_000;
const ConfigSchema = z.object({ architectures: z.array(z.string()).nullish().catch(null) });
const AnswerSchema = z.record(z.string(), z.enum(['own', 'transformers']).nullable());

/**
 * How a vLLM would run a model.
 *
 * `own`: by its own class; `transformers`: by Transformers' class, inside vLLM, which is slower; `none`: not at all; `untold`: it did not say.
 */
export type Support = 'own' | 'transformers' | 'none' | 'untold';

/** Architectures that the configuration in a model's folder names; none where there is no such file. */
export async function readArchitectures(folder: string): Promise<string[]> {
  try {
    const config = ConfigSchema.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')));
    return config.architectures ?? [];
  } catch {
    // What is wrong with it is told where the model is looked at.
    return [];
  }
}

/**
 * Asks the vLLM of a Python for architectures; one that it knows is enough.
 *
 * @param names at least one.
 */
export async function askArchitectures(
  names: readonly string[],
  python: string,
  environment: Record<string, string>,
): Promise<Support> {
  const args = moduleArguments(python, 'sosbench_worker.vllm_architectures', [...names]);
  const result = await startChild(python, args, { environment }, { reject: false, timeout: TIMEOUT_MS });
  const told = AnswerSchema.safeParse(parseIfJson(lastLine(result.stdout ?? '')));
  if (!told.success) return 'untold';
  const how = names.map((name) => told.data[name] ?? null);
  if (how.includes('own')) return 'own';
  return how.includes('transformers') ? 'transformers' : 'none';
}

function lastLine(said: string): string {
  return said.trim().split('\n').at(-1) ?? '';
}
