/** What installs the Python environment takes no configuration of the repository it is asked in. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { fillHostileWorkspace } from '../support/hostile-workspace.ts';
import { addFiles, MODEL } from '../support/model-folders.ts';
import { startStep } from '../support/runner.ts';

const outside = temporaryFolder();
const workspace = realpathSync(temporaryFolder());
const { environment, traces } = await fillHostileWorkspace(workspace, outside);
mkdirSync(join(workspace, 'model'));
addFiles(join(workspace, 'model'), MODEL);
const [programs, home, temporary] = ['programs', 'home', 'temporary'].map((name) => join(outside, name)) as [
  ...[string, string, string],
];
for (const path of [programs, home, temporary]) mkdirSync(path);
const log = join(outside, 'fake-uv');
// A fake uv that tells what it would read: the folder it is in, and the files of projects from there upwards.
const FAKE = `#!/bin/sh
{ echo "$1 in $PWD"; env | grep -E '^(UV|PIP)_' | sort; d=$PWD
while [ "$d" != / ]; do for f in uv.toml pyproject.toml .python-version; do [ -e "$d/$f" ] && echo "found $d/$f"; done; d=$(dirname "$d"); done
} >> '${log}'
[ "$1" = --version ]
`;
writeFileSync(join(programs, 'uv'), FAKE, { mode: 0o755 });

const step = startStep({
  workspace,
  inputs: { model: 'model', suite: 'mini', benchmarks: 'xstest', store: 'none' },
  environment: {
    ...environment,
    PATH: `${environment.PATH!.split(':')[0]}:${programs}:${process.env.PATH}`,
    HOME: home,
    SOS_BENCH_CACHE: join(outside, 'cache'),
    RUNNER_TEMP: temporary,
  },
});
const { exitCode, stdout } = await step.result;

test('uv is the one of the machine, in a folder without a project, told of no configuration of the repository', () => {
  assert.equal(exitCode, 2);
  assert.match(stdout, /building the Python environment failed/);
  const told = readFileSync(log, 'utf8');
  assert.match(told, /^--version in .*^venv in /ms);
  assert.match(told, /^UV_NO_CONFIG=1$/m);
  assert.ok(!told.includes(workspace), told);
  assert.doesNotMatch(told, /^found /m);
  assert.deepEqual(traces(), []);
});
