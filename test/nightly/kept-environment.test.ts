import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa, execaSync } from 'execa';
import { makeFakeProduct } from '../support/fake-product.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startProcess } from '../support/process.ts';
import { findUv } from '../support/uv.ts';

// The built command line with lock files of fake packages: pip and uv, the environment and its Python are real.

const ROOT = join(import.meta.dirname, '..', '..');
const folder = temporaryFolder();
const { base, packages, product, model } = await makeFakeProduct(folder);
const uv = await findUv();

interface Machine {
  cache: string;
  workspace: string;
  environment: Record<string, string>;
}

let machines = 0;

/** A machine with this installer, whose packages come from these folders. */
function makeMachine(installer: 'pip' | 'uv', offered: readonly string[]): Machine {
  const own = join(folder, `machine-${machines++}`);
  const programs = join(own, 'programs');
  const workspace = join(own, 'workspace');
  const cache = join(own, 'cache');
  for (const path of [programs, workspace, cache]) mkdirSync(path, { recursive: true });
  symlinkSync(base, join(programs, 'python3'));
  if (installer === 'uv') symlinkSync(uv!, join(programs, 'uv'));
  const links = offered.map((name) => join(packages, name)).join(' ');
  return {
    cache,
    workspace,
    environment: {
      ...{ PATH: `${programs}:/usr/bin:/bin`, HOME: own, SOS_BENCH_CACHE: cache },
      ...{ PIP_NO_INDEX: '1', PIP_FIND_LINKS: links, PIP_CACHE_DIR: join(own, 'pip-cache') },
      ...{ UV_NO_INDEX: '1', UV_OFFLINE: '1', UV_FIND_LINKS: links.replaceAll(' ', ',') },
      // Passed on to children: what a poisoned file makes when it runs.
      TZ: join(own, 'ran'),
    },
  };
}

function start({ environment, workspace }: Machine, ...args: string[]) {
  return startProcess([process.execPath, join(product, 'dist', 'cli.js'), ...args], {
    environment,
    cwd: workspace,
  }).result;
}

let outputs = 0;

/** A run, which ends when its worker finds no harness. */
async function run(machine: Machine) {
  const output = join(folder, `output-${outputs++}`);
  const words = ['--model', model, '--suite', 'mini', '--benchmarks', 'xstest', '--output', output];
  return await start(machine, 'run', ...words);
}

/** Environments that are there and finished. */
function environments({ cache }: Machine): string[] {
  const home = join(cache, 'python');
  return (existsSync(home) ? readdirSync(home) : [])
    .map((name) => join(home, name))
    .filter((path) => existsSync(join(path, 'complete.json')) && !existsSync(join(path, 'differs.json')));
}

async function packagesIn(environment: string): Promise<string> {
  const print = ['-I', '-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'];
  return (await execa(join(environment, 'bin', 'python'), print)).stdout;
}

/** What the installed packages say of themselves. */
async function installed(environment: string): Promise<string> {
  const print = ['-I', '-c', 'import torch, tiny; print(torch.FAKE, tiny.FAKE)'];
  return (await execa(join(environment, 'bin', 'python'), print)).stdout;
}

/** Configuration of both installers in a folder, naming other wheels. */
function configure(folder: string): void {
  const poisoned = join(packages, 'poisoned');
  const links = `find-links = ["${poisoned}"]`;
  writeFileSync(join(folder, 'uv.toml'), `[pip]\n${links}\nno-deps = false\nverify-hashes = false\n`);
  writeFileSync(join(folder, 'pyproject.toml'), `[tool.uv.pip]\n${links}\n`);
  for (const name of ['pip.conf', 'pip.ini', '.pip/pip.conf']) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), `[global]\nfind-links = ${poisoned}\n`);
  }
}

const LINE = "import os; os.makedirs(os.environ['TZ'], exist_ok=True)";

/** Another file of the same size and time. */
function swap(path: string, content: string): void {
  const { mtime, atime, size } = statSync(path);
  assert.ok(content.length < size);
  rmSync(path);
  writeFileSync(path, `${content.padEnd(size - 1)}\n`);
  utimesSync(path, atime, mtime);
}

/** Something else under the name of a file of the environment's own folder. */
function replace(packages: string, name: string, make: (path: string) => void): void {
  const path = join(packages, '..', '..', '..', name);
  rmSync(path);
  make(path);
}

