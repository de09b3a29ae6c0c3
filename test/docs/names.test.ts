/** An exported name has one meaning in all of `src`: who reads it in one file can look it up by it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..', 'src');

/** Names that mean the same wherever they stand, each with its reason. */
const ALLOWED = new Map([['main', 'the start of each entry point, which its `bin.ts` alone imports']]);

const DECLARED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

/** Which files declare an exported name; a type and a value of one file that share a name are one thing. */
function declarations(files: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [file, source] of files) {
    for (const [, name] of source.matchAll(DECLARED)) {
      found.set(name!, (found.get(name!) ?? new Set()).add(file));
    }
  }
  return found;
}

function withTwoMeanings(files: ReadonlyMap<string, string>): string[] {
  return [...declarations(files)]
    .filter(([name, { size }]) => size > 1 && !ALLOWED.has(name))
    .map(([name, paths]) => `${name}: ${[...paths].sort().join(', ')}`);
}

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.ts'),
);
const files = new Map(sources.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

test('no exported name has two meanings', () => {
  assert.deepEqual(withTwoMeanings(files), []);
});

test('a name that a second file exports is found, whatever it declares', () => {
  assert.ok(declarations(files).size > 500);
  const second = new Map([
    ...files,
    ['new.ts', 'export interface SosBenchError {}\nexport type Fresh = 1;\n'],
  ]);
  assert.deepEqual(withTwoMeanings(second), ['SosBenchError: error.ts, new.ts']);
});

test('every exception is still needed', () => {
  const found = declarations(files);
  for (const name of ALLOWED.keys()) assert.ok((found.get(name)?.size ?? 0) > 1, name);
});
