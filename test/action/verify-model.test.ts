/** The built report action: what became of a record that says that its model is main's. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { identifyModel } from '../../src/model/identity.ts';
import type { RunRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { HALF } from '../support/comparisons.ts';
import { eventEnvironment } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { addFiles, safetensors } from '../support/model-folders.ts';
import { makeRecord } from '../support/records.ts';
import { runStep } from '../support/runner.ts';

describe('a record that took over the answers of main', () => {
  const workspace = temporaryFolder();
  /** Outside the workspace, as a disk of the machine. */
  const disk = temporaryFolder();
  const main = 'a'.repeat(40);
  let github: TestGitHub;
  let token: string;
  let pull: { number: number; headSha: string };
  let identity: NonNullable<RunRecord['model']['identity']>;

  const model = (name: string, byte: number) => {
    const path = join(disk, name);
    addFiles(path, {
      'config.json': { model_type: 'llama' },
      'tokenizer.json': {},
      'model.safetensors': safetensors(String.fromCharCode(byte).repeat(64)),
    });
    return path;
  };

  const keep = async (folder: string, name: string, change: Partial<RunRecord>, args = {}) => {
    const { record, items } = makeRecord({
      model: name,
      benchmarks: { gpqa: { scores: HALF } },
      edit: (made) =>
        Object.assign(made, {
          ...{ suite: 'full', seed: 1234, ...change },
          model: { ...made.model, identity },
          subject: { ...made.subject, modelArgs: args },
        }),
    });
    await writeRecord(join(folder, name), record, items);
  };

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    pull = await github.emulator.openPull();
    const of = model('model', 1);
    const options = {
      args: {},
      allowPickle: false,
      trustRemoteCode: false,
      backend: 'hf',
      templateApplied: false,
    };
    const hashing = { cache: join(disk, 'cache'), signal: new AbortController().signal };
    identity = await identifyModel(of, options, hashing);
    model('other', 2);
    // What lies beside it is the model's own, and main's is in it.
    const trojan = model('trojan', 3);
    cpSync(of, join(trojan, 'copy'), { recursive: true });
    mkdirSync(join(disk, 'links'));
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors'])
      symlinkSync(join(of, name), join(disk, 'links', name));
    await keep(disk, 'main', { commit: main });
    const reused = [{ commit: main, items: HALF.length }];
    await keep(workspace, 'same', { commit: pull.headSha, reused });
    await keep(workspace, 'beside', { commit: pull.headSha, reused }, { peft: join(disk, 'model') });
    await keep(workspace, 'outside', { commit: pull.headSha, reused }, { subfolder: '../model' });
  });
  after(() => github.close());

  let reports = 0;
  const report = async (record: string, inputs: Record<string, string> = {}) => {
    const name = `Report ${++reports}`;
    const result = await runStep({
      workspace,
      action: 'report',
      inputs: {
        ...{ 'github-token': token, store: 'none', baseline: join(disk, 'main'), record: `./${record}` },
        ...{ pull: String(pull.number), 'report-id': name, 'check-name': name, ...inputs },
      },
      environment: {
        ...eventEnvironment(workspace, {
          ...{ name: 'workflow_dispatch', payload: { inputs: {} }, run: 100 + reports },
        }),
        GITHUB_REF: 'refs/heads/main',
        GITHUB_API_URL: github.proxy.url,
      },
    });
    const check = (await github.checks(pull.headSha)).find((found) => found.name === name);
    return { ...result, check };
  };

  test('by its own word alone is neutral, and says what to do', async () => {
    const { exitCode, stdout, outputs, summary, check } = await report('same');
    assert.equal(exitCode, 0, stdout);
    assert.deepEqual(
      [outputs.verdict, check?.conclusion, check?.output.title],
      ['not-comparable', 'neutral', 'Not evaluated'],
    );
    assert.match(summary, /This report did not see the model.*`verify-model`/s);
  });

  test('of a model that the report has hashed itself is equivalent, and nothing was evaluated', async () => {
    const { exitCode, stdout, outputs, summary, check } = await report('same', {
      'verify-model': join(disk, 'model'),
    });
    assert.equal(exitCode, 0, stdout);
    assert.deepEqual(
      [outputs.verdict, outputs.passed, check?.conclusion, check?.output.title],
      ['equivalent', 'true', 'success', 'Same model, nothing evaluated'],
    );
    assert.match(summary, /no question was asked; the scores are the baseline's/);
    assert.match(summary, /were not asked again: this very model answered them for aaaaaaaaaaaa/);
  });

  for (const [what, name, inputs, said] of [
    ["of links to main's files is: what counts is what is read", 'same', 'links', null],
    ['of other weights is not', 'same', 'other', /is not the baseline's/],
    ["with main's copy in a folder of it is not", 'same', 'trojan', /is not the baseline's/],
    ['with an adapter beside it is not looked at', 'beside', 'model', /peft is beside the model's folder/],
    ['whose record leads out of it is not', 'outside', 'other', /cannot be read/],
  ] as const)
    test(`a model ${what}`, async () => {
      const { stdout, outputs } = await report(name, { 'verify-model': join(disk, inputs) });
      assert.equal(outputs.verdict, said === null ? 'equivalent' : 'not-comparable', stdout);
      if (said !== null) assert.match(stdout, said);
    });

  test('a model whose artifact is gone is not seen: neutral, as without it', async () => {
    const { exitCode, stdout, outputs, check } = await report('same', { 'verify-model': 'artifact:gone' });
    assert.equal(exitCode, 0, stdout);
    assert.deepEqual([outputs.verdict, check?.conclusion], ['not-comparable', 'neutral']);
    assert.match(stdout, /verify-model: artifact 'gone' cannot be had: .*it is not verified/);
  });

  test('a model that cannot be had is a fault of the step, and no verdict', async () => {
    for (const given of [join(disk, 'nowhere'), 'hf:org/name', 'command:echo x']) {
      const { exitCode, stdout } = await report('same', { 'verify-model': given });
      assert.equal(exitCode, 2, stdout);
    }
  });
});
