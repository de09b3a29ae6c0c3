import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { noun } from '../count.ts';
import { inParallel } from '../in-parallel.ts';
import { fileError } from '../system/files/files.ts';
import { readModelJson, requireInside, unreadable } from './inside.ts';
import { requireReadable, SAFE } from './readable-weights.ts';

/** Weights as a loader will open them: names relative to the folder, index files among them. */
export interface Weights {
  files: string[];
}

interface WeightOptions {
  /** Whether weights in pickle formats (which can run code when read) are allowed. */
  allowPickle: boolean;
  /** Part of the names between stem and ending, such as `fp16` in `model.fp16.safetensors`. */
  variant?: string | undefined;
}

const READS_AT_A_TIME = 16;
const PICKLE = /\.(bin|pt|pth|pkl|ckpt)$/;
/** What training leaves beside weights, which nobody loads. */
const OF_TRAINING = /^(training_args|optimizer|scheduler|scaler|rng_state).*\.(bin|pt|pth)$/;

/**
 * The weights that transformers 5 opens in a folder, in its own order: what the configuration names, `model.safetensors`, its index,
 * then the same as pickles. Other files beside them are never opened.
 *
 * @param folder the model's folder, with its subfolder.
 * @throws SosBenchError `model-unreadable` where there are none, one is missing or cut short, an index names what is not in the folder,
 *   or they are pickles and those are not allowed.
 */
export async function transformersWeights(folder: string, options: WeightOptions): Promise<Weights> {
  const config = await readModelJson(join(folder, 'config.json'));
  const { variant } = options;
  const name = (stem: string, ending: string) =>
    variant ? `${stem}.${variant}.${ending}` : `${stem}.${ending}`;
  const named = config?.transformers_weights;
  const candidates =
    named === undefined || named === null
      ? [
          name('model', 'safetensors'),
          name('model', 'safetensors.index.json'),
          name('pytorch_model', 'bin'),
          name('pytorch_model', 'bin.index.json'),
        ]
      : [requireInside(named, join(folder, 'config.json'))];
  const found = candidates.find((file) => existsSync(join(folder, file)));
  if (found === undefined) throw await noWeights(folder, candidates);
  return { files: await checked(folder, found, options) };
}

/** Formats by which vLLM and SGLang open what `engineWeights` finds. */
export const ENGINE_FORMATS: readonly string[] = [
  ...['auto', 'hf', 'safetensors', 'fastsafetensors', 'instanttensor', 'mistral', 'pt', 'npcache'],
  ...['bitsandbytes', 'runai_streamer', 'layered'],
];

/**
 * The weights that vLLM and SGLang open: safetensors at the folder's top, else pickles; by `load_format` pickles first. Which of the
 * safetensors they take beside an index is the version's to say (`consolidated*` first, or those that the index names): all count, and those
 * that the index names have to be there.
 *
 * @throws as `transformersWeights`.
 */
export async function engineWeights(
  folder: string,
  { loadFormat, ...options }: WeightOptions & { loadFormat: string },
): Promise<Weights> {
  if (loadFormat === 'dummy')
    throw unreadable(
      `load_format=dummy loads no weights of ${folder}`,
      'leave load_format out of model-args',
    );
  const names = await listNames(folder);
  const safe = names.filter((file) => file.endsWith(SAFE));
  const pickles = names.filter((file) => PICKLE.test(file) && !OF_TRAINING.test(file));
  const byPickle = loadFormat === 'pt' || loadFormat === 'npcache' || safe.length === 0;
  const chosen = byPickle ? pickles : safe;
  if (chosen.length === 0) throw await noWeights(folder, ['*.safetensors']);
  const index = 'model.safetensors.index.json';
  if (!byPickle && names.includes(index)) {
    const files = await checked(folder, index, options);
    const beside = names.filter((file) => file.endsWith(SAFE) || file.endsWith(`${SAFE}.index.json`));
    return { files: [...files, ...beside.filter((file) => !files.includes(file))] };
  }
  requireAllShards(folder, chosen);
  return { files: await checkedAll(folder, chosen, options) };
}

/**
 * All weights at a folder's top, for loaders that are not known: which of them they open cannot be told, so that none may be a pickle where
 * those are not allowed.
 *
 * @throws as `transformersWeights`.
 */
export async function allWeights(folder: string, options: WeightOptions): Promise<Weights> {
  const names = await listNames(folder);
  const chosen = names.filter(
    (file) => file.endsWith(SAFE) || (PICKLE.test(file) && !OF_TRAINING.test(file)) || file.endsWith('.gguf'),
  );
  if (chosen.length === 0) throw await noWeights(folder, ['*.safetensors']);
  requireAllShards(folder, chosen);
  return { files: await checkedAll(folder, chosen, options) };
}

