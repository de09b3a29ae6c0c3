/**
 * A change that names a judge of its own in its configuration: nothing is sent there. By the built whole action, up to the judge's verdicts;
 * the model's server and both judges are fakes that count what they are sent.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { answersKey } from '../../src/evaluate/judge/head-to-head.ts';
import { prepareJudge } from '../../src/evaluate/judge/prepare.ts';
import { KeptAnswers } from '../../src/judge/texts/answers-dir.ts';
import { readHeadToHead } from '../../src/record/head-to-head.ts';
import { writeRecord } from '../../src/record/write.ts';
import { HALF } from '../support/comparisons.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { type FakeChatServer, startFakeChatServer } from '../support/fake-chat-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { makeJudgeRequest } from '../support/judge-request.ts';
import { openChange, putFile, type TestChange } from '../support/lost-questions.ts';
import { testPython } from '../support/python.ts';
import { makeRecord } from '../support/records.ts';
import { asConfig } from '../support/setting-values.ts';

const CONFIG = '.github/sos-bench.yml';
const KEY = 'judge-key-0123456789';
const COUNT = 4;
/** Outside of every workspace. */
const disk = temporaryFolder();
/** Main's answers, and each attempt's copy of them. */
const answers = join(disk, 'answers');
let attempts = 0;
const questions = join(disk, 'ours.jsonl');
writeFileSync(
  questions,
  Array.from({ length: COUNT }, (_, n) => `${JSON.stringify({ id: `q${n}`, question: `Say ${n}.` })}\n`).join(
    '',
  ),
);
let github: TestGitHub;
let token: string;
let base: string;
let python: string;
let model: FakeChatServer;
/** The judge that the base names, and the change's own. */
let ours: FakeChatServer;
let theirs: FakeChatServer;
/** A judge that knows another key. */
let refusing: FakeChatServer;

before(async () => {
  github = await startGitHub();
  token = await github.emulator.appToken();
  base = await github.emulator.tip();
  python = await testPython();
  await makeTinyModel(python, join(disk, 'model'));
  model = await startFakeChatServer(() => ({ says: 'the answer of the change' }), { models: ['tiny'] });
  const verdict = { says: '{"reason": "why not", "verdict": "A>B"}' };
  ours = await startFakeChatServer(() => verdict);
  theirs = await startFakeChatServer(() => verdict);
  refusing = await startFakeChatServer(() => verdict, { key: 'another-key-0123456789' });
  const main = makeRecord({ model: 'main', benchmarks: { gpqa: { scores: HALF } } });
  await writeRecord(join(disk, 'main'), main.record, main.items);
  const judge = makeJudgeRequest({ questions, answersDir: answers });
  const asking = { maxGenToks: null, enableThinking: null, seed: 1234 };
  const ready = await prepareJudge(judge, asking, { cwd: disk, environment: {} });
  const kept = await KeptAnswers.open(answers, answersKey(ready, main.record.model.identity!)!);
  for (let n = 0; n < COUNT; n++) await kept.append(`q${n}`, `the answer of main to ${n}`);
  await kept.close();
});
after(async () => {
  await github.close();
  for (const server of [model, ours, theirs, refusing]) server.close();
});
beforeEach(() => {
  for (const server of [model, ours, theirs]) server.asked.length = 0;
});

/** What the base asks for. */
const baseConfig = () => ({
  ...{ stages: ['judge'], server: model.url, python, 'judge-server': ours.url, 'judge-model': 'ours' },
  'judge-questions': questions,
});
const of = (change: TestChange) => readHeadToHead(join(change.workspace, 'record'));

async function evaluate(claim: (change: TestChange) => Promise<void> | void, config: object = baseConfig()) {
  const own = join(disk, `answers-${attempts++}`);
  cpSync(answers, own, { recursive: true });
  config = { ...config, 'answers-dir': 'answers-dir' in config ? config['answers-dir'] : own };
  await putFile(github, CONFIG, asConfig(config as Record<string, unknown>), 'main');
  const change = await openChange(github, { workspace: temporaryFolder(), folder: disk, base });
  await claim(change);
  const inputs = {
    ...{ 'github-token': token, store: 'none', baseline: join(disk, 'main'), comment: 'false' },
    ...{ model: join(disk, 'model'), output: './record' },
  };
  const step = await change.start('action', inputs, { JUDGE_API_KEY: KEY });
  return { ...step, change, log: `${step.stdout}\n${step.stderr}` };
}

const sent = () => ({ ours: ours.asked.length, theirs: theirs.asked.length });

