/** Words that this project gave up, each with what to say instead: in code, comments, tests and docs. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const FOLDERS = [
  'src',
  'test',
  'docs',
  'scripts',
  'bench',
  'worker',
  '.github',
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'action.yml',
  ...['run', 'report', 'gate', 'bot', 'plan', 'open-check', 'conclude-check', 'open', 'conclude'],
];
const EXTENSIONS = /\.(ts|js|py|md|yml)$/;

const RETIRED: [word: string, pattern: RegExp, say: string][] = [
  ['MOST_', /\bMOST_[A-Z]/, 'MAX_'],
  ['LEAST_', /\bLEAST_[A-Z]/, 'MIN_'],
  ['LARGEST_, SMALLEST_', /\b(?:LARGEST|SMALLEST)_/, 'MAX_, MIN_'],
  ['LONGEST, SHORTEST', /\b(?:LONGEST|SHORTEST)\b|\b(?:LONGEST|SHORTEST)_/, 'MAX_LENGTH, MIN_LENGTH'],
  ['door', /\bdoors?\b(?! number)(?!s?\.")|\bDoor[A-Z]/i, 'entry point'],
  ['World', /\b(?:[A-Z]\w*)?World\b(?! knowledge| size)(?<!Hello-World)(?<!'World)/, 'Runtime'],
  ['anew', /\banew\b/i, 'again'],
  ['gone on with', /\bgone on (?:with|from)\b/i, 'resumed'],
  ['want of memory', /want ?of ?memory/i, 'out of memory'],
  [
    'row for a benchmark',
    /\b(?:24|18|six) rows\b|\brows? (?:of SOS-Bench|of LiveBench|(?:is|are|was|were|will be|would be) (?:skipped|failed|missing|asked|tested))|\b(?:LiveBench|catalogue)(?:'s)? rows?\b|\/<row>|\b(?:askedRows|rowIds)\b|\bROWS?_OR_|_OR_ROWS?\b/i,
    'benchmark',
  ],
  [
    'place as an identifier',
    /\b(?:const|let|function|interface|type|for \(const \[?) ?\{?(?:\w+, )*[pP]laces?\b|\b(?!re)[a-z]+Places?(?:Of)?\b(?!Holder)|\bplaces?\??: [A-Za-z]+[;,)[]|\.places?[.[;,)]/,
    'index, path, slot, target, location',
  ],
];

/** Only in pages, where each has one meaning. */
const RETIRED_IN_PAGES: [word: string, pattern: RegExp, say: string][] = [
  ['passed over, passed by', /\bpass(?:ed|es) (?:over|by)[,;:.]/, 'skipped'],
  ['taken for', /\btaken for\b/, 'treated as, counts as'],
  [
    'told',
    /\btold\b(?! apart\b| to\b)/,
    'reported, known, passed, set; told apart, told to do something are right',
  ],
];

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return EXTENSIONS.test(path) ? [path] : [];
  return readdirSync(path).flatMap((name) => filesIn(join(path, name)));
}

const files = FOLDERS.flatMap((name) => filesIn(join(root, name)))
  .map((path) => relative(root, path))
  .filter(
    (path) =>
      !path.startsWith('test/fixtures') &&
      path !== 'test/docs/words.test.ts' &&
      path !== 'test/support/label_cases.py',
  );

for (const [word, pattern, say] of RETIRED) {
  test(`nothing says ${word}: it is ${say}`, () => {
    const found = files.flatMap((path) =>
      // Of the worlds of trust a page speaks as well; identifiers are those of src.
      ((word === 'World' && path.endsWith('.md')) || (word.startsWith('place') && !path.startsWith('src/'))
        ? ''
        : readFileSync(join(root, path), 'utf8')
      )
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
    assert.deepEqual(found, []);
  });
}

for (const [word, pattern, say] of RETIRED_IN_PAGES) {
  test(`no page says ${word}: it is ${say}`, () => {
    const found = files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        readFileSync(join(root, path), 'utf8')
          .split('\n')
          .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
      );
    assert.deepEqual(found, []);
  });
}
