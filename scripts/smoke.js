/**
 * The packed command line, alone in an empty folder, on the Node that runs this file: machines with GPUs are old, and it has to
 * run on theirs, with nothing else installed. Plain JavaScript, since old ones do not run TypeScript.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixtures = join(root, 'test', 'fixtures', 'stored-files');
const record = join(fixtures, 'record');
/** Unpacked. */
const MAX_BYTES = 6_000_000;
const cases = [
  [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  [['list'], 0, /24 benchmarks/],
  [['show', record], 0, /XSTest/],
  [['compare', '--candidate', record, '--baseline', record], 0, /policy passed/],
  [['history', 'list', '--store', `folder:${join(fixtures, 'store')}`], 0, /8aaa3d25cd19/],
  [['plan', '--estimate', '--suite', 'pr'], 0, /H100/],
  [['show', 'no-such-record'], 2, /^$/],
  [['init', '--yes'], 2, /^$/],
];

const folder = mkdtempSync(join(tmpdir(), 'sos-bench-packed-'));
try {
  const cwd = join(folder, 'empty');
  mkdirSync(cwd);
  run('npm', ['pack', '--silent', '--pack-destination', folder], root);
  const packed = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );
  const alone = ['--yes', '--offline', '--cache', join(folder, 'cache'), '--package', packed];
  assert.match(run('npx', [...alone, 'sos-bench', 'list'], cwd).stdout, /24 benchmarks/);
  run('tar', ['-xzf', packed, '-C', folder], folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package', 'package.json'), 'utf8'));
  assert.equal(manifest.dependencies, undefined, 'what dist needs is in dist');
  assert.ok(sizeOf(join(folder, 'package')) < MAX_BYTES, `${sizeOf(join(folder, 'package'))} bytes`);
  assert.deepEqual(missingChunks(join(folder, 'package', 'dist', 'cli.js')), []);
  const start = (args) =>
    spawnSync(process.execPath, [join(folder, 'package', 'dist', 'cli.js'), ...args], {
      cwd,
      encoding: 'utf8',
    });
  for (const [args, status, expected] of cases) {
    const result = start(args);
    assert.equal(result.status, status, `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stdout, expected, args.join(' '));
    assert.doesNotMatch(result.stderr, /Warning|internal/, args.join(' '));
  }
  assert.ok(statSync(join(folder, 'package', 'dist', 'cli.js')).mode & 0o100, 'unpacked, it is a program');
  // Unpacked in part: what needs no more than dist works, the rest says what is missing before it fetches anything.
  for (const part of ['worker', join('worker', 'sosbench_worker'), 'tasks', join('tasks', 'mini')]) {
    renameSync(join(folder, 'package', part), join(folder, 'away'));
    const { status, stderr } = start(['plan', '--suite', 'mini']);
    assert.equal(status, 2, part);
    assert.match(
      stderr,
      new RegExp(`the folder ${part} of this program is missing \\[package-incomplete\\]`),
    );
    assert.equal(start(['compare', '--candidate', record, '--baseline', record]).status, 0, part);
    renameSync(join(folder, 'away'), join(folder, 'package', part));
  }
  assert.deepEqual(readdirSync(cwd), [], 'something was left behind');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`the packed command line runs on Node ${process.version}\n`);

/**
 * Chunks that the command line could load and the package does not have. What uploads artifacts of a workflow run is a megabyte, left
 * out on purpose (`files` of package.json): the actions alone ask for it, and they are not run from the package.
 */
function missingChunks(entry) {
  const seen = new Set([entry]);
  for (const file of seen)
    if (existsSync(file))
      for (const [, open, name] of readFileSync(file, 'utf8').matchAll(
        /(import\(|from|import)["`'](\.{1,2}\/[\w./-]+\.js)["`']/g,
      ))
        if (open !== 'import(' || basename(name) !== 'artifact.js') seen.add(join(dirname(file), name));
  return [...seen].filter((file) => !existsSync(file));
}

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(result.status, 0, `${command} ${args.join(' ')}: ${result.error ?? result.stderr}`);
  return result;
}

function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
