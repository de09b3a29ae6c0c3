import { readFile } from 'node:fs/promises';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { nearest } from '../suite/select.ts';
import { fileError } from '../system/files/files.ts';
import { findLink } from '../system/files/links.ts';
import { currentName } from './renamed.ts';
import { SETTINGS, type Setting, type SettingKey } from './table.ts';

/** A configuration file as it was written: values by key, and where each stands. */
export interface ConfigFile {
  values: Partial<Record<SettingKey, unknown>>;
  /** `file:line:column` of a key, or of what `path` names inside of its value: as far in as the file has it. */
  locationOf(key: SettingKey, path?: readonly PropertyKey[]): string;
}

/** Where a configuration is: a file of ours, or text that was read elsewhere (`content`; null for none). */
export interface ConfigSource {
  path: string;
  /** Whether a missing file is an error (it was named) or an empty configuration. */
  required: boolean;
  content?: string | null;
  /** Folder in which no link is followed: it is a checkout, and what a link in it names is not its own to show. */
  checkout?: string;
}

const NO_FILE: ConfigFile = { values: {}, locationOf: () => '' };

/**
 * Reads a YAML configuration.
 *
 * @throws SosBenchError `config-invalid`, naming file, line and column.
 */
export async function readConfigFile({
  path,
  required,
  content,
  checkout,
}: ConfigSource): Promise<ConfigFile> {
  if (content !== undefined) return content === null ? NO_FILE : parseConfigFile(path, content);
  const link = checkout === undefined ? null : await findLink(checkout, path);
  if (link !== null) {
    throw invalidConfig(
      `the configuration ${path} is not read: ${link} is a link`,
      'put the file itself there',
    );
  }
  let source: string;
  try {
    source = await readFile(path, 'utf8');
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT', 'ENOTDIR')) throw fileError(error, path, 'read');
    if (!required) return NO_FILE;
    throw new SosBenchError('config-invalid', `there is no configuration file ${path}`, {
      hint: 'check --config, or leave it out',
    });
  }
  return parseConfigFile(path, source);
}

function parseConfigFile(path: string, source: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseYaml(path, source, lines);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const [broken] = document.errors;
  if (broken)
    throw invalidConfig(`${at(broken.pos[0])}: ${describeFault(broken.code)}`, 'the file has to be YAML');
  const { contents } = document;
  if (contents === null) return NO_FILE;
  if (!isMap(contents))
    throw invalidConfig(`${path} is not a mapping of settings`, 'write one KEY: VALUE a line');
  const values: Partial<Record<SettingKey, unknown>> = {};
  const pairs = new Map<string, Pair>();
  for (const pair of contents.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const location = isScalar(pair.key) && pair.key.range ? at(pair.key.range[0]) : path;
    const setting = (SETTINGS as Record<string, Setting>)[key];
    if (!setting?.inFile) throw unknownKey(key, location);
    values[key as SettingKey] = isNode(pair.value)
      ? (readValue(pair.value, document, location) ?? undefined)
      : undefined;
    pairs.set(key, pair);
  }
  const locationOf = (key: SettingKey, inside: readonly PropertyKey[] = []) => {
    const pair = pairs.get(key);
    const offset = pair === undefined ? null : findOffset(pair, inside, document);
    return offset === null ? path : at(offset);
  };
  return { values, locationOf };
}

/** Where a part of a pair's value begins: at its key in a mapping, at itself in a list; at the innermost part that is there. */
function findOffset(pair: Pair, inside: readonly PropertyKey[], document: Document): number | null {
  let offset = offsetOf(pair.key);
  let value: unknown = pair.value;
  for (const step of inside) {
    if (isAlias(value)) value = value.resolve(document);
    if (isMap(value)) {
      const next = value.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (next === undefined) break;
      offset = offsetOf(next.key) ?? offset;
      value = next.value;
    } else if (isSeq(value)) {
      value = value.items[Number(step)];
      offset = offsetOf(value) ?? offset;
    } else break;
  }
  return offset;
}

function offsetOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

/** Aliases may name what is not there, themselves, or so much that it would fill the memory. */
function readValue(node: Node, document: Document, location: string): unknown {
  try {
    const value: unknown = node.toJS(document);
    JSON.stringify(value);
    return value;
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof TypeError || error instanceof RangeError))
      throw error;
    throw invalidConfig(
      `${location}: an alias is undefined, contains itself or expands too far`,
      'write the value itself there',
    );
  }
}

/** The parser calls itself for each level of nesting. */
function parseYaml(path: string, source: string, lineCounter: LineCounter) {
  try {
    return parseDocument(source, { lineCounter });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidConfig(`${path} is nested too deep`, 'write one KEY: VALUE a line');
  }
}

/** The parser's own message may quote the file. */
function describeFault(code: string): string {
  return `it is not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
}

function unknownKey(key: string, location: string): SosBenchError {
  const known = Object.entries(SETTINGS as Record<string, Setting>)
    .filter(([, setting]) => setting.inFile)
    .map(([name]) => name);
  const now = currentName(key, known);
  return now === null
    ? invalidConfig(
        `${location}: unknown key '${key}'`,
        `did you mean '${nearest(key, known)}'? docs/settings.md lists all keys`,
      )
    : invalidConfig(`${location}: there is no key '${key}': it is called '${now}'`, `write '${now}:' there`);
}

function invalidConfig(message: string, hint: string): SosBenchError {
  return new SosBenchError('config-invalid', message, { hint });
}
