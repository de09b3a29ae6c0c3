import { ownValue } from '../../json.ts';
import type { Explanation } from '../../serving/engine-fault.ts';

/** How Python says that a function takes no argument of a name. */
const UNEXPECTED = /got an unexpected keyword argument '(\w+)'/;

/** Arguments of one backend that another has under its own name. */
const OTHERWISE: Record<string, Record<string, string>> = {
  hf: { max_model_len: 'max_length' },
  vllm: { peft: 'lora_local_path' },
  sglang: { max_model_len: 'context_length' },
};

/**
 * What it means that a model's class refuses an argument: it is another backend's, or misspelt.
 *
 * @param args those that the class was given.
 * @returns null where the fault is another, or of an argument that was not given.
 */
export function explainArgumentFault(
  fault: string,
  backend: string,
  args: Readonly<Record<string, unknown>>,
): Explanation | null {
  const [, name] = UNEXPECTED.exec(fault) ?? [];
  if (name === undefined || !Object.hasOwn(args, name)) return null;
  const other = ownValue(ownValue(OTHERWISE, backend) ?? {}, name);
  return {
    message: `model-args has ${name}, which backend ${backend} does not take`,
    hint: `${other === undefined ? 'leave it out' : `it is ${other} there`}, or name the backend that it is for`,
  };
}
