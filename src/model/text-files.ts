import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode } from '../error.ts';
import { fileError } from '../system/files/files.ts';
import { readModelJson, requireInside, unreadable } from './inside.ts';

/** The longest chat template that is accepted; those of well-known models have some KB. */
export const MAX_TEMPLATE_BYTES = 64 * 1024;

/** What decides how a model is built, beside its weights. */
const CONFIG = [
  'config.json',
  'quantize_config.json',
  'quant_config.json',
  'hf_quant_config.json',
  'params.json',
];
const GENERATION = 'generation_config.json';
const TOKENIZER_CONFIG = 'tokenizer_config.json';
/** Folder of further templates. */
export const TEMPLATES = 'additional_chat_templates';
const PROCESSORS = ['preprocessor_config.json', 'processor_config.json', 'video_preprocessor_config.json'];
/** Files that some tokenizer of transformers or of an engine reads; Mistral's end in a version. */
const OF_TOKENIZER =
  /^(tokenizer|vocab|merges|special_tokens_map|added_tokens|tekken|emoji|entit|encoder|unigram|dict|bpe|spiece|source|target)[\w.-]*\.(json|txt|model|codes|vocab|spm|bpe)$|\.(model(\.v\d+\w*)?|spm|tiktoken|codes|tokenizer)$/i;
const LEGACY_TEMPLATE = 'chat_template.json';
const TEMPLATE = 'chat_template.jinja';

/** Keys of a tokenizer's configuration that name a file, and are not read. */
const NOT_READ = new Set(['special_tokens_map_file', 'added_tokens_file', 'tokenizer_config_file']);

/** Names, relative to the folder, of a model's files that are text; all checked. */
export interface TextFiles {
  config: string[];
  generation: string[];
  /** Without the chat template that its configuration may hold. */
  tokenizer: string[];
  template: string[];
}

/**
 * Finds and checks the configuration, tokenizer and templates of a folder: no name in them leads out of it, and templates are of a
 * reasonable size.
 *
 * @param code whether Python files of the folder may run.
 * @throws SosBenchError `model-unreadable`, `permission-denied`.
 */
export async function findTextFiles(folder: string, { code }: { code: boolean }): Promise<TextFiles> {
  const names = await list(folder);
  const has = (name: string) => names.includes(name);
  const ofVersions: string[] = [];
  for (const name of [...CONFIG, GENERATION, TOKENIZER_CONFIG, ...PROCESSORS].filter(has)) {
    const document = await readModelJson(join(folder, name));
    if (document === null) continue;
    requireAutoMap(document.auto_map, join(folder, name), code);
    ofVersions.push(...requireVersions(document.configuration_files, join(folder, name)));
  }
  const named = await requireTokenizerNames(folder, has('tokenizer.json'));
  const more = (await list(join(folder, TEMPLATES))).filter((name) => name.endsWith('.jinja'));
  const template = [
    ...[TEMPLATE, LEGACY_TEMPLATE].filter(has),
    ...more.map((name) => `${TEMPLATES}/${name}`),
  ];
  for (const name of template) await requireTemplateSize(join(folder, name));
  const isOfTokenizer = (name: string) =>
    (OF_TOKENIZER.test(name) && !/\.index\.json$/.test(name)) || named.includes(name);
  const tokenizer = names.filter(isOfTokenizer);
  const config = [...CONFIG, ...PROCESSORS].filter(has);
  return {
    config: [...config, ...ofVersions.filter((name) => has(name) && !config.includes(name))],
    generation: [GENERATION].filter(has),
    tokenizer,
    template,
  };
}

/** Code by `module.Class`, or with `--` in another repository, which would be fetched. */
function requireAutoMap(map: unknown, source: string, code: boolean): void {
  const references: unknown[] = typeof map === 'object' && map !== null ? Object.values(map).flat() : [map];
  for (const reference of references) {
    if (reference === undefined || reference === null) continue;
    const own = typeof reference === 'string' ? reference.split('--').at(-1)! : reference;
    requireInside(own, source);
    if (code && own !== reference)
      throw unreadable(
        `${source} takes code from elsewhere (${JSON.stringify(String(reference).slice(0, 100))})`,
        'put the Python files into the folder, and name them without the repository',
      );
  }
}

/** Configurations for other versions of transformers, of which it chooses one. */
function requireVersions(named: unknown, source: string): string[] {
  return Array.isArray(named) ? named.map((name) => requireInside(name, source)) : [];
}

/** Files that the tokenizer's configuration names. */
async function requireTokenizerNames(folder: string, fast: boolean): Promise<string[]> {
  const path = join(folder, TOKENIZER_CONFIG);
  const config = await readModelJson(path);
  if (config === null) return [];
  const named: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (value === null || NOT_READ.has(key) || (key === 'tokenizer_file' && fast)) continue;
    if (key.endsWith('_file')) named.push(requireInside(value, path));
    if (key.endsWith('_files') && Array.isArray(value))
      named.push(...value.map((name) => requireInside(name, path)));
  }
  const size = Buffer.byteLength(JSON.stringify(config.chat_template ?? ''));
  if (size > MAX_TEMPLATE_BYTES) throw tooLong(path, size);
  return named;
}

async function requireTemplateSize(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size > MAX_TEMPLATE_BYTES) throw tooLong(path, size);
}

function tooLong(path: string, size: number): Error {
  return unreadable(
    `the chat template in ${path} has ${size} bytes; at most ${MAX_TEMPLATE_BYTES} are allowed`,
    'a template says how messages are put together, which takes some KB',
  );
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw fileError(error, folder, 'read');
  }
}

/** A tokenizer's configuration without the template in it, and the template: one decides always, the other where it is applied. */
export async function splitTokenizerConfig(
  folder: string,
): Promise<{ rest: string; template: string | null } | null> {
  const config = await readModelJson(join(folder, TOKENIZER_CONFIG));
  if (config === null) return null;
  // The path that it was saved from decides nothing.
  const { chat_template: template = null, name_or_path: _, ...rest } = config;
  return { rest: sorted(rest), template: template === null ? null : sorted(template) };
}

/** JSON whose keys are in order, so that a file saved again reads the same. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** As `sorted`, of a file. */
export async function readSorted(path: string): Promise<string> {
  try {
    return sorted(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}
