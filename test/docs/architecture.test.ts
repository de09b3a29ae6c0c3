/** What docs/architecture.md says of the code is so: its table of layers, and the files that it names. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');

/** Of each folder of `src`, whose names it may import, and of whose it may import types alone. */
type Layers = Map<string, { values: Set<string>; types: Set<string> }>;

/** The rows of the table whose third column says what a folder may import; `everything` is all of them. */
function readLayers(document: string): Layers {
  const rows = [...document.matchAll(/^\| `src\/(\w+)` +\| .*? \| ([^|]+?) +\|$/gm)];
  const folders = rows.map(([, folder]) => folder!);
  return new Map(
    rows.map(([, folder, cell]) => {
      const names = cell === 'everything' ? folders : cell === 'nothing' ? [] : cell!.split(', ');
      const types = names.filter((name) => name.endsWith(' (types)')).map((name) => name.slice(0, -8));
      return [folder!, { values: new Set(names), types: new Set(types) }];
    }),
  );
}

const IMPORT =
  /^(?:import|export) ([^;]*?)from '(\.[^']+)';|^import '(\.[^']+)';|import\(\s*['"`](\.[^'"`$]+)['"`]/gm;

/** What is loaded by a path that is computed: no table can hold it. */
const COMPUTED = /\bimport\((?!\s*['"`][^'"`$]+['"`]\s*[,)])/g;

/** `file -> target` for each import that the table does not allow. Files directly in `src` import nothing of it, and all may import them. */
function findForbidden(files: ReadonlyMap<string, string>, layers: Layers): string[] {
  const folderOf = (path: string) => (path.includes('/') ? path.split('/')[0]! : null);
  const found: string[] = [];
  for (const [file, source] of files) {
    for (const [, names = '', ...targets] of source.matchAll(IMPORT)) {
      const target = normalize(join(dirname(file), targets.find((one) => one !== undefined)!));
      const [from, to] = [folderOf(file), folderOf(target)];
      if (to === null || from === to) continue;
      const isType =
        names.startsWith('type ') ||
        (names.startsWith('{') &&
          names
            .replaceAll(/[{}]/g, '')
            .split(',')
            .every((name) => name.trim() === '' || name.trim().startsWith('type ')));
      const may = from === null ? undefined : layers.get(from);
      if (may?.values.has(to) || (isType && may?.types.has(to))) continue;
      found.push(`src/${file} -> src/${target}`);
    }
  }
  return found;
}

describe('the layers of docs/architecture.md', () => {
  const layers = readLayers(text);
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const files = new Map(sources.map((path) => [path, readFileSync(join(root, 'src', path), 'utf8')]));

  test('name every folder of src', () => {
    const folders = new Set(
      [...files.keys()].filter((path) => path.includes('/')).map((path) => path.split('/')[0]!),
    );
    assert.deepEqual([...layers.keys()].sort(), [...folders].sort());
  });

  test('hold: no import that the table does not allow', () => {
    assert.deepEqual(findForbidden(files, layers), []);
  });

  test('are layers: no two folders may import one another, over others either', () => {
    const reach = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of layers.get(from)?.values ?? []) {
        if (to === from || seen.has(to) || !layers.has(to)) continue;
        seen.add(to);
        reach(to, seen);
      }
      return seen;
    };
    const below = [...layers.keys()].filter((folder) => folder !== 'action' && folder !== 'cli');
    for (const folder of below) assert.ok(!reach(folder).has(folder), `src/${folder} leads back to itself`);
  });

  test('have small rooms: 15 files directly in a folder, but for one function or one command a file', () => {
    const counts = new Map<string, number>();
    for (const path of files.keys()) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    const crowded = [...counts].filter(
      ([folder, count]) => count > 15 && folder !== 'stats' && folder !== join('cli', 'commands'),
    );
    assert.deepEqual(crowded, []);
  });

  test('see every import: none is of a computed path', () => {
    const found = [...files].filter(([, source]) => source.match(COMPUTED) !== null).map(([file]) => file);
    assert.deepEqual(found, []);
    for (const source of [
      'await import(path)',
      "await import('../' + name)",
      'await import(`../$' + '{name}.ts`)',
    ])
      assert.match(source, new RegExp(COMPUTED.source));
  });

  const cases: [string, string, string[]][] = [
    [
      'a value from a layer above',
      "import { a } from '../report/a.ts';",
      ['src/stats/x.ts -> src/report/a.ts'],
    ],
    [
      'a type where types are not allowed',
      "import type { A } from '../report/a.ts';",
      ['src/stats/x.ts -> src/report/a.ts'],
    ],
    ['an import at run time', "await import('../report/a.ts');", ['src/stats/x.ts -> src/report/a.ts']],
    [
      'an import at run time, over several lines',
      "await import(\n  '../report/a.ts'\n);",
      ['src/stats/x.ts -> src/report/a.ts'],
    ],
    ['a type in place', "let a: import('../report/a.ts').A;", ['src/stats/x.ts -> src/report/a.ts']],
    ['all that is handed on', "export * from '../report/a.ts';", ['src/stats/x.ts -> src/report/a.ts']],
    [
      'names over several lines',
      "import {\n  a,\n  type B,\n} from '../report/a.ts';",
      ['src/stats/x.ts -> src/report/a.ts'],
    ],
    ['a neighbour', "import { a } from './a.ts';", []],
    ['a file that all may import', "import { a } from '../error.ts';", []],
  ];
  for (const [what, source, expected] of cases) {
    test(`${expected.length > 0 ? 'refuse' : 'allow'} ${what}`, () => {
      assert.deepEqual(findForbidden(new Map([['stats/x.ts', source]]), layers), expected);
    });
  }
});

for (const document of ['docs/architecture.md', 'CONTRIBUTING.md']) {
  test(`the files that ${document} names are there`, () => {
    const named = readFileSync(join(root, document), 'utf8').matchAll(
      /`((?:src|test|worker|tasks|scripts|docs|bench)\/[\w./-]+)`/g,
    );
    const missing = [...named]
      .map(([, path]) => path!)
      .filter((path) => !/NAME/.test(path) && !existsSync(join(root, path)));
    assert.deepEqual(missing, []);
  });
}
