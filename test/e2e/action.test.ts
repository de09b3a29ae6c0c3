/** The built action under Node 24, started as a runner starts it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before } from 'node:test';
import { parse } from 'yaml';
import { recordDigest } from '../../src/record/digest.ts';
import { readRecord } from '../../src/record/read.ts';
import { VerdictSchema } from '../../src/verdict/schema.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { type RunningStep, runStep, type StepResult, startStep } from '../support/runner.ts';
import { inE2e, inNightly } from '../support/tier.ts';

const SECRET = 'hf_abcdefghijklmnopqrstuvwxyz';

const workspace = temporaryFolder();
const environment = testCache(temporaryFolder());
await makeTinyModel(await testPython(), join(workspace, 'models', 'main'));
writeQuestions(join(workspace, 'data'), 'xstest/test', xstestQuestions(320));
const runs: RunningStep[] = [];
endAfterTests(runs);

const INPUTS = {
  model: 'models/main',
  'model-args': 'dtype=float32',
  'datasets-dir': 'data',
  benchmarks: 'xstest',
  device: 'cpu',
};

function start(inputs: Record<string, string>, more: Record<string, string> = {}): RunningStep {
  const run = startStep({ workspace, inputs, environment: { ...environment, ...more } });
  runs.push(run);
  return run;
}

const step = (inputs: Record<string, string>) => start(inputs).result;
const items = (name: string) => readFileSync(join(workspace, name, 'items.parquet'));

/** A run without a baseline, with a token: what it left, the first tests look at. */
let first: StepResult;
before(async () => {
  first = await step({ ...INPUTS, output: 'record', 'hf-token': SECRET });
});

