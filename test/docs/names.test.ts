/** An exported name has one meaning in all of `src`: who reads it in one file can look it up by it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..', 'src');

/** Names that mean the same wherever they stand, each with its reason. */
const ALLOWED = new Map([['main', 'the start of each entry point, which its `bin.ts` alone imports']]);

const DECLARED =
  /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|const enum|const|let|class|interface|type(?! \{)|enum|namespace) (\w+)/gm;

/** Ways to export under which a name cannot be seen where it is declared, or has a second name: `src` has one way alone. */
const ELSEWHERE =
  /^export (?:\*|(?:type )?\{|=|import\b|default (?!(?:async |abstract )*(?:function|class) \w)|(?:const|let) (?:[[{]|[\w$]+(?: = [^\n;]*)?,$))/gm;

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

/** `file: line` of each export that is not written where its name is declared. */
function exportedElsewhere(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([file, source]) =>
    [...source.matchAll(ELSEWHERE)].map(({ index }) => `${file}: ${source.slice(index).split('\n')[0]}`),
  );
}

test('no exported name has two meanings', () => {
  assert.deepEqual(withTwoMeanings(files), [], 'give each of them the name of what it is, or join them');
});

test('a name is exported where it is declared, one a statement', () => {
  assert.deepEqual(
    exportedElsewhere(files),
    [],
    'write `export` before the declaration, and import it from there',
  );
});

for (const declaration of [
  'function SosBenchError() {}',
  'async function SosBenchError() {}',
  'function* SosBenchError() {}',
  'const SosBenchError = 1;',
  'let SosBenchError = 1;',
  'class SosBenchError {}',
  'abstract class SosBenchError {}',
  'interface SosBenchError {}',
  'type SosBenchError = 1;',
  'enum SosBenchError {}',
  'const enum SosBenchError {}',
  'declare const SosBenchError: 1;',
  'namespace SosBenchError {}',
  'default function SosBenchError() {}',
  'default class SosBenchError {}',
]) {
  test(`found: export ${declaration}`, () => {
    const second = new Map([...files, ['new.ts', `export ${declaration}\n`]]);
    assert.deepEqual(withTwoMeanings(second), ['SosBenchError: error.ts, new.ts']);
    assert.deepEqual(exportedElsewhere(second), []);
  });
}

for (const statement of [
  "{ SosBenchError } from './error.ts';",
  "type { SosBenchError } from './error.ts';",
  '{ other as SosBenchError };',
  "* from './error.ts';",
  "* as SosBenchError from './error.ts';",
  'default SosBenchError;',
  'default {};',
  '= SosBenchError;',
  'const { SosBenchError } = all;',
  'const [SosBenchError] = all;',
  'const other = 1,\n  SosBenchError = 2;',
]) {
  test(`refused: export ${statement.replace(/\s+/g, ' ')}`, () => {
    assert.equal(exportedElsewhere(new Map([['new.ts', `export ${statement}\n`]])).length, 1);
  });
}

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
