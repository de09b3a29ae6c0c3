/**
 * Files at the root of a repository neither run nor break an evaluation, whatever they are called, and neither do variables that name them:
 * the built action, with the real Python and harness.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { fillHostileWorkspace } from '../support/hostile-workspace.ts';
import { endAfterTests } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { type RunningStep, type StepResult, startStep } from '../support/runner.ts';
import { inE2e, inNightly, isNightly } from '../support/tier.ts';

const outside = temporaryFolder();
const model = await makeTinyModel(await testPython(), join(outside, 'model'));
const [plain, hostile] = [temporaryFolder(), temporaryFolder()].map((path) => realpathSync(path));
const cache = testCache(outside);
const temp = (name: string) => {
  const path = join(outside, `temp-${name}`);
  mkdirSync(path, { recursive: true });
  return path;
};
const runs: RunningStep[] = [];
endAfterTests(runs);

function start(
  workspace: string,
  name: string,
  {
    environment = {},
    inputs = {},
  }: { environment?: Record<string, string>; inputs?: Record<string, string> } = {},
): RunningStep {
  cpSync(model, join(workspace, 'model'), { recursive: true });
  const step = startStep({
    workspace,
    inputs: {
      ...{ model: 'model', 'model-args': 'dtype=float32,tokenizer=model', device: 'cpu', suite: 'mini' },
      ...{ benchmarks: 'xstest,gpqa', output: 'record', store: 'none' },
      ...inputs,
    },
    environment: { ...cache, RUNNER_TEMP: temp(name), ...environment },
  });
  runs.push(step);
  return step;
}

async function recordOf({ exitCode, stdout, stderr, outputs }: StepResult) {
  assert.equal(exitCode, 0, stdout + stderr);
  const folder = outputs['record-path']!;
  const { record } = await readRecord(folder);
  const { benchmarks, protocol, model: evaluated } = record;
  return {
    benchmarks,
    protocol,
    digest: evaluated.digest,
    items: createHash('sha256')
      .update(readFileSync(join(folder, 'items.parquet')))
      .digest('hex'),
  };
}

const expected = await recordOf(await start(plain!, 'plain').result);
const files = await fillHostileWorkspace(hostile!, outside);
const first = isNightly ? await recordOf(await start(hostile!, 'files').result) : null;
const afterFirst = files.traces();
const folders = new Set<string>();
const step = start(hostile!, 'hostile', { environment: files.environment });
/** What a process runs: asked each time, since the action, too, is a copy of this process at first. */
const commandOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
let ended = false;
const result = step.result.finally(() => {
  ended = true;
});
while (!ended) {
  for (const { pid } of step.descendants()) {
    try {
      // A copy of the action that has not yet become the program it is to start is still where the action is. Asked first: it may become it in between.
      const isCopy = commandOf(pid) === commandOf(step.pid);
      if (!isCopy) folders.add(readlinkSync(`/proc/${pid}/cwd`));
    } catch {
      // It has ended meanwhile.
    }
  }
  await sleep(20);
}
const done = await result;
const second = await recordOf(done);
const script = (name: string, text: string) =>
  writeFileSync(join(hostile!, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
script('wrap.sh', `pwd > '${outside}/launched-in'\nexec "$@"`);
script('fetch.sh', `{ pwd; env; } > '${outside}/fetched-in'\necho model`);
const own = await recordOf(
  await start(hostile!, 'own', {
    environment: files.environment,
    inputs: { model: 'command:./fetch.sh', 'model-name': 'model', launcher: './wrap.sh' },
  }).result,
);

inNightly('files alone: nothing runs, and the record is the same as without them', () => {
  assert.deepEqual(afterFirst, []);
  assert.deepEqual(first, expected);
});

inE2e('files and variables: no module, no program on PATH, nothing that .git/config names runs', () => {
  assert.deepEqual(files.traces(), []);
});

inE2e('the record is then the same as without them', () => {
  assert.deepEqual(second, expected);
});

inE2e('no child is in the workspace', () => {
  assert.ok(folders.size > 0);
  const inside = [...folders].filter((path) => `${path}/`.startsWith(`${hostile}/`));
  assert.deepEqual(inside, []);
});

inE2e('the variables that named its paths are named in a notice', () => {
  const [, names = ''] = /^::notice title=[^:]*::not used[^:]*: (.*)$/m.exec(done.stdout) ?? [];
  const expectedNames = Object.keys(files.environment).map((name) =>
    name === 'PATH' ? 'PATH (some entries)' : name,
  );
  assert.deepEqual(names.split(', ').sort(), expectedNames.sort(), done.stdout);
});

inE2e(
  'a trusted command and launcher run in the workspace as before, and the worker behind takes nothing from there',
  () => {
    const read = (name: string) => readFileSync(join(outside, name), 'utf8');
    assert.equal(read('launched-in').trim(), hostile);
    const [folder, ...variables] = read('fetched-in').split('\n');
    assert.equal(folder, hostile);
    assert.ok(variables.includes(`HF_HOME=${files.environment.HF_HOME}`), 'its variables are as they were');
    assert.deepEqual(own, expected);
  },
);
