import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sortKeys } from '../json.ts';
import type { ModelIdentity } from '../record/identity.ts';
import { fileError } from '../system/files/files.ts';
import { redactArguments } from '../system/secrets.ts';
import { changed, type HashOptions, hashFiles } from './hash-files.ts';
import { type FilesIn, findModelFiles, LOCATING, type LoadOptions, type ModelFiles } from './model-files.ts';
import { readSorted, splitTokenizerConfig, type TextFiles } from './text-files.ts';

/** Changes when what is hashed, or how, does. */
const ALGORITHM = 'sha256-loaded-files-2';
const NONE = 'none';

/** Arguments that say in which numbers a model is held. */
const QUANTISATION =
  /^(quantization|quantization_config|quantisation|load_in_[48]bit|bnb_.*|llm_int8_.*|autogptq|gptqmodel|kv_cache_dtype)$/;

export interface IdentityOptions extends LoadOptions {
  /** Whether a chat template is put around prompts, as far as is known beforehand: it decides answers then. */
  templateApplied: boolean;
}

/**
 * What a model is: SHA-256 over everything that decides an answer. Every file that is loaded counts whole, those named by index and adapter
 * files too; where files lie does not count, nor what is saved with them and says where they came from.
 *
 * @param folder the model's folder.
 * @throws SosBenchError as `findModelFiles` and `hashFiles`.
 */
export async function identifyModel(
  folder: string,
  options: IdentityOptions,
  hashing: HashOptions,
): Promise<ModelIdentity> {
  const files = await findModelFiles(folder, options);
  const { args, templateApplied } = options;
  const unknown = files.unknown.map(({ part, why }) => `${part}: ${why}`);
  const isUnknown = (part: string) => files.unknown.some((entry) => entry.part === part);
  const { text } = files;
  const tokenizer = files.tokenizer ?? text;
  const large = await hashLarge([...files.weights, ...files.adapter, ...files.code], hashing);
  const weights = await digestWeights(files.weights, large);
  const adapter = await digestWeights(files.adapter, large);
  const rest = Object.entries(args).filter(([name]) => !LOCATING.includes(name) && name !== 'dtype');
  const redacted = redactArguments(Object.fromEntries(rest));
  if (JSON.stringify(redacted) !== JSON.stringify(Object.fromEntries(rest)))
    unknown.push('arguments: secrets are left out');
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(redacted).filter(([name]) => QUANTISATION.test(name) === wanted));
  const parts: ModelIdentity['parts'] = {
    weights: isUnknown('weights') ? null : weights,
    adapter: isUnknown('adapter') ? null : adapter,
    config: isUnknown('config') ? null : await digestConfig(files, large),
    generation: await digestText(text, ['generation']),
    // Files beside a GGUF file are read, too: a template of theirs comes before its own.
    tokenizer: isUnknown('tokenizer') ? null : await digestTokenizer(tokenizer),
    template: isUnknown('tokenizer') ? null : await digestTemplate(tokenizer),
    dtype: typeof args.dtype === 'string' ? args.dtype : 'auto',
    quantisation: pick(true),
    arguments: pick(false),
  };
  const decisive = { ...parts, template: templateApplied ? parts.template : null };
  return {
    algorithm: ALGORITHM,
    digest: unknown.length > 0 ? null : sha256(JSON.stringify([ALGORITHM, sortKeys(decisive)])),
    parts,
    unknown,
  };
}

/**
 * Takes a model's identity once more, after it was loaded, and requires it to be the same: files that nobody changed are not read again.
 *
 * @throws SosBenchError `model-changed`.
 */
export async function confirmIdentity(
  before: ModelIdentity,
  folder: string,
  options: IdentityOptions,
  hashing: HashOptions,
): Promise<void> {
  const after = await identifyModel(folder, options, hashing).catch((error: unknown) => {
    if (hashing.signal.aborted) throw error;
    throw changed(folder);
  });
  if (JSON.stringify(after) !== JSON.stringify(before)) throw changed(folder);
}

/** What a journal's results belong to: known in any case, if not enough to call two models the same. */
export function identityKey(identity: ModelIdentity): string {
  return identity.digest ?? `partly:${sha256(JSON.stringify(sortKeys(identity.parts)))}`;
}

async function hashLarge(sources: readonly FilesIn[], hashing: HashOptions): Promise<Map<string, string>> {
  const paths = [...new Set(sources.flatMap(({ folder, files }) => files.map((file) => join(folder, file))))];
  const digests = await hashFiles(paths, hashing);
  return new Map(paths.map((path, index) => [path, digests[index]!]));
}

/** Which file holds which weights does not matter, so that names do not count; an index says which are loaded. */
async function digestWeights(
  sources: readonly FilesIn[],
  digests: ReadonlyMap<string, string>,
): Promise<string> {
  if (sources.length === 0) return NONE;
  const lines = sources.map(({ folder, files }) =>
    files.map((file) => digests.get(join(folder, file))!).sort(),
  );
  return sha256(JSON.stringify(lines));
}

/** How the model is built: what its configuration says, a delta's, and code with all that it may read. */
async function digestConfig(
  { text, delta, code }: Pick<ModelFiles, 'text' | 'delta' | 'code'>,
  digests: ReadonlyMap<string, string>,
): Promise<string> {
  const own = await digestText(text, ['config']);
  const more = code.flatMap(({ folder, files }) =>
    files.map((name) => `${name} ${digests.get(join(folder, name))!}`),
  );
  if (delta === null && more.length === 0) return own;
  return sha256(JSON.stringify([own, await digestText(delta, ['config']), more]));
}

type TextIn = (TextFiles & { folder: string }) | null;

async function digestText(text: TextIn, kinds: readonly ('config' | 'generation')[]): Promise<string> {
  if (text === null) return NONE;
  const lines: string[] = [];
  for (const name of kinds.flatMap((kind) => text[kind])) {
    const path = join(text.folder, name);
    lines.push(`${name} ${sha256(name.endsWith('.json') ? await withoutOrigin(path) : await read(path))}`);
  }
  return lines.length === 0 ? NONE : sha256(lines.join('\n'));
}

/** A configuration says where it was loaded from before it was saved. */
async function withoutOrigin(path: string): Promise<string> {
  const document = JSON.parse(await readSorted(path)) as Record<string, unknown>;
  const { _name_or_path: _, transformers_version: __, ...rest } = document;
  return JSON.stringify(rest);
}

async function digestTokenizer(text: TextIn): Promise<string> {
  if (text === null) return NONE;
  const config = await splitTokenizerConfig(text.folder);
  const lines = config === null ? [] : [`tokenizer_config.json ${sha256(config.rest)}`];
  for (const name of text.tokenizer) {
    if (basename(name) === 'tokenizer_config.json') continue;
    lines.push(`${name} ${sha256(await read(join(text.folder, name)))}`);
  }
  return lines.length === 0 ? NONE : sha256(lines.join('\n'));
}

async function digestTemplate(text: TextIn): Promise<string> {
  if (text === null) return NONE;
  const config = await splitTokenizerConfig(text.folder);
  const lines = config?.template == null ? [] : [`tokenizer_config.json ${sha256(config.template)}`];
  for (const name of text.template) lines.push(`${name} ${sha256(await read(join(text.folder, name)))}`);
  return lines.length === 0 ? NONE : sha256(lines.join('\n'));
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
