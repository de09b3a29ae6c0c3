import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unreadPaths } from './argument-paths.ts';
import { findCodeFiles } from './code-files.ts';
import { requireInside, requireNoPointers, unreadable } from './inside.ts';
import { requirePlainFiles } from './plain-files.ts';
import { findTextFiles, type TextFiles } from './text-files.ts';
import {
  adapterWeights,
  allWeights,
  ENGINE_FORMATS,
  engineWeights,
  transformersWeights,
  type Weights,
} from './weights.ts';

export interface LoadOptions {
  /** Model class of the harness. */
  backend?: string;
  /** The model's arguments for it, paths in them absolute: `gguf_file`, `peft` and the like change what is loaded. */
  args: Readonly<Record<string, unknown>>;
  /** Whether weights in pickle formats (which can run code when read) are allowed. */
  allowPickle: boolean;
  /** Whether Python code of the folder may run. */
  trustRemoteCode?: boolean;
}

/** Files of one folder, by names relative to it. */
export interface FilesIn {
  folder: string;
  files: string[];
}

/** All files that are loaded for a model. */
export interface ModelFiles {
  weights: FilesIn[];
  adapter: FilesIn[];
  /** Text files of the folder that the model is loaded from; null where a GGUF file has all of it. */
  text: (TextFiles & { folder: string }) | null;
  /** The same of the tokenizer, where it comes from another folder. */
  tokenizer: (TextFiles & { folder: string }) | null;
  /** Text files of a `delta`: it is loaded by its own configuration. */
  delta: (TextFiles & { folder: string }) | null;
  /** Where code of a folder may run: that, and all else in the folder, which it may read. */
  code: FilesIn[];
  /** Parts that are loaded from where we do not see, and why. */
  unknown: { part: 'weights' | 'adapter' | 'config' | 'tokenizer' | 'arguments'; why: string }[];
}

/** Arguments that only say where files are: what is in the files counts, and where they lie does not. */
export const LOCATING = [
  'gguf_file',
  'subfolder',
  'variant',
  'peft',
  'delta',
  'tokenizer',
  'tokenizer_path',
  'lora_local_path',
];

const ENGINES = ['vllm', 'sglang'];
const isEngine = (backend: string) => ENGINES.some((engine) => backend.startsWith(engine));
const isTransformers = (backend: string) =>
  backend === 'huggingface' || /^hf(-auto|-multimodal)?$/.test(backend);

/**
 * Finds the files that the harness's model class will load for a model in a folder, in the way the class chooses them, and checks them: none
 * missing or cut short, none outside of the folder, no pickles where they are not allowed.
 *
 * @throws SosBenchError `model-unreadable` saying what is wrong, `permission-denied`.
 */
export async function findModelFiles(folder: string, options: LoadOptions): Promise<ModelFiles> {
  const { backend = 'hf', args, trustRemoteCode: code = false } = options;
  const text = (name: string) => (typeof args[name] === 'string' && args[name] !== '' ? args[name] : null);
  const byTransformers = isTransformers(backend);
  const subfolder = byTransformers ? text('subfolder') : null;
  const base =
    subfolder === null ? folder : join(folder, requireInside(subfolder, 'subfolder in model-args'));
  const gguf = byTransformers ? text('gguf_file') : null;
  const found: ModelFiles = {
    ...{ weights: [], adapter: [], text: null, tokenizer: null, delta: null, code: [] },
    unknown: unreadPaths(args, LOCATING).map((why) => ({ part: 'arguments', why })),
  };
  const others = ['peft', 'lora_local_path', 'delta', 'tokenizer', 'tokenizer_path'].map(text);
  const folders = [folder, base, ...others].filter((path) => path !== null);
  for (const path of new Set(folders)) await requirePlainFiles(path);

  found.text = { folder: base, ...(await findTextFiles(base, { code })) };
  if (gguf !== null) {
    found.weights.push({ folder: base, files: [requireInside(gguf, 'gguf_file in model-args')] });
  } else {
    if (!found.text.config.includes('config.json'))
      throw unreadable(
        `${base} has no config.json`,
        'give the folder that holds config.json and the weights',
      );
    found.weights.push({ folder: base, ...(await weightsOf(base, backend, options)) });
    const why = whyUnseen(backend, args);
    if (why !== null) found.unknown.push({ part: 'weights', why });
  }
  if (byTransformers) await addEmbeddedAdapter(found, folder, base, options);
  for (const name of ['peft', 'lora_local_path']) {
    const path = text(name);
    if (path === null) continue;
    if (isFolder(path)) await addAdapter(found, path, options);
    else found.unknown.push({ part: 'adapter', why: `${name} is not a folder on this machine` });
  }
  const delta = text('delta');
  if (delta !== null && isFolder(delta)) {
    found.weights.push({ folder: delta, ...(await transformersWeights(delta, options)) });
    found.delta = { folder: delta, ...(await findTextFiles(delta, { code })) };
  } else if (delta !== null)
    found.unknown.push({ part: 'weights', why: 'delta is not a folder on this machine' });

  const tokenizer = text('tokenizer') ?? text('tokenizer_path');
  if (tokenizer !== null) {
    const own = subfolder === null ? tokenizer : join(tokenizer, subfolder);
    if (isFolder(own)) found.tokenizer = { folder: own, ...(await findTextFiles(own, { code })) };
    else found.unknown.push({ part: 'tokenizer', why: 'tokenizer is not a folder on this machine' });
  }
  await requireNoPointers(loadedPaths(found));
  if (code) {
    const own = [found.text, found.tokenizer, found.delta].flatMap((one) => one?.folder ?? []);
    for (const path of new Set(own)) {
      const { files, unseen } = await findCodeFiles(path);
      found.code.push({ folder: path, files });
      for (const why of unseen) found.unknown.push({ part: 'config', why });
    }
  }
  return found;
}

