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
      const isPath = OPENED.has(name) && (/^\.{0,2}\//.test(value) || existsSync(resolve(cwd, value)));
      return [name, isPath || WRITTEN.has(name) ? resolve(cwd, value) : value];
    }),
  );
}