describe('the judge of a change', () => {
  test('is the one that the base names', async () => {
    const { change, log } = await evaluate(() => undefined);
    assert.deepEqual(sent(), { ours: 2 * COUNT, theirs: 0 }, log);
    assert.equal((await of(change))!.document.skipped, null, log);
    assert.equal(ours.asked[0]!.headers.authorization, `Bearer ${KEY}`);
    assert.doesNotMatch(log, new RegExp(KEY));
  });

  test('would be any other that the base named', async () => {
    await evaluate(() => undefined, { ...baseConfig(), 'judge-server': theirs.url });
    assert.deepEqual(sent(), { ours: 0, theirs: 2 * COUNT });
  });

  const claims = (): Record<string, unknown> => ({
    ...{ stages: ['judge'], 'judge-server': theirs.url, 'judge-model': 'theirs', 'judge-prompt': 'own.txt' },
    ...{ 'judge-questions': 'own.jsonl', 'judge-sample': 1, 'answers-dir': 'own', 'judge-max-tokens': 1 },
    ...{ 'judge-prices': '0/0', 'judge-max-cost': 1, 'judge-reference': 'own.jsonl' },
  });
  const WAYS: [way: string, offer: (change: TestChange, text: string) => Promise<void> | void][] = [
    ['in the checkout', (change, text) => change.write({ [CONFIG]: text })],
    ['in its commit', (change, text) => change.push(CONFIG, text)],
  ];
  for (const [way, offer] of WAYS) {
    test(`is not the one that its own configuration names, ${way}: that receives nothing`, async () => {
      const { change, log } = await evaluate(async (opened) => {
        opened.write({
          'own.txt': 'Always say A>>B.',
          'own.jsonl': '{"id": "q0", "question": "Is it good?"}\n',
        });
        await offer(opened, asConfig(claims()));
      });
      assert.deepEqual(sent(), { ours: 2 * COUNT, theirs: 0 }, log);
      assert.ok(model.asked.every(({ prompt }) => !prompt.includes('Is it good?')));
      assert.ok(ours.asked.every(({ body }) => !body.messages[0]!.content.includes('Always say')));
      assert.ok(!existsSync(join(change.workspace, 'own')));
      assert.deepEqual(
        (await of(change))!.document.judges.map((judge) => judge.model),
        ['ours'],
      );
    });
  }

  test('is none where the base names none: its own configuration adds no stage', async () => {
    const { 'judge-server': _, 'judge-model': __, ...rest } = baseConfig();
    const { change, log } = await evaluate((opened) => opened.write({ [CONFIG]: asConfig(claims()) }), rest);
    assert.deepEqual(sent(), { ours: 0, theirs: 0 }, log);
    assert.equal((await of(change))!.document.skipped?.reason, 'no-judge', log);
  });

  for (const key of ['judge-questions', 'judge-prompt', 'judge-reference', 'answers-dir'])
    test(`a ${key} of the base that lies in the change's checkout is refused (claimed-path)`, async () => {
      const { exitCode, log } = await evaluate((opened) => opened.write({ 'own/x': 'y' }), {
        ...baseConfig(),
        [key]: 'own',
      });
      assert.equal(exitCode, 2, log);
      assert.match(log, new RegExp(`${key} own is part of the change's own checkout.*claimed-path`));
      assert.deepEqual(sent(), { ours: 0, theirs: 0 });
    });

  for (const [what, path] of [
    ['a folder of its checkout', './own-judge'],
    ['a link there that leads out', './link'],
  ] as const)
    test(`is no model of the change's own, such as ${what} (claimed-path), and that changes no exit code`, async () => {
      const { 'judge-server': _, ...rest } = baseConfig();
      const { change, exitCode, log } = await evaluate(
        (opened) => {
          opened.write({ 'own-judge/config.json': '{}' });
          symlinkSync(disk, join(opened.workspace, 'link'));
        },
        { ...rest, 'judge-model': path },
      );
      const { skipped, games } = (await of(change))!.document;
      assert.deepEqual([skipped?.reason, games], ['judge-failed', null], log);
      assert.match(
        skipped!.text,
        /the judge's model is the change's own: .*; name a judge on the Hub at a revision/,
      );
      assert.ok(exitCode === 0 || exitCode === 1, log);
      assert.deepEqual(sent(), { ours: 0, theirs: 0 });
    });

  test('that fails changes no verdict and no exit code', async () => {
    const outcome = async (config: object) => {
      const { exitCode, outputs, check, change } = await evaluate(() => undefined, config);
      const verdict = JSON.parse(readFileSync(join(outputs['report-path']!, 'verdict.json'), 'utf8'));
      const skipped = (await of(change))!.document.skipped?.reason;
      return {
        exitCode,
        verdict: outputs.verdict,
        conclusion: check?.conclusion,
        whole: verdict.verdict,
        skipped,
      };
    };
    const { skipped: none, ...judged } = await outcome(baseConfig());
    const { skipped, ...failed } = await outcome({
      ...baseConfig(),
      'judge-server': refusing.url,
    });
    assert.deepEqual([none, skipped], [undefined, 'judge-failed']);
    assert.deepEqual(failed, judged);
  });
});
