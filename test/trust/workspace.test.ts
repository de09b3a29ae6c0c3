/**
 * The workspace is the change's: what its commits put there is no result of ours, and no link of theirs is followed. Built bundles
 * and the real Python; each attack is a file or a link of the checkout, or what an earlier step of the job prepared.
 */
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe } from 'node:test';
import { recordDigest } from '../../src/record/digest.ts';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { type RunningStep, startStep } from '../support/runner.ts';
import { inE2e, inNightly, inParts, needsModel } from '../support/tier.ts';

const SECRET = 'ghp_Secret0Secret1Secret2';

const folder = temporaryFolder();
const environment = testCache(folder);
const model = await makeTinyModel(await testPython(), join(folder, 'model'));
writeQuestions(join(folder, 'data'), 'xstest/test', xstestQuestions(320));
const runs: RunningStep[] = [];
endAfterTests(runs);
let workspaces = 0;

/** A checkout that a pull request prepared. */
function checkout(prepare: (workspace: string) => void = () => {}): string {
  const workspace = join(folder, `workspace-${workspaces++}`);
  mkdirSync(workspace);
  prepare(workspace);
  return workspace;
}

interface Step {
  action?: string;
  inputs?: Record<string, string>;
  temp?: string;
}

function start(workspace: string, { action = 'run', inputs = {}, temp }: Step = {}): RunningStep {
  const pull = { number: 1, headSha: 'a'.repeat(40) };
  const step = startStep({
    workspace,
    action,
    inputs: {
      ...{ model, 'model-args': 'dtype=float32', benchmarks: 'xstest' },
      ...(action === 'plan' ? {} : { device: 'cpu' }),
      ...{ 'datasets-dir': join(folder, 'data') },
      ...inputs,
    },
    environment: {
      ...environment,
      ...eventEnvironment(folder, {
        name: 'pull_request',
        payload: pullPayload(pull, 'b'.repeat(40)),
        run: 1,
      }),
      ...(temp === undefined ? {} : { RUNNER_TEMP: temp }),
    },
  });
  runs.push(step);
  return step;
}

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** A journal of such a run in which every answer is right. */
function forge(journal: string): string {
  return readFileSync(journal, 'utf8').replaceAll(/"scores":\{[^}]*\}/g, (scores) =>
    scores.replaceAll(/:[\d.]+/g, ':1'),
  );
}

const honest = { record: '', items: Buffer.alloc(0) };

before(async () => {
  if (!needsModel) return;
  const { exitCode, stdout, outputs } = await start(checkout()).result;
  assert.equal(exitCode, 0, stdout);
  honest.record = outputs['record-path']!;
  honest.items = readFileSync(join(honest.record, 'items.parquet'));
});

/** A committed record of full marks, of the same model and plan. */
function putForged(output: string): void {
  cpSync(honest.record, output, { recursive: true });
  const journal = forge(join(honest.record, 'journal.ndjson'));
  assert.notEqual(journal, readFileSync(join(honest.record, 'journal.ndjson'), 'utf8'));
  writeFileSync(join(output, 'journal.ndjson'), journal);
}