inE2e('without a baseline: scores in outputs and job summary, a notice, exit 0', async () => {
  const { exitCode, stdout, stderr, outputs, summary } = first;
  assert.equal(exitCode, 0, stdout + stderr);
  const score = Number(outputs['safety-score']);
  assert.ok(score > 0 && score < 1, outputs['safety-score']);
  assert.deepEqual(outputs, {
    verdict: 'no-baseline',
    passed: 'true',
    'record-path': outputs['record-path'],
    'record-digest': await recordDigest(join(workspace, 'record')),
    'report-path': join(outputs['record-path']!, 'report'),
    'report-html': join(outputs['record-path']!, 'report', 'report.html'),
    'comment-url': '',
    'wk-score': '',
    'wk-delta': '',
    'if-score': '',
    'if-delta': '',
    'safety-score': outputs['safety-score'],
    'safety-delta': '',
  });
  assert.match(summary, /Safety.*\d+\.\d\s\[/);
  assert.match(stdout, /^::notice::There is no baseline/m);
  const { record } = await readRecord(join(workspace, 'record'));
  assert.equal(await recordDigest(outputs['record-path']!), outputs['record-digest']);
  assert.equal(record.commit, '0123456789abcdef0123456789abcdef01234567');
  assert.deepEqual([record.branch, record.event], ['main', 'push']);
});

inE2e('every output that action.yml promises is set, and no other', () => {
  const action = parse(readFileSync(join(import.meta.dirname, '..', '..', 'action.yml'), 'utf8'));
  assert.deepEqual(Object.keys(first.outputs).sort(), Object.keys(action.outputs).sort());
});

inE2e('the evaluation is one group of the log; the token is masked and appears nowhere', () => {
  const { stdout, stderr } = first;
  assert.match(stdout, /^::group::Evaluate the model\n[\s\S]*320 questions[\s\S]*\n::endgroup::$/m);
  assert.equal(stdout.split(SECRET).length - 1, 1, 'said once, to the runner, as what to mask');
  assert.match(stdout, new RegExp(`^::add-mask::${SECRET}$`, 'm'));
  assert.ok(!stderr.includes(SECRET));
  for (const path of readdirSync(join(workspace, 'record'), { recursive: true, withFileTypes: true })) {
    if (!path.isFile()) continue;
    assert.ok(!readFileSync(join(path.parentPath, path.name)).includes(SECRET), path.name);
  }
});

inE2e('against a baseline that is the same model: passed, with verdict and comment as files', async () => {
  const { exitCode, stdout, outputs, summary } = await step({
    ...INPUTS,
    output: 'same',
    baseline: './record',
  });
  assert.equal(exitCode, 0, stdout);
  assert.deepEqual([outputs.passed, outputs['safety-delta']], ['true', '0']);
  const report = outputs['report-path']!;
  const verdict = VerdictSchema.parse(JSON.parse(readFileSync(join(report, 'verdict.json'), 'utf8')));
  assert.equal(outputs.verdict, verdict.verdict);
  assert.equal(verdict.sameModel, true);
  assert.equal(summary.trim(), readFileSync(join(report, 'comment.md'), 'utf8').trim());
});

inE2e(
  'a verdict that the policy fails on: exit 1, the verdict is the message; an input wins over the file',
  async () => {
    mkdirSync(join(workspace, '.github'), { recursive: true });
    const config = join(workspace, '.github', 'sos-bench.yml');
    // The other model knows as little, so that the difference is nothing certain.
    await makeTinyModel(await testPython(), join(workspace, 'models', 'other'), 2);
    writeFileSync(config, 'model: models/main\nfail-on: [incomplete]\nmargin: { safety: 0.01 }\n');
    const { exitCode, stdout, outputs } = await step({
      ...INPUTS,
      model: 'models/other',
      'fail-on': 'inconclusive,regressed',
      output: 'other',
      baseline: './record',
    });
    writeFileSync(config, '');
    assert.equal(exitCode, 1, stdout);
    assert.equal(outputs.passed, 'false');
    assert.match(
      stdout,
      new RegExp(`^::error title=SOS-Bench%3A ${outputs.verdict}::${outputs.verdict}: .+$`, 'm'),
    );
    const text = readFileSync(join(outputs['report-path']!, 'verdict.json'), 'utf8');
    const { sameModel, thresholds } = VerdictSchema.parse(JSON.parse(text));
    assert.deepEqual(
      [sameModel, thresholds.margins.safety],
      [false, 0.0001],
      "the input's model, the file's margin",
    );
  },
);

const NOT_DONE: { what: string; inputs: Record<string, string>; message: RegExp; code: string }[] = [
  { what: 'no model', inputs: { model: '' }, message: /model/, code: 'usage' },
  { what: 'a model that is not there', inputs: { model: 'none' }, message: /none/, code: 'model-missing' },
  {
    what: 'a model of another digest than was asked for',
    inputs: { 'model-digest': `sha256:${'0'.repeat(64)}` },
    message: /but sha256:0{64} was expected/,
    code: 'model-mismatch',
  },
  {
    what: 'an unknown benchmark',
    inputs: { benchmarks: 'xtest' },
    message: /xstest/,
    code: 'benchmark-unknown',
  },
  { what: 'a number that is none', inputs: { alpha: 'five' }, message: /alpha/, code: 'usage' },
  {
    what: 'a baseline that is not a record',
    inputs: { baseline: './data' },
    message: /data/,
    code: 'record-missing',
  },
  {
    what: 'a configuration that is not there',
    inputs: { config: 'no.yml' },
    message: /no\.yml/,
    code: 'config-invalid',
  },
  { what: 'no questions', inputs: { 'datasets-dir': 'models' }, message: /xstest/, code: 'data-missing' },
];
for (const { what, inputs, message, code } of NOT_DONE) {
  inE2e(
    `${what}: exit 2, one error with code and hint, no record and no outputs but where it would be`,
    async () => {
      const { exitCode, stdout, outputs } = await runStep({
        ...{ workspace, environment, inputs: { ...INPUTS, output: 'not-done', ...inputs } },
      });
      assert.equal(exitCode, 2, stdout);
      const errors = stdout.split('\n').filter((line) => line.startsWith('::error'));
      assert.equal(errors.length, 1, stdout);
      assert.match(errors[0]!, message);
      assert.match(
        errors[0]!,
        new RegExp(`^::error title=SOS-Bench could not run::.*\\[${code}\\]\\. Hint: `),
      );
      assert.deepEqual(Object.keys(outputs), ['record-path']);
      for (const folder of [outputs['record-path']!, join(workspace, 'not-done')])
        assert.ok(!existsSync(join(folder, 'record.json')));
    },
  );
}

/** A job that is cancelled once questions have been answered, as the runner does it. */
async function cancel(output: string): Promise<{ run: RunningStep; result: StepResult }> {
  const run = start({ ...INPUTS, output });
  await run.said('Model loaded');
  const journal = join(run.outputs()['record-path']!, 'journal.ndjson');
  const chunks = () => readFileSync(journal, 'utf8').split('{"type":"chunk"').length - 1;
  assert.ok(await within(300, () => chunks() > 0));
  // That it takes less than the 10 s after which a runner kills is held by `test/nightly/attempts.test.ts`: a busy machine takes longer.
  run.kill('SIGINT');
  const late = setTimeout(() => run.kill('SIGTERM'), 7500);
  const result = await run.result;
  clearTimeout(late);
  return { run, result };
}

inE2e(
  'a cancelled job (SIGINT to the action alone, SIGTERM 7.5 s later) ends by itself, with nothing left',
  async () => {
    const { run, result } = await cancel('cancelled');
    const { exitCode, stdout, outputs } = result;
    assert.equal(exitCode, 2, stdout);
    assert.match(stdout, /^::error title=SOS-Bench could not run::interrupted; .*\[interrupted\]/m);
    assert.ok(await within(60, () => run.descendants().length === 0), JSON.stringify(run.descendants()));
    const left = await readRecord(join(workspace, 'cancelled'));
    assert.equal(left.record.complete, false);
    assert.ok(left.items.length > 0 && left.items.length < 320);
    assert.equal(await recordDigest(join(workspace, 'cancelled')), outputs['record-digest']);
  },
);

inNightly(
  'the cancelled job run again begins again, whatever lies in the workspace, and ends as if nothing had been',
  async () => {
    await cancel('again');
    const { exitCode, stdout } = await step({ ...INPUTS, output: 'again' });
    assert.equal(exitCode, 0, stdout);
    assert.doesNotMatch(stdout, /done already|resumed/);
    assert.ok(items('again').equals(items('record')));
  },
);

inNightly('killed outright, the action leaves no process behind', async () => {
  const run = start({ ...INPUTS, output: 'killed' });
  await run.said('Model loaded');
  assert.ok(run.descendants().length > 0);
  run.kill('SIGKILL');
  await run.result;
  assert.ok(await within(60, () => run.descendants().length === 0), JSON.stringify(run.descendants()));
});
