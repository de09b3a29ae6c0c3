import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../system/files/files.ts';
import { unreadable } from './inside.ts';
import { findModelFiles, type LoadOptions } from './model-files.ts';

export type InspectOptions = LoadOptions;

/**
 * Checks that a local path can be a model before minutes are spent finding out: a folder with a configuration and weights that the
 * harness's model class will load, or a GGUF file with `gguf_file`.
 *
 * @throws SosBenchError `model-unreadable` saying what is missing, or what may not be loaded.
 */
export async function inspectModel(path: string, options: InspectOptions): Promise<void> {
  let names: string[];
  try {
    if (!(await stat(path)).isDirectory()) {
      throw unreadable(`${path} is a file, not a model folder`, hintForFile(path));
    }
    names = await readdir(path);
  } catch (error) {
    throw fileError(error, path, 'read');
  }
  const { gguf_file: gguf, subfolder } = options.args;
  if (typeof gguf === 'string' && !subfolder && !existsSync(join(path, gguf)))
    throw unreadable(`${path} has no file ${gguf}`, ggufHint(names));
  if (typeof gguf !== 'string' && !subfolder && !names.includes('config.json'))
    throw unreadable(`${path} has no config.json`, hintWithoutConfig(names));
  await findModelFiles(path, options);
}

function hintForFile(path: string): string {
  return path.endsWith('.gguf')
    ? 'give the folder as the model, and the file with --model-args gguf_file=NAME'
    : 'give the folder that holds config.json and the weights';
}

function hintWithoutConfig(names: readonly string[]): string {
  return names.includes('adapter_config.json')
    ? 'it is an adapter: give its base as --model, and it with --model-args peft=FOLDER'
    : ggufHint(names);
}

function ggufHint(names: readonly string[]): string {
  const file = names.find((name) => name.endsWith('.gguf'));
  return file === undefined
    ? 'give the folder that holds config.json and the weights'
    : `it holds GGUF weights: add --model-args gguf_file=${file}`;
}
