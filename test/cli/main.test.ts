import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runMain } from '../support/runtime.ts';

const folder = temporaryFolder();
writeFileSync(join(folder, 'file'), '');
writeFileSync(join(folder, 'unknown.yml'), 'model: m\nbatchsize: 8\n');
writeFileSync(join(folder, 'broken.yml'), 'benchmarks: [bbq\n');
const model = join(folder, 'model');
mkdirSync(model);
const programs = join(folder, 'programs');
mkdirSync(programs);
program('says-nothing', 'exit 0');
program('fails', 'exit 1');
program('other-lm-eval', 'case "$*" in *lm_eval*) echo 0.4.2;; *) echo "$0"; echo 3.11.7;; esac');
program('no-lm-eval', 'case "$*" in *lm_eval*) exit 1;; *) echo "$0"; echo 3.11.7;; esac');
// Fake Pythons: the first is too old, the second says what the program would accept.
mkdirSync(join(folder, 'old'));
program('../old/python3', 'echo /fake/python3.8; echo 3.8.19');
mkdirSync(join(folder, 'empty'));

function program(name: string, script: string): void {
  const path = join(programs, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

test('list --json prints the 24 benchmarks', async () => {
  const { exitCode, stdout } = await runMain(['list', '--json']);
  const { benchmarks } = JSON.parse(stdout) as { benchmarks: Record<string, unknown>[] };
  assert.equal(exitCode, 0);
  assert.deepEqual(
    benchmarks.map(({ id }) => id),
    CATALOGUE.map(({ id }) => id),
  );
  assert.equal(
    benchmarks.reduce((total, { size }) => total + Number(size), 0),
    152_380,
  );
  const keys = ['id', 'name', 'factor', 'harness', 'tasks', 'size', 'items', 'metric', 'direction', 'chance'];
  for (const key of keys)
    assert.ok(
      benchmarks.every((benchmark) => benchmark[key] !== undefined),
      key,
    );
});

test('--help and --version are no failures', async () => {
  for (const argv of [['--help'], ['--version'], ['run', '--help']]) {
    const { exitCode, stdout } = await runMain(argv);
    assert.equal(exitCode, 0);
    assert.ok(stdout.length > 3);
  }
});

interface Failure {
  what: string;
  argv: string[];
  /** What stderr holds. */
  told: string[];
  environment?: Record<string, string>;
}

const run = (...argv: string[]) => ['run', '--model', model, '--output', join(folder, 'output'), ...argv];
const PATH = { PATH: process.env.PATH ?? '' };
const FAILURES: Failure[] = [
  { what: 'an unknown command', argv: ['rum'], told: ["unknown command 'rum'", 'Did you mean run?'] },
  { what: 'an unknown flag', argv: ['run', '--modle', 'm'], told: ["unknown option '--modle'", '--model'] },
  { what: 'a flag without its value', argv: ['run', '--model'], told: ['--model', 'argument missing'] },
  { what: 'no model', argv: ['run', '--output', 'o'], told: ['--model is missing [usage]', 'hint: '] },
  {
    what: 'a wrong batch size',
    argv: run('--batch-size', 'big'),
    told: ["--batch-size is 'big'", '[usage]'],
  },
  {
    what: 'an unknown benchmark',
    argv: run('--benchmarks', 'bbq,ifevel'),
    told: ["there is no benchmark 'ifevel' [benchmark-unknown]", "did you mean 'ifeval'?"],
  },
  {
    what: 'an unknown configuration key',
    argv: run('--config', 'unknown.yml'),
    told: [`${join(folder, 'unknown.yml')}:2:1: unknown key 'batchsize' [config-invalid]`, "'batch-size'"],
  },
  {
    what: 'a configuration file that is not valid YAML',
    argv: run('--config', 'broken.yml'),
    told: [join(folder, 'broken.yml'), '[config-invalid]'],
  },
  {
    what: 'a configuration file that is not there',
    argv: run('--config', 'none.yml'),
    told: ['[config-invalid]'],
  },
  {
    what: 'an output folder below a file',
    argv: ['run', '--model', model, '--output', 'file/output'],
    told: ['[permission-denied]', 'hint: a file stands where a folder should be'],
  },
  {
    what: 'an output folder that is a file',
    argv: ['run', '--model', model, '--output', 'file'],
    told: ['[permission-denied]', 'hint: a file stands where a folder should be'],
  },
  {
    what: 'an output folder where none can be made',
    argv: ['run', '--model', model, '--output', '/proc/sos-bench/output'],
    told: ['cannot write /proc/sos-bench/output', '[permission-denied]', 'hint: '],
  },
  {
    what: 'no Python on PATH',
    argv: run(),
    environment: { PATH: join(folder, 'empty') },
    told: ['no Python found on PATH [python-missing]', 'hint: install Python 3.10 or newer', '--python PATH'],
  },
  {
    what: 'a Python that is too old',
    argv: run(),
    environment: { PATH: join(folder, 'old') },
    told: ['Python 3.10 or newer is needed; python3 is 3.8.19 [python-unsuitable]', 'hint: '],
  },
  {
    what: 'a --python that is not there',
    argv: run('--python', join(folder, 'none')),
    told: [`'${join(folder, 'none')}' is not a Python that runs [python-missing]`, 'managed'],
  },
  {
    what: 'a --python that is not a Python',
    argv: run('--python', join(programs, 'says-nothing')),
    told: ['is not a Python that runs [python-missing]'],
  },
  {
    what: 'a --python that fails',
    argv: run('--python', join(programs, 'fails')),
    told: ['is not a Python that runs [python-missing]'],
  },
  {
    what: 'a --python that is a folder',
    argv: run('--python', folder),
    told: ['is not a Python that runs [python-missing]'],
  },
  {
    what: 'a --python without the harness',
    argv: run('--python', join(programs, 'no-lm-eval')),
    told: ['has no lm-evaluation-harness [python-unsuitable]', '-m pip install', 'lm_eval'],
  },
  {
    what: 'a --python with another harness',
    argv: run('--python', join(programs, 'other-lm-eval')),
    told: ['has lm-eval 0.4.2, not 0.4.13 [python-unsuitable]', '-m pip install'],
  },
  {
    what: 'a record that is not there',
    argv: ['show', join(folder, 'none')],
    told: ['there is no record in', '[record-missing]', 'hint: '],
  },
  {
    what: 'a comparison without a baseline',
    argv: ['compare', '--candidate', folder],
    told: ["required option '--baseline <RECORD>' not specified"],
  },
];
for (const { what, argv, told, environment = PATH } of FAILURES) {
  test(`${what} is exit code 2, told on stderr, with nothing on stdout`, async () => {
    const { exitCode, stdout, stderr } = await runMain(argv, { cwd: folder, environment });
    assert.equal(exitCode, 2, stderr);
    assert.equal(stdout, '');
    for (const text of told) assert.ok(stderr.includes(text), `${stderr} does not say ${text}`);
    assert.doesNotMatch(stderr, /\n {4}at |\[internal\]/, 'no stack trace');
  });
}