/**
 * Files of a PEFT adapter: its configuration and its weights, as peft chooses them; and what else its configuration names, which is not looked
 * at.
 */
export async function adapterWeights(
  folder: string,
  options: WeightOptions,
): Promise<Weights & { others: string[] }> {
  const path = join(folder, 'adapter_config.json');
  const config = await readModelJson(path);
  if (config === null)
    throw unreadable(`${folder} has no adapter_config.json`, 'give the folder of a PEFT adapter');
  const others = requireNames(config, path);
  const found = ['adapter_model.safetensors', 'adapter_model.bin'].find((file) =>
    existsSync(join(folder, file)),
  );
  if (found === undefined)
    throw unreadable(
      `${folder} has no adapter weights (adapter_model.safetensors)`,
      'did the training job finish saving?',
    );
  const more = ['new_embeddings.safetensors', 'new_embeddings.bin'].filter((file) =>
    existsSync(join(folder, file)),
  );
  const files = await checkedAll(folder, [found, ...more], options);
  return { files: ['adapter_config.json', ...files], others };
}

/** Keys whose values are opened as files; base and tokenizer of an adapter are named for people. */
const OPENED = /(_files?|_path|_dir|_folder|^path|^adapters)$/;
const FOR_PEOPLE = new Set([
  'base_model_name_or_path',
  'tokenizer_name_or_path',
  '_name_or_path',
  'name_or_path',
]);

/** Names of files anywhere in a document. */
function requireNames(value: unknown, source: string, key = ''): string[] {
  if (FOR_PEOPLE.has(key)) return [];
  if (typeof value === 'string')
    return OPENED.test(key) && value !== '' ? [requireInside(value, source)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    requireNames(part, source, OPENED.test(key) || Array.isArray(value) ? key : name),
  );
}

/** As {@link checked}; of several bad ones the first in their order is told. */
async function checkedAll(
  folder: string,
  names: readonly string[],
  options: WeightOptions,
): Promise<string[]> {
  return (await inParallel(names, READS_AT_A_TIME, (name) => checked(folder, name, options))).flat();
}

/** A file of weights, or all that an index names, each there and whole. */
async function checked(folder: string, file: string, options: WeightOptions): Promise<string[]> {
  const path = join(folder, file);
  if (file.endsWith('.index.json')) {
    const map = (await readModelJson(path))?.weight_map;
    if (typeof map !== 'object' || map === null)
      throw unreadable(`${path} has no weight_map`, 'was the model saved completely?');
    const names = [...new Set(Object.values(map).map((name) => requireInside(name, path)))].sort();
    if (names.length === 0) throw unreadable(`${path} names no file`, 'was the model saved completely?');
    const missing = names.filter((name) => !existsSync(join(folder, name)));
    if (missing.length > 0) throw missingShards(path, missing, names.length);
    await inParallel(names, READS_AT_A_TIME, (name) => requireReadable(join(folder, name), options));
    return [file, ...names];
  }
  await requireReadable(path, options);
  return [file];
}

const MAX_NAMED = 3;

function missingShards(index: string, missing: readonly string[], all: number): Error {
  const named = missing.slice(0, MAX_NAMED).join(', ');
  const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : '';
  return unreadable(
    `${index} names ${named}${more}, and there is no such file: ${missing.length} of ${all} ${noun(all, 'shard')} missing`,
    'was the model copied completely? Copy what is missing beside the others, or save or fetch the model again',
  );
}

const SHARD = /^(.*-)(\d{5})-of-(\d{5})(\.[^.]+)$/;

/** Engines open what there is, index or not: of shards that are numbered, all have to be there. */
function requireAllShards(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const [, stem, , count, ending] = SHARD.exec(name) ?? [];
    if (count === undefined) continue;
    const all = Array.from(
      { length: Math.min(Number(count), MAX_SHARDS) },
      (_, index) => `${stem}${String(index + 1).padStart(5, '0')}-of-${count}${ending}`,
    );
    const missing = all.filter((shard) => !existsSync(join(folder, shard)));
    if (missing.length > 0) throw missingShards(join(folder, name), missing, all.length);
  }
}

const MAX_SHARDS = 10_000;

async function listNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    throw fileError(error, folder, 'read');
  }
}

async function noWeights(folder: string, wanted: readonly string[]): Promise<Error> {
  const names = await listNames(folder);
  const others = names.filter((name) => name.endsWith(SAFE) || PICKLE.test(name)).slice(0, 3);
  const beside = others.length === 0 ? '' : `; ${others.join(', ')} would not be opened`;
  return unreadable(
    `${folder} has no weights (${wanted.slice(0, 2).join(' or ')})${beside}`,
    'did the training job finish saving?',
  );
}
