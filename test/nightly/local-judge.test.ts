/** A judge of this machine that is a real model: SmolLM2-135M-Instruct, which is no judge, and has to be found out. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { prepareDemoModels } from '../../src/demo/models.ts';
import { JudgeAuditSchema } from '../../src/judge/audit/schema.ts';
import { decodeGames } from '../../src/record/games.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type MiniFiles, writeMiniAnswers } from '../support/mini-answers.ts';
import { testPython } from '../support/python.ts';

describe('SmolLM2-135M-Instruct as judge of 5 questions', () => {
  const folder = temporaryFolder();
  let model: string;
  let files: MiniFiles;

  before(async () => {
    const { main } = await prepareDemoModels({
      ...{ python: await testPython(), cache: cacheRoot(process.env), environment: process.env },
      ...{ note: () => undefined, signal: new AbortController().signal },
    });
    model = main;
    files = writeMiniAnswers(folder, 5, 500);
  });

  const judge = (output: string, ...more: string[]) =>
    runCli([
      ...['judge', '--judge-questions', files.questions, '--baseline', files.baseline],
      ...['--candidate', files.candidate, '--judge-model', model, '--devices', 'cpu:1'],
      ...['--output', join(folder, output), ...more],
    ]);

  test('choice: every game gets a verdict, and the position rule rejects this judge', async () => {
    const { exitCode, stdout, stderr } = await judge('choice', '--judge-mode', 'choice');
    assert.equal(exitCode, 1, stderr);
    assert.match(stdout, /No result: judge decides by position/);
    const { boards } = await decodeGames(readFileSync(join(folder, 'choice', 'games.parquet')));
    assert.equal(boards[0]!.games.length, 10);
    assert.ok(boards[0]!.games.every(({ verdict }) => verdict !== null));
  });

  test('verdict: most are unread, and it fails and says so', async () => {
    const { exitCode, stdout, stderr } = await judge(
      'verdict',
      ...['--judge-mode', 'verdict', '--judge-verdict-tokens', '64', '--judge-concurrency', '2'],
    );
    assert.equal(exitCode, 1, stderr);
    assert.match(stdout, /No result: \d+ of 10 verdicts could not be read/);
  });

  test('its audit, of six answers: refused, since position decides', async (t) => {
    const { exitCode, stdout, stderr } = await runCli([
      ...['judge', 'audit', '--pairs', '6', '--judge-model', model, '--judge-mode', 'choice'],
      ...['--devices', 'cpu:1', '--output', join(folder, 'audit')],
    ]);
    t.diagnostic(stdout);
    assert.equal(exitCode, 1, stderr);
    assert.match(stdout, /^No audit: judge decides by position/m);
    const audit = JudgeAuditSchema.parse(
      JSON.parse(readFileSync(join(folder, 'audit', 'judge-audit.json'), 'utf8')),
    );
    assert.equal(audit.unread, 0);
    assert.equal(audit.judge.pinned, true);
    assert.equal(audit.styleJudge, null);
    // Equal answers, and it likes the one that stands first all the same.
    assert.ok(audit.identical!.first > 0.75, String(audit.identical!.first));
  });
});
