/**
 * Arguments of a model class that name what is evaluated: files of the model, its tokenizer, number format and quantisation. All
 * others (lengths, special tokens, remote code, generation) decide how it is evaluated.
 */
export const SUBJECT_ARGS = [
  'gguf_file',
  'subfolder',
  'variant',
  'peft',
  'lora_local_path',
  'delta',
  'tokenizer',
  'tokenizer_path',
  'dtype',
  'quantization',
  'quantisation',
  'autogptq',
  'gptqmodel',
  'load_in_4bit',
  'load_in_8bit',
] as const;

/** Families of arguments of bitsandbytes. */
const SUBJECT_ARG_FAMILIES = /^(bnb_4bit|llm_int8)_[a-z0-9_]+$/;

/** Whether an argument of a model class only names what is evaluated. */
export function isSubjectArg(name: string): boolean {
  return (SUBJECT_ARGS as readonly string[]).includes(name) || SUBJECT_ARG_FAMILIES.test(name);
}

export interface SplitArgs {
  subject: Record<string, unknown>;
  judging: Record<string, unknown>;
}

/** Arguments of a model class, by what they are to a change. */
export function splitModelArgs(args: Readonly<Record<string, unknown>>): SplitArgs {
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(args).filter(([name]) => isSubjectArg(name) === wanted));
  return { subject: pick(true), judging: pick(false) };
}

/** A model that a change may name: a path, `hf:` or `artifact:`. A command would run in the job that judges. */
export function isSubjectModel(model: string): boolean {
  return !/^\s*command\s*:/i.test(model);
}
