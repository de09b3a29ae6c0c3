/**
 * A change whose configuration file asks to be evaluated otherwise, and names programs to run: the built run action, with the real Python
 * and harness, is told by the base alone. What names the model is taken.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { execa } from 'execa';
import { readRecord } from '../../src/record/read.ts';
import type { RunRecord } from '../../src/record/schema.ts';
import { SETTINGS, type Setting } from '../../src/settings/table.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';

const outside = temporaryFolder();
const cache = testCache(outside);
const marker = join(outside, 'ran');

/** Every setting that judges, as a change would like it. */
const WISHES = `
seed: 7
suite: mini
items: 20
detect: 20
looks: 5
collapse: 90
stop-on: regressed
benchmarks: [gpqa]
stages: [livebench, judge]
backend: local-completions
datasets-dir: mine
include-path: [mine]
system-instruction: Answer at random.
apply-chat-template: true
enable-thinking: true
think-end-token: </other>
max-gen-toks: 1
server: transformers
server-model: better
server-parallel: 64
livebench-dir: mine
livebench-ref: mine
livebench-release: 2024-08-31
plan: mine/plan.json
python: ./program
launcher: ./program
state-dir: mine
output: elsewhere
stall-timeout: 1
trust-remote-code: true
allow-pickle: true
allow-unsafe-code: true
preset: macro
alpha: 0.001
drift-alpha: 0.001
thresholds: { wk: off }
fail-on: []
minimum-effect: 50
margin: { wk: 50 }
author-may-accept: true
judge-server: https://mine.example.com/v1
judge-model: mine
judge-model-args: { dtype: float32 }
judge-mode: choice
judge-questions: mine/questions.jsonl
judge-sample: 9
judge-prompt: mine/prompt.txt
judge-criteria: true
judge-weights: { style: 9 }
judge-prices: 1/2
judge-max-tokens: 9
judge-max-cost: 9
judge-max-position: 50
judge-max-contradicted: 100
judge-verdict-tokens: 9
judge-concurrency: 2
judge-reference: mine/answers.jsonl
alarm-looks: false
answers-dir: mine
log: tensorboard:mine
log-python: ./program
`;
const SUBJECT = `
model: models/own
model-name: own
model-args: { dtype: float32, max_length: 8 }
device: cpu
devices: cpu:1
batch-size: 3
`;

async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  return (await execa('git', [...identity, ...args], { cwd })).stdout.trim();
}

function write(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content, { mode: 0o755 });
  }
}

describe('the configuration file of a change', () => {
  const workspace = temporaryFolder();
  let base: string;
  let head: string;
  const seen: { record: RunRecord; items: string; stdout: string }[] = [];

  before(async () => {
    const python = await testPython();
    await makeTinyModel(python, join(workspace, 'models', 'own'));
    writeQuestions(join(outside, 'data'), 'xstest/test', xstestQuestions(64));
    write(workspace, {
      '.gitignore': '_runner*\n',
      '.github/sos-bench.yml': 'seed: 5\nmodel: models/base\n',
    });
    await git(workspace, 'init', '--quiet');
    await git(workspace, 'add', '.');
    await git(workspace, 'commit', '--quiet', '-m', 'base');
    base = await git(workspace, 'rev-parse', 'HEAD');
    for (const config of [SUBJECT, SUBJECT + WISHES]) {
      write(workspace, {
        '.github/sos-bench.yml': config,
        program: `#!/bin/sh\ntouch ${marker}\nexec "$@"\n`,
        'mine/plan.json': '{}',
        'mine/xstest/test.jsonl': '',
      });
      await git(workspace, 'add', '.');
      await git(workspace, 'commit', '--quiet', '--allow-empty', '-m', 'change');
      head = await git(workspace, 'rev-parse', 'HEAD');
      seen.push(await run());
    }
  });

  async function run() {
    const payload = pullPayload({ number: 1, headSha: head }, base);
    const { exitCode, stdout, stderr, outputs } = await startStep({
      workspace,
      action: 'run',
      inputs: { 'datasets-dir': join(outside, 'data'), benchmarks: 'xstest', suite: 'full' },
      environment: { ...cache, ...eventEnvironment(outside, { name: 'pull_request', payload, run: 1 }) },
    }).result;
    assert.equal(exitCode, 0, stdout + stderr);
    const folder = outputs['record-path']!;
    const { record } = await readRecord(folder);
    return { record, items: readFileSync(join(folder, 'items.parquet')).toString('hex'), stdout };
  }

  test('has a wish for every setting that judges', () => {
    const keys = Object.entries(SETTINGS as Record<string, Setting>).filter(
      ([, { role, inFile }]) => role === 'judges' && inFile,
    );
    for (const [key] of keys) assert.match(WISHES, new RegExp(`^${key}:`, 'm'));
  });

  test('changes nothing by its wishes: the same protocol, settings and items', () => {
    const [plain, wishing] = seen;
    const told = ({ record: { protocol, asked, suite, seed, planHash } }: (typeof seen)[number]) => ({
      ...{ protocol, asked, suite, seed, planHash },
    });
    assert.deepEqual(told(wishing!), told(plain!));
    assert.equal(wishing!.items, plain!.items);
    assert.equal(wishing!.record.seed, 5);
    assert.equal(wishing!.record.asked?.commit, base);
    assert.deepEqual(wishing!.record.asked?.settings.seed, { value: '5', from: 'base' });
    assert.deepEqual(wishing!.record.asked?.settings.suite, { value: 'full', from: 'input' });
  });

  test('runs nothing, and its wishes are named in the log', () => {
    assert.ok(!existsSync(marker));
    assert.match(
      seen[1]!.stdout,
      /This pull request edits \.github\/sos-bench\.yml\. Proposed, not used: .*suite: mini/,
    );
  });

  test('names the model, and how it is loaded', () => {
    const { model, subject, environment } = seen[1]!.record;
    assert.equal(model.name, 'own');
    assert.equal(environment?.batchSize, '3');
    assert.deepEqual(subject.modelArgs, { dtype: 'float32' });
  });
});