const POISONS: [string, string, (packages: string) => void][] = [
  ['a .pth file more', 'evil.pth was added', (path) => writeFileSync(join(path, 'evil.pth'), `${LINE}\n`)],
  [
    'a file replaced by one of the same size and time',
    'tiny.pth was changed',
    (path) => swap(join(path, 'tiny.pth'), LINE),
  ],
  [
    'a module more',
    'usercustomize.py was added',
    (path) => writeFileSync(join(path, 'usercustomize.py'), `${LINE}\n`),
  ],
  [
    'a pipe in place of what says that it is finished',
    'complete.json was changed',
    (path) => replace(path, 'complete.json', (file) => execaSync('sh', ['-c', 'mkfifo "$0"', file])),
  ],
  [
    'a folder in place of the list of its files',
    'manifest.ndjson was changed',
    (path) => replace(path, 'manifest.ndjson', (file) => mkdirSync(file)),
  ],
];

for (const installer of ['pip', 'uv'] as const)
  describe(`with ${installer}`, { skip: installer === 'uv' && uv === null && 'uv cannot be had' }, () => {
    // pip takes a minute for what uv does in seconds.
    let machine: Machine;

    test('configuration in the workspace that names other wheels does not change what is installed', async () => {
      machine = makeMachine(installer, ['wheels', 'late']);
      configure(machine.workspace);
      const { stderr } = await run(machine);
      const [environment] = environments(machine);
      assert.ok(environment !== undefined, stderr);
      assert.equal(await installed(environment), 'True True');
    });

    for (const [title, offered] of [
      ['other wheels are offered beside the right ones', ['poisoned', 'wheels', 'late']],
      ['only other wheels are offered', ['poisoned']],
    ] as const)
      test(`where ${title} none of them is installed`, async () => {
        const other = makeMachine(installer, offered);
        const { exitCode, stderr } = await run(other);
        const [environment] = environments(other);
        if (environment !== undefined) return assert.equal(await installed(environment), 'True True');
        assert.equal(exitCode, 2);
        assert.match(stderr, /building the Python environment failed.*\[environment-failed\]/);
      });

    for (const [title, said, poison] of POISONS)
      test(`${title}: found by doctor, never run by a later job, and built again`, async () => {
        const [environment] = environments(machine);
        const path = await packagesIn(environment!);
        rmSync(machine.environment.TZ!, { recursive: true, force: true });
        poison(path);
        const { stdout } = await start(machine, 'doctor', '--json', '--suite', 'mini');
        const check = JSON.parse(stdout).checks.find(({ id }: { id: string }) => id === 'python');
        assert.equal(check.status, 'fail');
        assert.ok(check.message.includes(said), check.message);
        const { stderr } = await run(machine);
        assert.match(stderr, /the Python environment in \S+ is not as it was made: /);
        assert.ok(stderr.includes(said), stderr);
        assert.ok(stderr.includes('Building the Python environment'), stderr);
        assert.ok(!existsSync(machine.environment.TZ!), 'the poisoned file has run');
        assert.equal(environments(machine).length, 1);
        assert.equal(await installed(environments(machine)[0]!), 'True True');
      });

    test('what runs in it leaves it as it was', async () => {
      const [environment] = environments(machine);
      const modules = 'import torch, tiny, json.tool, email.mime.text';
      await execa(join(environment!, 'bin', 'python'), ['-c', modules]);
      assert.ok(!existsSync(join(await packagesIn(environment!), '__pycache__', 'tiny.pyc')));
      const { stderr } = await run(machine);
      assert.doesNotMatch(stderr, /is not as it was made|Building/);
    });
  });

test('locks of the product name a hash for every package', () => {
  for (const name of [
    'build.lock',
    'torch.lock',
    'requirements.lock',
    'livebench/requirements.lock',
    'nltk-data.lock',
    'demo-model.lock',
  ]) {
    const blocks = readFileSync(join(ROOT, 'worker', name), 'utf8').split(/\n(?=\S)/);
    for (const block of blocks.filter((text) => !text.startsWith('#') && text.trim() !== ''))
      assert.match(
        block,
        /^\S+==\S+[^\n]*\\\n\s+--hash=sha256:[0-9a-f]{64}/,
        `${name}: ${block.slice(0, 60)}`,
      );
  }
});
