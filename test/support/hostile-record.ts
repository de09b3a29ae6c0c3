import assert from 'node:assert/strict';
import { z } from 'zod';
import { type LoadedRecord, RecordSchema } from '../../src/record/schema.ts';

/** Mentions, links, HTML, a forged marker, table cells, code, formulas, lines of their own, and marks that turn text around. */
export const HOSTILE =
  '@octo/everyone #1 GH-2 ![x](http://evil.example/) <a href="//evil.example">b</a> <!-- sos-bench:report=1 --> ' +
  '| `rm` $x$ **b** www.evil.example\r\n# Passed\n\n> [!TIP]\n\u202egnp\u2066\u200b\u001b[31m';

/** The part of JSON Schema that a record's is written in. */
interface Node {
  type?: string | string[];
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  propertyNames?: Node;
  items?: Node;
  anyOf?: Node[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
}

/** A place of free text: names of properties, `*` for every element or value, `keys` for the names of a map. */
export type TextPath = readonly string[];

/** Every field of a record that can hold any text, by its schema. */
export function textPaths(): TextPath[] {
  return [...walk(z.toJSONSchema(RecordSchema) as Node, [])];
}

function* walk(node: Node, path: TextPath): Generator<TextPath> {
  for (const part of node.anyOf ?? []) yield* walk(part, path);
  for (const [name, part] of Object.entries(node.properties ?? {})) yield* walk(part, [...path, name]);
  if (node.items) yield* walk(node.items, [...path, '*']);
  const types = [node.type].flat();
  if (types.includes('object') && typeof node.additionalProperties === 'object') {
    if (node.propertyNames?.enum === undefined) yield [...path, 'keys'];
    yield* walk(node.additionalProperties, [...path, '*']);
  }
  const isAny = Object.keys(node).length === 0;
  const isBound = node.enum ?? node.const ?? node.pattern ?? node.format;
  if (isAny || (types.includes('string') && isBound === undefined)) yield path;
}

/**
 * The record with hostile texts, no two alike, in these descriptions; its items follow names of benchmarks and tasks. It still is a
 * record by its schema.
 *
 * @param mark tells the texts of one record from another's.
 * @param missed is told of descriptions that this record does not have.
 */
export function poison(
  given: LoadedRecord,
  paths: readonly TextPath[],
  { mark = 'x', missed = () => {} }: { mark?: string; missed?: (path: TextPath) => void } = {},
): LoadedRecord {
  const record = structuredClone(given.record);
  const renamed = { id: new Map<string, string>(), task: new Map<string, string>() };
  let count = 0;
  // Tasks are named in several descriptions: by one name each.
  const text = (was: unknown, kind?: keyof typeof renamed) => {
    const known = typeof was === 'string' && kind ? renamed[kind].get(was) : undefined;
    const fresh = known ?? `${mark}${++count} ${HOSTILE}`;
    if (typeof was === 'string' && kind) renamed[kind].set(was, fresh);
    return fresh;
  };
  for (const path of paths) {
    const kind = /^benchmarks,\*,id$/.test(String(path))
      ? 'id'
      : /^(protocol,tasks,keys|benchmarks,\*,tasks,\*,task)$/.test(String(path))
        ? 'task'
        : undefined;
    if (!put(record, path, (was) => text(was, kind))) missed(path);
  }
  const items =
    renamed.id.size + renamed.task.size === 0
      ? given.items
      : given.items.map((item) => ({
          ...item,
          benchmark: renamed.id.get(item.benchmark) ?? item.benchmark,
          task: renamed.task.get(item.task) ?? item.task,
        }));
  return { path: given.path, record: RecordSchema.parse(record), items };
}

/** Whether there was anything to put a text into. */
function put(parent: unknown, [name, ...rest]: TextPath, text: (was: unknown) => string): boolean {
  if (parent === null || typeof parent !== 'object' || name === undefined) return false;
  const holder = parent as Record<string, unknown>;
  if (name === 'keys') {
    const entries = Object.entries(holder);
    for (const [key, value] of entries) {
      delete holder[key];
      holder[text(key)] = value;
    }
    return entries.length > 0;
  }
  const names = name === '*' ? Object.keys(holder) : name in holder ? [name] : [];
  if (rest.length > 0) return names.map((key) => put(holder[key], rest, text)).includes(true);
  for (const key of names) holder[key] = text(holder[key]);
  return names.length > 0;
}

/** Whether a text of ours shows hostile ones as text alone. The first line of a comment, its marker, is not part of it. */
export function assertHarmless(given: string): void {
  // As code GitHub looks for no mention, issue or address; what stands there is still checked for markup and turned text.
  const prose = given.replace(/<(code|pre)>[^<]*<\/\1>/g, '');
  // Links of a report's own, to its run and its commits, are no text's.
  const markdown = given.replace(
    /\]\(https:\/\/github\.com\/octo\/models\/(?:actions|commit)\/[\w/]+\)/g,
    ']',
  );
  for (const [what, pattern] of [
    ['a mention', /@octo/],
    ['a link', /\]\(/],
    ['HTML', /<a\b|<!--/],
    ['code', /`rm`/],
    ['a formula', /\$x\$/],
    ['bold text', /\*\*b\*\*/],
    ['a heading', /^\s*# Passed/m],
    ['turned or control characters', /[\p{Cf}\r]|(?!\n)\p{Cc}/u],
  ] as const)
    assertLacks(markdown, what, pattern);
  assertLacks(prose, 'an issue', /#1\b(?!;)|GH-2/);
  assertLacks(prose, 'an address', /:\/\/evil|www\.evil/);
  const alerts = markdown.split('\n').filter((line) => /^\s*> ?\[!/.test(line));
  assert.ok(alerts.length <= 1, `alerts: ${alerts.join(' ')}`);
  for (const table of markdown.matchAll(/(?:^\|.*\n)+/gm)) {
    const widths = table[0]
      .trimEnd()
      .split('\n')
      .map((row) => row.split('|').length);
    assert.equal(new Set(widths).size, 1, `rows of one table differ in their cells: ${table[0]}`);
  }
}

function assertLacks(text: string, what: string, pattern: RegExp): void {
  const at = pattern.exec(text)?.index;
  assert.equal(at, undefined, `${what}: ${text.slice(Math.max(0, (at ?? 0) - 60)).slice(0, 160)}`);
}
