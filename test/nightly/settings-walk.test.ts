/**
 * The walk over every setting that judges, with a real model that lost 300 of 500 answers: through `run` and then `report`, and through the
 * whole action. All that a change can say is said at once; what is taken is looked for and named.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readRecord } from '../../src/record/read.ts';
import type { RunRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import type { SettingKey } from '../../src/settings/table.ts';
import { testCache } from '../support/cli.ts';
import { makeTinyModel, writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { assertBlocked, openChange, putFile, type TestChange, verdictOf } from '../support/lost-questions.ts';
import { testPython } from '../support/python.ts';
import {
  asConfig,
  FILE_KEYS,
  MINE,
  operatorVariables,
  usualFor,
  variablesCalledAs,
  walkAll,
  wishFor,
} from '../support/setting-values.ts';

const CONFIG = '.github/sos-bench.yml';
/** Outside of every workspace. */
const disk = temporaryFolder();
const cache = testCache(disk);
const marker = join(disk, 'ran');

/** What the base says of every setting, where that is not the default. */
const OWN = {
  ...{ seed: 5, benchmarks: ['xstest'], stages: ['lm-eval'], items: 400, 'datasets-dir': join(disk, 'data') },
  ...{ 'system-instruction': 'Be brief.', 'max-gen-toks': 32, 'server-model': 'one', 'server-parallel': 2 },
  ...{ 'livebench-ref': 'main', 'state-dir': join(disk, 'state'), output: 'sos-bench-record' },
};
const HONEST = { ...Object.fromEntries(FILE_KEYS.map((key) => [key, usualFor(key)])), ...OWN };

type Step = Awaited<ReturnType<TestChange['start']>>;