describe('a record in the checkout', () => {
  for (const [register, what, inputs, output, remove] of [
    [
      inE2e,
      'a committed journal in the default folder',
      {},
      'sos-bench-record',
      ['record.json', 'items.parquet'],
    ],
    [
      inNightly,
      'a committed journal in the folder that `output` names',
      { output: 'record' },
      'record',
      ['record.json'],
    ],
    [inNightly, 'a whole committed record', { output: 'a/b/record' }, 'a/b/record', []],
  ] as const) {
    register(`${what} is not a result: the model is asked, and the copy in its place is ours`, async () => {
      const workspace = checkout((path) => {
        putForged(join(path, output));
        for (const name of remove) writeFileSync(join(path, output, name), 'not whole');
      });
      const { exitCode, stdout, outputs } = await start(workspace, { inputs }).result;
      assert.equal(exitCode, 0, stdout);
      assert.match(stdout, /Model loaded/);
      const copy = join(workspace, output);
      for (const path of [outputs['record-path']!, copy])
        assert.ok(readFileSync(join(path, 'items.parquet')).equals(honest.items), path);
      assert.equal(await recordDigest(copy), outputs['record-digest']);
    });
  }

  for (const [what, output, inputs] of [
    ['before the model is looked for', 'record', { output: 'record', model: join(folder, 'no-model') }],
    ['before any setting is read', 'record', { output: 'record', 'resume-from': 'none' }],
    ['before any setting is read, from the default folder', 'sos-bench-record', { 'resume-from': 'none' }],
  ] as const) {
    inE2e(
      `is taken away where the step fails ${what}: a later step does not upload it for ours`,
      async () => {
        const workspace = checkout((path) => putForged(join(path, output)));
        const { exitCode, stdout, outputs } = await start(workspace, { inputs }).result;
        assert.equal(exitCode, 2, stdout);
        assert.equal(outputs['record-digest'], undefined);
        for (const name of ['record.json', 'items.parquet', 'journal.ndjson'])
          assert.ok(!existsSync(join(workspace, output, name)), name);
      },
    );
  }

  for (const output of ['.git', '.git/hooks', './.git/', 'sub/.git/modules', '.GIT']) {
    const register = output === '.git' ? inParts : inNightly;
    register(`is nothing that ${output} could hold: git's own folder gets no copy`, async () => {
      const workspace = checkout((path) => put(join(path, '.git', 'record.json'), 'of git'));
      const { exitCode, stdout } = await start(workspace, { inputs: { output } }).result;
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, /is git's own folder, or in one \[usage\]\. Hint: /);
      assert.equal(readFileSync(join(workspace, '.git', 'record.json'), 'utf8'), 'of git');
    });
  }

  inE2e('is not what `report` takes where no record is named', async () => {
    const workspace = checkout((path) => putForged(join(path, 'sos-bench-record')));
    const step = startStep({ workspace, action: 'report', inputs: { store: 'none' }, environment });
    const { exitCode, stdout } = await step.result;
    assert.equal(exitCode, 2, stdout);
    assert.match(stdout, /record is missing.*\[usage\]\. Hint: .*record: \$\{\{ /);
  });
});

describe('where the record is', () => {
  inE2e(
    'record-path is told before work begins: a new folder in the temporary one, for its user alone',
    async () => {
      const temp = join(folder, 'told');
      const step = start(checkout(), { temp });
      await step.said('questions of 1 benchmark');
      const path = step.outputs()['record-path']!;
      step.kill('SIGKILL');
      await step.result;
      assert.equal(dirname(dirname(path)), temp);
      assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
      assert.ok(existsSync(join(path, 'journal.ndjson')), 'a step that was killed leaves its journal there');
    },
  );

  inNightly(
    'what an earlier step prepared in the temporary folder is neither read nor written to',
    async () => {
      const temp = join(folder, 'prepared');
      const outside = join(folder, 'prepared-outside');
      mkdirSync(outside);
      const names = ['plan', 'report', 'candidate', 'record', 'gate', 'flips', 'earlier', 'models'];
      for (const name of names) link(outside, join(temp, 'sos-bench', name));
      putForged(join(temp, 'sos-bench-record'));
      const planned = await start(checkout(), { action: 'plan', temp }).result;
      assert.equal(planned.exitCode, 0, planned.stdout);
      const workspace = checkout();
      const { exitCode, stdout, outputs } = await start(workspace, { temp, inputs: { output: 'record' } })
        .result;
      assert.equal(exitCode, 0, stdout);
      assert.ok(readFileSync(join(workspace, 'record', 'items.parquet')).equals(honest.items));
      const record = outputs['record-path']!;
      const inputs = { record, store: 'none', baseline: honest.record };
      const reported = await startStep({
        workspace,
        action: 'report',
        inputs,
        environment: { RUNNER_TEMP: temp },
      }).result;
      assert.equal(reported.exitCode, 0, reported.stdout);
      assert.deepEqual(readdirSync(outside), []);
    },
  );
});

describe('a link of the checkout', () => {
  /** What a link must not be followed to. */
  const outside = () => {
    const path = join(folder, `outside-${workspaces}`);
    put(join(path, 'token'), SECRET);
    return path;
  };

  for (const [what, output, linked] of [
    ['as the folder of `output`', 'record', 'record'],
    ['above it', 'a/b/record', 'a'],
    ['between', 'a/b/record', 'a/b'],
  ] as const) {
    for (const dangling of [false, true]) {
      const named = `${what}${dangling ? ', to what is not there' : ''}`;
      const register = dangling ? inNightly : inParts;
      register(`${named}: refused by name before anything is evaluated`, async () => {
        const target = dangling ? join(folder, 'nowhere') : outside();
        const workspace = checkout((path) => link(target, join(path, linked)));
        const { exitCode, stdout } = await start(workspace, { inputs: { output } }).result;
        assert.equal(exitCode, 2, stdout);
        assert.match(stdout, new RegExp(`${join(workspace, linked)} is a link.*\\[usage\\]\\. Hint: `));
        assert.doesNotMatch(stdout, /Model loaded/);
        if (dangling) assert.ok(!existsSync(target));
        else assert.deepEqual(readdirSync(target), ['token']);
      });
    }
  }

  inNightly(
    'inside of it, in place of each file and folder: replaced, and what it names stays as it is',
    async () => {
      const target = outside();
      const token = join(target, 'token');
      const workspace = checkout((path) => {
        const record = join(path, 'record');
        link(token, join(record, 'journal.ndjson'));
        link(token, join(record, 'record.json'));
        link(join(target, 'made'), join(record, 'items.parquet'));
        link(join(target, 'made-too'), join(record, 'plan.json'));
        link(target, join(record, 'logs'));
        link(target, join(record, 'report'));
        link(token, join(record, '.lock'));
      });
      const inputs = {
        output: 'record',
        baseline: honest.record,
        store: 'none',
        comment: 'false',
        check: 'false',
      };
      const { exitCode, stdout, outputs } = await start(workspace, { action: 'action', inputs }).result;
      assert.equal(exitCode, 0, stdout);
      assert.deepEqual(readdirSync(target), ['token']);
      assert.equal(readFileSync(token, 'utf8'), SECRET);
      assert.equal(await recordDigest(join(workspace, 'record')), outputs['record-digest']);
      assert.ok(existsSync(join(workspace, 'record', 'report', 'verdict.json')));
    },
  );

  for (const [what, content] of [
    ['of words', SECRET],
    ['of a key and a value', `token: ${SECRET}\n`],
    ['of JSON', `{"auths": {"registry": "${SECRET}"}, oops`],
  ] as const) {
    const register = what === 'of words' ? inParts : inNightly;
    register(
      `as configuration, to a file ${what}: not read, by name, and nothing of it is told`,
      async () => {
        const target = join(outside(), 'token');
        writeFileSync(target, content);
        const workspace = checkout((path) => link(target, join(path, '.github', 'sos-bench.yml')));
        const none = { model: join(folder, 'no-model') };
        for (const action of ['run', 'plan', 'action']) {
          const pull = await start(workspace, { action, inputs: none }).result;
          const push = await startStep({ workspace, action, inputs: none, environment }).result;
          for (const { exitCode, stdout, stderr, summary } of [pull, push]) {
            assert.equal(exitCode, 2, stdout);
            assert.match(stdout, /sos-bench\.yml is a link.*\[config-invalid\]/);
            for (const text of [stdout, stderr, summary])
              assert.doesNotMatch(text, /Secret|auths|token:/, action);
          }
        }
      },
    );
  }

  for (const [what, make] of [
    ['as the folder that `record` names', (path: string) => link(honest.record, join(path, 'record'))],
    [
      'as its record.json, to a secret',
      (path: string) => {
        cpSync(honest.record, join(path, 'record'), {
          recursive: true,
          filter: (name) => !name.endsWith('record.json'),
        });
        link(join(outside(), 'token'), join(path, 'record', 'record.json'));
      },
    ],
  ] as const) {
    inE2e(`${what}: report refuses it by name`, async () => {
      const workspace = checkout(make);
      const inputs = { store: 'none', record: './record' };
      const { exitCode, stdout } = await startStep({ workspace, action: 'report', inputs, environment })
        .result;
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, /is a link \[usage\]/);
      assert.doesNotMatch(stdout, /Secret/);
    });
  }

  inNightly('in the model folder is followed: it is the model that the change claims', async () => {
    const workspace = checkout((path) => {
      for (const name of readdirSync(model)) link(join(model, name), join(path, 'model', name));
    });
    const { exitCode, stdout, outputs } = await start(workspace, { inputs: { model: './model' } }).result;
    assert.equal(exitCode, 0, stdout);
    assert.ok(readFileSync(join(outputs['record-path']!, 'items.parquet')).length > 0);
  });
});

describe('a step that does not end well', () => {
  const chunks = (record: string) => {
    const path = join(record, 'journal.ndjson');
    return existsSync(path) ? readFileSync(path, 'utf8').split('{"type":"chunk"').length - 1 : 0;
  };
  const begun = async (step: RunningStep) => {
    await step.said('Model loaded');
    assert.ok(await within(60, () => chunks(step.outputs()['record-path']!) > 0));
  };
  const assertPartial = async (copy: string, digest: string | undefined) => {
    const { record, items } = await readRecord(copy);
    assert.equal(record.complete, false);
    assert.ok(items.length > 0 && items.length < 320, `${items.length} items`);
    assert.equal(await recordDigest(copy), digest);
  };

  inNightly(
    'cancelled (SIGINT, 7.5 s later SIGTERM, killed after 10 s): the copy is a partial record of ours, in time',
    async () => {
      const workspace = checkout((path) => putForged(join(path, 'record')));
      const step = start(workspace, { inputs: { output: 'record' } });
      await begun(step);
      const began = performance.now();
      step.kill('SIGINT');
      const late = setTimeout(() => step.kill('SIGTERM'), 7500);
      const { exitCode, stdout, outputs } = await step.result;
      clearTimeout(late);
      assert.ok(performance.now() - began < 10_000);
      assert.equal(exitCode, 2, stdout);
      await assertPartial(join(workspace, 'record'), outputs['record-digest']);
    },
  );

  inNightly('failed, since no worker can go on: the copy is a partial record of ours', async () => {
    const workspace = checkout((path) => putForged(join(path, 'record')));
    const step = start(workspace, { inputs: { output: 'record' } });
    await begun(step);
    // Whenever one is there: it is restarted, and dies again.
    const killing = setInterval(() => {
      for (const { pid, command } of step.descendants())
        if (command.includes('sosbench_worker')) process.kill(pid, 'SIGKILL');
    }, 200);
    const { exitCode, stdout, outputs } = await step.result;
    clearInterval(killing);
    assert.equal(exitCode, 2, stdout);
    await assertPartial(join(workspace, 'record'), outputs['record-digest']);
  });
});
