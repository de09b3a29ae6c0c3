/** What a Python of each supported version can import, started as we start it in a folder that is not ours. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { COMPLETE } from '../../../src/system/kept/manifest.ts';
import {
  codeArguments,
  isManaged,
  launchedModuleArguments,
  moduleArguments,
} from '../../../src/system/python/python-command.ts';
import { temporaryFolder } from '../../support/folder.ts';

const MINORS = [10, 11, 12, 13];
const folder = temporaryFolder();
const hostile = join(folder, 'hostile');
const site = join(folder, 'site');
for (const path of [join(hostile, 'sosbench_worker'), join(hostile, 'datasets'), site])
  mkdirSync(path, { recursive: true });
for (const name of [
  'platform.py',
  'json.py',
  'runpy.py',
  'tempfile.py',
  'sitecustomize.py',
  'sosbench_worker/__init__.py',
  'datasets/__init__.py',
])
  writeFileSync(join(hostile, name), 'raise SystemExit("the folder it was started in")\n');
writeFileSync(join(site, 'users_own.py'), 'WHERE = "of the user"\n');
// A module of this Python's that says where modules come from: run with `-m`, it would be found here.
writeFileSync(join(site, 'tell.py'), TELL());

function TELL(): string {
  return [
    'import importlib.util, json, os, platform, sys',
    'found = {name: getattr(importlib.util.find_spec(name), "origin", None) for name in ("sosbench_worker", "datasets", "users_own", "platform")}',
    'print(json.dumps({"path": sys.path, "found": found, "cwd": os.getcwd(), "argv": sys.argv, "main": __name__}))',
  ].join('\n');
}

/** A Python of a minor version, wherever this machine has one. */
async function findPython(minor: number): Promise<string | null> {
  const pyenv = join(homedir(), '.pyenv', 'versions');
  const versions = existsSync(pyenv)
    ? readdirSync(pyenv).filter((name) => name.startsWith(`3.${minor}.`))
    : [];
  const candidates = [...versions.map((name) => join(pyenv, name, 'bin', 'python')), `python3.${minor}`];
  for (const python of candidates) {
    const print = ['-I', '-c', 'import sys; print(sys.version_info[1], sys.executable)'];
    const { stdout } = await execa(python, print, { reject: false });
    const [found, path] = (stdout ?? '').split(' ');
    if (found === String(minor)) return path!;
  }
  return null;
}

const PYTHONS = await Promise.all(MINORS.map(findPython));

for (const [place, minor] of MINORS.entries()) {
  const base = PYTHONS[place]!;
  describe(`Python 3.${minor}`, { skip: base === null && 'it is not installed' }, () => {
    const own = join(folder, `own-${minor}`);
    const python = join(own, 'bin', 'python');
    const prepared = async () => {
      if (existsSync(join(own, COMPLETE))) return;
      await execa(base!, ['-I', '-m', 'venv', '--without-pip', own]);
      const packages = (await execa(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']))
        .stdout;
      writeFileSync(join(packages, 'tell.py'), TELL());
      writeFileSync(join(own, COMPLETE), '{}');
    };
    // What a user's Python is given is settled before: no entry of the workspace is left.
    const all = { PYTHONPATH: `${site}:${hostile}:`, PATH: process.env.PATH };
    const settled = { ...all, PYTHONPATH: site };
    const tell = async (program: string, args: string[]) => {
      const environment = isManaged(program) ? all : settled;
      const { stdout } = await execa(program, args, { cwd: hostile, env: environment, extendEnv: false });
      return JSON.parse(stdout) as {
        path: string[];
        found: Record<string, string | null>;
        cwd: string;
        argv: string[];
        main: string;
      };
    };
    const worker = join(import.meta.dirname, '../../../worker/sosbench_worker/__init__.py');

    test('ours imports nothing from there, nor from variables, and our package by its path', async () => {
      await prepared();
      assert.ok(isManaged(python));
      const { path, found, argv, main } = await tell(python, moduleArguments(python, 'tell', ['a', '--b']));
      assert.ok(
        !path.some((entry) => entry === '' || entry === '.' || entry.startsWith(hostile) || entry === site),
        path.join(),
      );
      assert.equal(found.sosbench_worker, worker);
      assert.deepEqual([found.datasets, found.users_own, main], [null, null, '__main__']);
      assert.deepEqual(argv.slice(1), ['a', '--b']);
    });

    test("a user's imports its own packages, and nothing from there", async () => {
      assert.ok(!isManaged(base!));
      const { path, found } = await tell(base!, moduleArguments(base!, 'tell'));
      assert.ok(!path.some((entry) => entry === '' || entry.startsWith(hostile)), path.join());
      assert.equal(found.sosbench_worker, worker);
      assert.equal(found.users_own, join(site, 'users_own.py'));
      assert.ok(!found.platform!.startsWith(hostile));
    });

    test('behind a launcher it also leaves the folder', async () => {
      await prepared();
      for (const program of [python, base!]) {
        const { cwd, path, found } = await tell(program, launchedModuleArguments(program, 'tell'));
        assert.notEqual(cwd, hostile);
        assert.deepEqual(readdirSync(cwd), []);
        assert.ok(!path.some((entry) => entry === '' || entry.startsWith(hostile)), path.join());
        assert.equal(found.sosbench_worker, worker);
      }
    });

    test('a piece of code of ours takes nothing from there', async () => {
      await prepared();
      const { stdout } = await execa(
        python,
        codeArguments(python, 'import platform, json; print(json.dumps(platform.__file__))'),
        {
          ...{ cwd: hostile, env: all, extendEnv: false },
        },
      );
      assert.ok(!stdout.includes(hostile));
    });
  });
}