/** All of them but the weights, of which each was looked at. */
function loadedPaths({ weights, text, tokenizer, delta }: ModelFiles): string[] {
  const gguf = weights.map(({ folder, files }) => ({
    folder,
    files: files.filter((name) => name.endsWith('.gguf')),
  }));
  const texts = [text, tokenizer, delta].filter((one) => one !== null);
  return [
    ...gguf,
    ...texts.map((one) => ({
      folder: one.folder,
      files: [one.config, one.generation, one.tokenizer, one.template].flat(),
    })),
  ].flatMap(({ folder, files }) => files.map((name) => join(folder, name)));
}

/** Why the weights that a loader opens may be others than those that were found; null where they are these. */
function whyUnseen(backend: string, { load_format: format }: LoadOptions['args']): string | null {
  if (isTransformers(backend)) return null;
  if (!isEngine(backend)) return `which files ${backend} loads is not known`;
  const isKnown = typeof format !== 'string' || ENGINE_FORMATS.includes(format);
  return isKnown ? null : `which files load_format=${format} loads is not known`;
}

async function weightsOf(base: string, backend: string, options: LoadOptions): Promise<Weights> {
  const { args, allowPickle } = options;
  const { variant, load_format: format, autogptq, gptqmodel } = args;
  if (typeof autogptq === 'string') requireInside(autogptq, 'autogptq in model-args');
  if (autogptq || gptqmodel) return await allWeights(base, options);
  if (isEngine(backend))
    return await engineWeights(base, {
      allowPickle,
      loadFormat: typeof format === 'string' ? format : 'auto',
    });
  if (!isTransformers(backend)) return await allWeights(base, options);
  if (typeof variant === 'string') requireInside(variant, 'variant in model-args');
  return await transformersWeights(base, {
    allowPickle,
    variant: typeof variant === 'string' && variant !== '' ? variant : undefined,
  });
}

/** transformers puts an adapter that lies beside a model on it, and takes the base of one that lies alone from wherever it says. */
async function addEmbeddedAdapter(
  found: ModelFiles,
  folder: string,
  base: string,
  options: LoadOptions,
): Promise<void> {
  for (const path of new Set([folder, base])) {
    if (!existsSync(join(path, 'adapter_config.json'))) continue;
    if (!existsSync(join(folder, 'config.json')))
      throw unreadable(
        `${path} is an adapter, whose base would be taken from elsewhere`,
        'give the base as --model, and the adapter with --model-args peft=FOLDER',
      );
    await addAdapter(found, path, options);
  }
}

async function addAdapter(found: ModelFiles, folder: string, options: LoadOptions): Promise<void> {
  const { files, others } = await adapterWeights(folder, options);
  found.adapter.push({ folder, files });
  if (others.length > 0)
    found.unknown.push({ part: 'adapter', why: `adapter_config.json names more files (${others[0]})` });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
