import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../error.ts';
import { fileError } from '../system/files.ts';
import { describeJsonFault } from '../system/json-fault.ts';

export interface InspectOptions {
  /** The model's arguments for the harness: `gguf_file`, `peft` and the like change what is needed. */
  args: Record<string, unknown>;
  /** Whether weights in pickle formats (which can run code when read) are allowed. */
  allowPickle: boolean;
}

/**
 * Checks that a local path can be a model before minutes are spent finding out: a folder with a
 * configuration and weights, or a GGUF file with `gguf_file`.
 *
 * @throws SosBenchError `model-unreadable` saying what is missing.
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
  const gguf = options.args.gguf_file;
  if (typeof gguf === 'string') {
    if (!existsSync(join(path, gguf))) throw unreadable(`${path} has no file ${gguf}`, ggufHint(names));
    return;
  }
  if (!names.includes('config.json')) {
    throw unreadable(`${path} has no config.json`, ggufHint(names));
  }
  await requireJson(join(path, 'config.json'));
  if (names.some((name) => name.endsWith('.safetensors'))) return;
  if (names.some((name) => /\.(bin|pt|pth)$/.test(name))) {
    if (options.allowPickle) return;
    throw unreadable(
      `${path} has its weights in a pickle format only, which can run code when read`,
      'save the model with safe_serialization=True, or allow it with --allow-pickle',
    );
  }
  throw unreadable(`${path} has no weights (*.safetensors)`, 'did the training job finish saving?');
}

async function requireJson(path: string): Promise<void> {
  let text = '';
  try {
    text = await readFile(path, 'utf8');
    JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError(error, path, 'read');
    const fault = describeJsonFault(text, error);
    throw unreadable(`${path} is not valid JSON: ${fault}`, 'was the model saved completely?');
  }
}

function unreadable(message: string, hint: string): SosBenchError {
  return new SosBenchError('model-unreadable', message, { hint });
}

function hintForFile(path: string): string {
  return path.endsWith('.gguf')
    ? 'give the folder as the model, and the file with --model-args gguf_file=NAME'
    : 'give the folder that holds config.json and the weights';
}

function ggufHint(names: string[]): string {
  const file = names.find((name) => name.endsWith('.gguf'));
  return file === undefined
    ? 'give the folder that holds config.json and the weights'
    : `it holds GGUF weights: add --model-args gguf_file=${file}`;
}
