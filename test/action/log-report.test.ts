/** `log` in the built report action: who may set it, whom it logs, and that nothing hangs on it. With fake libraries outside of the workspace. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { putFile } from '../support/lost-questions.ts';
import { runStep } from '../support/runner.ts';

const CONFIG = '.github/sos-bench.yml';
const KEY = 'fake-key-of-wandb-0123456789';
const TRACKIO = `
import json, os
TRACKIO_DIR = "the-folder-of-trackio"
seen = {"environment": dict(os.environ)}
def init(**all): seen["init"] = all
def Table(columns, data): return data
def log(metrics, step): seen["metrics"] = metrics
def finish():
  with open(os.path.join(os.environ["TRACKIO_DIR"], "seen.json"), "w") as file: json.dump(seen, file)
`;
const WANDB =
  'import os\nraise RuntimeError("bad key " + os.environ["WANDB_API_KEY"] + "\\n::error::not ours")\n';

describe('a report that is to be logged', () => {
  const workspace = temporaryFolder();
  const disk = temporaryFolder();
  const seen = join(disk, 'seen.json');
  let github: TestGitHub;
  let token: string;
  let base: string;
  let pull: { number: number; headSha: string };
  let python: string;
  let run = 900;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    base = await github.emulator.tip();
    pull = await github.emulator.openPull();
    await keepRecord(disk, { model: 'main', scores: HALF, commit: null });
    await keepRecord(workspace, { model: 'worse', scores: lost(300), commit: pull.headSha });
    const packages = join(disk, 'packages');
    mkdirSync(packages);
    writeFileSync(join(packages, 'trackio.py'), TRACKIO);
    writeFileSync(join(packages, 'wandb.py'), WANDB);
    python = (await execa('python3', ['-c', 'import sys; print(sys.executable)'])).stdout;
  });
  after(() => github.close());

  async function report(inputs: Record<string, string>, head = {}) {
    rmSync(seen, { force: true });
    const step = await runStep({
      workspace,
      action: 'report',
      inputs: {
        ...{ 'github-token': token, store: 'none', baseline: join(disk, 'main'), record: './worse' },
        'log-python': python,
        ...inputs,
      },
      environment: {
        ...eventEnvironment(disk, {
          name: 'pull_request',
          payload: pullPayload(pull, base, { head }),
          run: ++run,
        }),
        ...{ GITHUB_API_URL: github.proxy.url, PYTHONPATH: join(disk, 'packages') },
        ...{ WANDB_API_KEY: KEY, TRACKIO_DIR: disk, OPENAI_API_KEY: 'of-another' },
      },
    });
    const { verdict, passed } = step.outputs;
    const [check] = await github.checks(pull.headSha);
    const found = [step.exitCode, verdict, passed, check?.conclusion];
    return { ...step, found, logged: existsSync(seen) ? JSON.parse(readFileSync(seen, 'utf8')) : null };
  }

  const REGRESSED = [1, 'regressed', 'false', 'failure'];

  test('one logger works, one fails, one names a folder of the change: the verdict stays, and each is said', async () => {
    const { found, stdout, logged } = await report({ log: 'wandb:evals\ntrackio:evals\ntensorboard:./tb' });
    assert.deepEqual(found, REGRESSED, stdout);
    assert.match(stdout, /^Logged to trackio:evals: the-folder-of-trackio$/m);
    assert.match(
      stdout,
      /^::warning title=SOS-Bench%3A not logged to wandb::.*bad key \[redacted\].*\[logger-failed\].*WANDB_API_KEY/m,
    );
    assert.match(
      stdout,
      /^::warning title=SOS-Bench%3A not logged to tensorboard::.*tb is part of the change's own checkout.*\[claimed-path\]/m,
    );
    assert.doesNotMatch(stdout, new RegExp(`${KEY}|^::error::not ours`, 'm'));
    assert.ok(!existsSync(join(workspace, 'tb')));
    const { init, metrics, environment } = logged;
    assert.deepEqual(
      [init.project, init.group, init.config.pull_request],
      ['evals', `pr-${pull.number}`, pull.number],
    );
    assert.deepEqual([metrics['sos-bench/gpqa/lost'], metrics['sos-bench/passed']], [300, 0]);
    assert.equal(init.config.claim, true);
    assert.doesNotMatch(JSON.stringify(environment), new RegExp(`${KEY}|of-another|${token}`));
  });

  test('the base says where; what the change says is proposed and not used', async () => {
    await putFile(github, CONFIG, 'log: trackio:of-base\n', 'main');
    mkdirSync(join(workspace, '.github'));
    writeFileSync(join(workspace, CONFIG), 'log: trackio:of-the-change\n');
    const { found, stdout, logged } = await report({});
    await putFile(github, CONFIG, '', 'main');
    rmSync(join(workspace, '.github'), { recursive: true });
    assert.deepEqual(found, REGRESSED, stdout);
    assert.equal(logged.init.project, 'of-base');
  });

  test('a Python of the change starts nothing', async () => {
    writeFileSync(join(workspace, 'python'), '#!/bin/sh\ntouch "$0.ran"\n', { mode: 0o755 });
    const { found, stdout, logged } = await report({ log: 'trackio:evals', 'log-python': './python' });
    assert.deepEqual([found, logged], [REGRESSED, null], stdout);
    assert.match(stdout, /log-python .*own checkout.*\[claimed-path\]/);
    assert.ok(!existsSync(join(workspace, 'python.ran')));
  });

  test("a fork's pull request is not logged, and a line says why", async () => {
    const { stdout, logged } = await report(
      { log: 'trackio:evals', comment: 'false' },
      { repo: { full_name: 'stranger/models', default_branch: 'main' } },
    );
    assert.equal(logged, null);
    assert.match(stdout, /^Not logged: the record is the word of a fork/m);
  });
});
