/** Completion: what the scripts offer, asked of the shells themselves where they are installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
mkdirSync(join(folder, 'records'));
writeFileSync(join(folder, 'plan.json'), '{}');

interface Offer {
  line: string;
  /** What is offered, among others. */
  has: string[];
  /** And what is not. */
  lacks?: string[];
}

const OFFERS: Offer[] = [
  { line: 'sos-bench ', has: ['run', 'compare', 'history', 'completion'], lacks: ['--suite', 'list-all'] },
  { line: 'sos-bench co', has: ['compare', 'completion'], lacks: ['run'] },
  { line: 'sos-bench run --su', has: ['--suite'], lacks: ['--seed'] },
  { line: 'sos-bench run --suite ', has: ['full', 'pr', 'mini'], lacks: ['run'] },
  { line: 'sos-bench run --suite m', has: ['mini'], lacks: ['full'] },
  { line: 'sos-bench flips --benchmark bb', has: ['bbh', 'bbq'], lacks: ['gpqa'] },
  { line: 'sos-bench compare --format ', has: ['table', 'markdown', 'csv'] },
  { line: 'sos-bench history ', has: ['list', 'prune', 'show'], lacks: ['compare'] },
  { line: 'sos-bench history list --', has: ['--limit', '--branch'], lacks: ['--keep', '--suite'] },
  { line: 'sos-bench completion ', has: ['bash', 'zsh', 'fish'] },
  { line: 'sos-bench run --plan pl', has: ['plan.json'] },
  { line: 'sos-bench show re', has: ['records'] },
];

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
const scripts = new Map<string, string>();
before(async () => {
  for (const shell of SHELLS) scripts.set(shell, (await runMain(['completion', shell])).stdout);
});

/** What bash offers at the end of each line, in one process. */
function askBash(lines: readonly string[]): string[][] {
  const asked = lines.map(
    (line) => `
COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}
read -ra COMP_WORDS <<< "\${COMP_LINE//=/ = }"; [[ "$COMP_LINE" == *' ' || "$COMP_LINE" == *= ]] && COMP_WORDS+=("")
COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
_sos_bench; printf '%s\\n' "\${COMPREPLY[@]}"; echo ---`,
  );
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['--norc', '-c', `${scripts.get('bash')}${asked.join('')}`],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return stdout.split('---\n').map((part) => part.split('\n').filter(Boolean));
}

function assertOffers(offers: readonly Offer[], found: readonly string[][]): void {
  for (const [index, { line, has, lacks = [] }] of offers.entries()) {
    for (const word of has)
      assert.ok(found[index]!.includes(word), `'${line}' offers ${word}: ${found[index]}`);
    for (const word of lacks) assert.ok(!found[index]!.includes(word), `'${line}' does not offer ${word}`);
  }
}

describe('bash', () => {
  test('offers commands, flags, their values and files', () => {
    assertOffers(OFFERS, askBash(OFFERS.map(({ line }) => line)));
  });

  test('offers values behind an equals sign, and the next of a list behind a comma', () => {
    const offers = [
      { line: 'sos-bench run --suite=m', has: ['mini'], lacks: ['full'] },
      { line: 'sos-bench run --suite=', has: ['mini', 'full'] },
      { line: 'sos-bench run --benchmarks bbq,xs', has: ['bbq,xstest'] },
      { line: 'sos-bench run --fail', has: [], lacks: ['--fail-on'] },
    ];
    assertOffers(offers, askBash(offers.map(({ line }) => line)));
  });

  test('offers every benchmark of the catalogue', () => {
    const [found] = askBash(['sos-bench run --benchmarks ']);
    for (const { id } of CATALOGUE) assert.ok(found!.includes(id), id);
  });
});

test('fish offers the same', { skip: !isInstalled('fish') && 'fish is not installed' }, () => {
  const script = join(folder, 'sos-bench.fish');
  writeFileSync(script, scripts.get('fish')!);
  const asked = OFFERS.map(
    ({ line }) => `complete -C ${JSON.stringify(line)} | string replace -r '\\t.*' ''; echo ---`,
  );
  const { stdout, stderr } = spawnSync(
    'fish',
    ['--no-config', '-c', `source ${script}; ${asked.join('; ')}`],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    },
  );
  assert.equal(stderr, '');
  const found = stdout.split('---\n').map((part) => part.split('\n').filter(Boolean));
  assertOffers(
    OFFERS,
    found.map((words) => words.map((word) => word.replace(/\/$/, ''))),
  );
});

test('zsh reads its script, and offers commands and values', {
  skip: !isInstalled('zsh') && 'zsh is not installed',
}, () => {
  const script = join(folder, '_sos-bench');
  writeFileSync(script, scripts.get('zsh')!);
  assert.equal(spawnSync('zsh', ['-n', script], { encoding: 'utf8' }).stderr, '');
  // The builtins that show what is offered are fakes: they print it.
  const asked = OFFERS.slice(0, 9).map(({ line }) => {
    const words = line.split(' ').map((word) => JSON.stringify(word));
    return `words=(${words.join(' ')}); CURRENT=$#words; _sos_bench; echo ---`;
  });
  const fakes = `
compdef() { : }
compset() { : }
compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- "$@" }
_files() { print -l -- * }
_describe() { while [[ $1 == -* ]]; do shift 2; done; local name=\${@[-1]}; print -l -- "\${(@P)name%%:*}" }
`;
  const { stdout, stderr } = spawnSync(
    'zsh',
    ['-f', '-c', `${fakes}; source ${script}; ${asked.join('; ')}`],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  assert.equal(stderr, '');
  const found = stdout.split('---\n').map((part) => part.split('\n').filter(Boolean));
  // What begins otherwise is left out by zsh itself.
  for (const [index, { line, has }] of OFFERS.slice(0, 9).entries())
    for (const word of has) assert.ok(found[index]!.includes(word), `'${line}' offers ${word}`);
});

test('an unknown shell is exit code 2, with those there are', async () => {
  const { exitCode, stderr } = await runMain(['completion', 'tcsh']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /bash, zsh, fish/);
});
