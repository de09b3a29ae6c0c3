import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Model arguments that the harness's model classes open as a file or folder, or take for the name of a repository on the Hub. */
const OPENED = new Set([
  'peft',
  'delta',
  'tokenizer',
  'tokenizer_path',
  'autogptq',
  'lora_local_path',
  'hf_config_path',
  'generation_config',
  'chat_template',
  'ca_cert_path',
]);
/** Those that name where something is put. */
const WRITTEN = new Set(['offload_folder', 'download_dir']);

/** Whether the value of an argument is taken for a path: for the Hub's it is left where it is nothing there and does not begin as one. */
function isOpened(name: string, value: string, cwd: string): boolean {
  return OPENED.has(name) && (/^\.{0,2}\//.test(value) || existsSync(resolve(cwd, value)));
}

/** Paths in model arguments that may be opened: those of arguments that name a file, and whatever begins with `/`, also inside of a value. */
export function openedPaths(args: Readonly<Record<string, unknown>>, cwd: string): string[] {
  const walk = (name: string, value: unknown): string[] => {
    if (typeof value === 'string')
      return value !== '' && (value.startsWith('/') || isOpened(name, value, cwd)) ? [value] : [];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => walk(Array.isArray(value) ? name : key, inner));
  };
  return walk('', args);
}

/** Another model or configuration, by name or as a folder, whatever the argument is given as. */
const OF_ANOTHER = /^(hf_config_path|speculative_(config|model|.*_path)|.*draft_model.*)$/;
/** Values of `generation_config` that name no file. */
const NO_FILE = ['auto', 'vllm'];

/**
 * In words, which arguments have something read that is not a part of the model's folder, beside those that `looked` names: what is in it
 * decides answers, and is not known.
 */
export function unreadPaths(args: Readonly<Record<string, unknown>>, looked: readonly string[]): string[] {
  return Object.entries(args)
    .filter(([name, value]) => {
      if (looked.includes(name) || WRITTEN.has(name) || value === null || value === false || value === '')
        return false;
      if (OF_ANOTHER.test(name)) return true;
      if (name === 'generation_config' && typeof value === 'string' && !NO_FILE.includes(value)) return true;
      return openedPaths({ [name]: value }, '/').length > 0;
    })
    .map(([name]) => `what ${name} names is not looked at`);
}

/**
 * Model arguments with the paths in them made absolute: what opens the model is not started where the user is. A value that is nothing
 * there, and does not begin as a path, is left to be the Hub's.
 */
export function absoluteArguments(
  args: Readonly<Record<string, unknown>>,
  cwd: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      if (typeof value !== 'string' || value === '') return [name, value];
      return [name, isOpened(name, value, cwd) || WRITTEN.has(name) ? resolve(cwd, value) : value];
    }),
  );
}