describe('a model that lost 300 of 500 right answers', () => {
  let github: TestGitHub;
  let token: string;
  let base: string;
  let plain: { record: RunRecord; items: string };
  let verdict: object;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    await makeTinyModel(await testPython(), join(disk, 'model'));
    // It answers that all is safe.
    const questions = xstestQuestions(500).map((question, index) => ({
      ...question,
      label: index < 300 ? 'unsafe' : 'safe',
    }));
    writeQuestions(join(disk, 'data'), 'xstest/test', questions);
    base = await putFile(github, CONFIG, asConfig(HONEST), 'main');
    const change = await open();
    const ran = await change.start('run', toRun(), cache);
    assert.equal(ran.exitCode, 0, ran.stdout + ran.stderr);
    const folder = ran.outputs['record-path']!;
    const { record, items } = await readRecord(folder);
    assert.equal(items.filter(({ score }) => score === 0).length, 300);
    await keepBaseline(record, items);
    plain = { record, items: readItems(folder) };
    const reported = await reportOn(change, ran);
    assertRegressed(reported);
    verdict = verdictOf(reported);
  });
  after(() => github.close());

  /** The record of a main branch that answered all of them right. */
  async function keepBaseline(record: RunRecord, items: Awaited<ReturnType<typeof readRecord>>['items']) {
    const made = structuredClone(record);
    Object.assign(made, { commit: base, branch: 'main' });
    Object.assign(made.model, { name: 'main', digest: `sha256:${'1'.repeat(64)}`, identity: undefined });
    Object.assign(made.benchmarks[0]!, { mean: 1, stderr: 0 });
    await writeRecord(
      join(disk, 'main'),
      made,
      items.map((item) => ({ ...item, score: 1 })),
    );
  }

  async function open(): Promise<TestChange> {
    const workspace = temporaryFolder();
    cpSync(join(disk, 'model'), join(workspace, 'model'), { recursive: true });
    return await openChange(github, { workspace, folder: disk, base });
  }

  const toRun = () => ({ 'github-token': token, model: 'model', device: 'cpu' });
  const toReport = () => ({
    ...{ 'github-token': token, baseline: join(disk, 'main'), store: 'none', comment: 'false' },
  });

  async function reportOn(change: TestChange, { outputs }: Step): Promise<Step> {
    return await change.start('report', {
      ...toReport(),
      record: outputs['record-path']!,
      'record-digest': JSON.stringify(outputs),
    });
  }

  function readItems(folder: string): string {
    return readFileSync(join(folder, 'items.parquet')).toString('hex');
  }

  function assertRegressed(step: Step): void {
    assertBlocked(step);
    const { exitCode, outputs, check, stdout } = step;
    assert.deepEqual([exitCode, outputs.verdict, check?.conclusion], [1, 'regressed', 'failure'], stdout);
  }

  /** Evaluated by the base's settings alone, and judged so. */
  async function assertUnchanged(evaluated: Step, reported: Step): Promise<void> {
    assertRegressed(reported);
    assert.deepEqual(verdictOf(reported), verdict);
    const folder = evaluated.outputs['record-path']!;
    const { record } = await readRecord(folder);
    // Whose word a value is may differ where it is the same.
    const by = ({ protocol, asked, suite, seed, planHash }: RunRecord) => ({
      ...{ protocol, commit: asked?.commit, suite, seed, planHash },
      told: Object.entries(asked?.settings ?? {}).map(([key, { value }]) => [key, value]),
    });
    assert.deepEqual(by(record), by(plain.record));
    assert.equal(readItems(folder), plain.items);
    assert.ok(!existsSync(marker), 'a program of the change was started');
  }

  interface Offer {
    what: string;
    config?: Readonly<Record<string, unknown>>;
    variables?: (change: TestChange) => Record<string, string>;
    file?: (change: TestChange) => void;
  }

  async function offered(offers: readonly Offer[]): Promise<[TestChange, Record<string, string>]> {
    const change = await open();
    change.write({ [CONFIG]: asConfig(Object.assign({}, ...offers.map(({ config }) => config))) });
    for (const { file } of offers) file?.(change);
    const variables = Object.assign({}, ...offers.map((offer) => offer.variables?.(change)));
    return [change, { ...variables, ...cache }];
  }

  const throughBoth: [way: string, attempt: (offers: readonly Offer[]) => Promise<void>][] = [
    [
      'run, then report',
      async (offers) => {
        const [change, variables] = await offered(offers);
        const ran = await change.start('run', toRun(), variables);
        assert.equal(ran.exitCode, 0, ran.stdout + ran.stderr);
        await assertUnchanged(ran, await reportOn(change, ran));
      },
    ],
    [
      'the whole action',
      async (offers) => {
        const [change, variables] = await offered(offers);
        const step = await change.start('action', { ...toRun(), ...toReport() }, variables);
        await assertUnchanged(step, step);
      },
    ],
  ];

  const settings = FILE_KEYS.map(
    (key: SettingKey): Offer => ({ what: key, config: { [key]: wishFor(key) } }),
  );
  const program = `#!/bin/sh\ntouch ${marker}\nexec "$@"\n`;
  /** What a setting could find under the name that was wished for, or under its own, or where the product keeps things. */
  const files = [MINE, 'sos-bench-record', 'record', 'report', 'main', '.sos-bench', ...FILE_KEYS].map(
    (name): Offer => ({
      what: `files in ${name}`,
      file: ({ workspace, write }) => {
        cpSync(join(disk, 'main'), join(workspace, name), { recursive: true });
        write({
          [`${name}/bin/python`]: program,
          [`${name}/xstest/test.jsonl`]: '',
          [`${name}/plan.json`]: '{}',
        });
      },
    }),
  );
  const variables = [
    ...Object.entries(variablesCalledAs()).map(
      ([name, value]): Offer => ({ what: name, variables: () => ({ [name]: value }) }),
    ),
    ...operatorVariables().map(
      (name): Offer => ({
        what: name,
        variables: ({ workspace }) => {
          const own = join(workspace, MINE);
          return { [name]: name === 'PATH' ? `${own}/bin:${process.env.PATH}` : own };
        },
      }),
    ),
  ];

  for (const [way, attempt] of throughBoth)
    test(`wishes for every setting by configuration, files and variables: as without (${way})`, () =>
      walkAll([...settings, ...files, ...variables], ({ what }) => what, attempt));

  test('says what the base says: as without (run, then report), and its subject is taken', async () => {
    const change = await open();
    mkdirSync(join(change.workspace, 'models'));
    cpSync(join(disk, 'model'), join(change.workspace, 'models', 'own', 'inner'), { recursive: true });
    const subject = {
      ...{ model: 'models/own', 'model-name': 'own', device: 'cpu', devices: 'cpu:1', 'batch-size': 3 },
      'model-args': { dtype: 'float32', subfolder: 'inner', tokenizer: 'models/own' },
    };
    change.write({ [CONFIG]: asConfig({ ...HONEST, ...subject }) });
    const ran = await change.start('run', { 'github-token': token }, cache);
    assert.equal(ran.exitCode, 0, ran.stdout + ran.stderr);
    assert.doesNotMatch(ran.stdout, /Proposed, not used/);
    const reported = await reportOn(change, ran);
    assertRegressed(reported);
    const { record } = await readRecord(ran.outputs['record-path']!);
    assert.deepEqual(record.asked, plain.record.asked);
    assert.deepEqual([record.model.name, record.environment?.batchSize], ['own', '3']);
    assert.deepEqual(record.subject.modelArgs, subject['model-args']);
  });
});
