/** Models that an earlier job left as artifacts, and a baseline evaluated in the same job: the built action, as a runner starts it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadArtifactClient, uploadArtifact } from '../../src/github/artifacts/upload.ts';
import { digestModel } from '../../src/model/digest.ts';
import { readRecord } from '../../src/record/read.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { type FakeArtifacts, startFakeArtifacts } from '../support/fake-artifacts.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testPython } from '../support/python.ts';
import { startStep } from '../support/runner.ts';

const RUN = 90;

describe('models of an earlier job', () => {
  const workspace = temporaryFolder();
  const models = { main: join(workspace, 'made', 'main'), candidate: join(workspace, 'made', 'candidate') };
  const environment = testCache(temporaryFolder());
  let service: FakeArtifacts;

  before(async () => {
    service = await startFakeArtifacts('http://127.0.0.1:9');
    const python = await testPython();
    writeQuestions(join(workspace, 'data'), 'xstest/test', xstestQuestions(40));
    Object.assign(process.env, service.stepEnvironment(RUN));
    const client = await loadArtifactClient();
    for (const [place, [name, root]] of Object.entries(models).entries()) {
      await makeTinyModel(python, root, place + 1);
      const files = readdirSync(root).map((file) => join(root, file));
      await uploadArtifact(client, { name, files, root });
    }
  });
  after(() => service.close());

  const step = (inputs: Record<string, string>, more: Record<string, string> = {}) =>
    startStep({
      workspace,
      inputs: {
        ...{ 'model-args': 'dtype=float32', 'datasets-dir': 'data', benchmarks: 'xstest', device: 'cpu' },
        store: 'none',
        ...inputs,
      },
      environment: { ...environment, ...service.stepEnvironment(RUN), ...more },
    }).result;

  test('are fetched, the baseline is evaluated first, and the two are compared', async () => {
    const { exitCode, stdout, stderr, outputs } = await step({
      model: 'artifact:candidate',
      baseline: 'rerun',
      'baseline-model': 'artifact:main',
      output: 'record',
      'fail-on': 'incomplete',
    });
    assert.equal(exitCode, 0, stdout + stderr);
    assert.match(stdout, /::group::Evaluate the baseline[\s\S]*::group::Evaluate the model/);
    const candidate = await readRecord(join(workspace, 'record'));
    const baseline = await readRecord(join(workspace, 'record', 'baseline'));
    const digests = await Promise.all([models.candidate, models.main].map((path) => digestModel([path])));
    assert.deepEqual([candidate.record.model.digest, baseline.record.model.digest], digests);
    assert.notEqual(digests[0], digests[1]);
    assert.notEqual(outputs.verdict, 'no-baseline');
    assert.notEqual(outputs['safety-delta'], '');
    assert.equal(candidate.record.commit, '0123456789abcdef0123456789abcdef01234567');
    assert.equal(baseline.record.commit, null, 'it is not the commit that is judged');
  });

  const MISSING: {
    what: string;
    inputs: Record<string, string>;
    more?: Record<string, string>;
    message: RegExp;
  }[] = [
    {
      what: 'an artifact that no job uploaded',
      inputs: { model: 'artifact:none' },
      message:
        /artifact 'none' cannot be had: .*\[model-missing\]\. Hint: an earlier job of this run has to upload it/,
    },
    {
      what: "the baseline's, before time is spent on the candidate",
      inputs: { model: 'artifact:candidate', baseline: 'rerun', 'baseline-model': 'artifact:none' },
      message: /artifact 'none' cannot be had/,
    },
    {
      what: 'a rerun without a model to run',
      inputs: { model: 'artifact:candidate', baseline: 'rerun' },
      message: /baseline: rerun needs baseline-model \[usage\]\. Hint: give the main branch's model/,
    },
    {
      what: 'any artifact outside of a workflow',
      inputs: { model: 'artifact:candidate' },
      more: { ACTIONS_RUNTIME_TOKEN: '' },
      message: /artifact 'candidate' cannot be had: .*\[model-missing\]/,
    },
  ];
  for (const { what, inputs, more, message } of MISSING) {
    test(`${what}: exit 2, one line, no record`, async () => {
      const { exitCode, stdout, outputs } = await step({ ...inputs, output: 'none' }, more);
      assert.equal(exitCode, 2, stdout);
      assert.match(stdout, message);
      assert.doesNotMatch(stdout, /::group::Evaluate the model[\s\S]*Model loaded/);
      assert.deepEqual(Object.keys(outputs), ['record-path']);
      assert.ok(!existsSync(join(workspace, 'none', 'record.json')));
    });
  }

  test('one whose content is not what was uploaded is refused', async () => {
    service.details.set(`${RUN}/candidate`, { digest: 'sha256:other' });
    const { exitCode, stdout } = await step({ model: 'artifact:candidate', output: 'changed' });
    service.details.delete(`${RUN}/candidate`);
    assert.equal(exitCode, 2);
    assert.match(stdout, /artifact 'candidate' cannot be had: its content is not what was uploaded/);
  });
});
