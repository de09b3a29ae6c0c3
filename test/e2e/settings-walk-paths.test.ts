/**
 * Every setting and input that names a file, walked from the tables: what a change brings under that name judges nothing, and is refused
 * before anything is started. By the built action, `run` and `report`.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { execa } from 'execa';
import { INPUT_TRUST } from '../../scripts/trust/inputs.ts';
import { SETTINGS, type Setting, type SettingKey, settingsOf } from '../../src/settings/table.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import { keepRecord } from '../support/keep-baseline.ts';
import { assertBlocked, openChange, putFile, type TestChange } from '../support/lost-questions.ts';
import { startStep } from '../support/runner.ts';
import { asConfig, JUDGING_KEYS, MINE } from '../support/setting-values.ts';

const CONFIG = '.github/sos-bench.yml';
const TABLE = SETTINGS as Record<SettingKey, Setting>;
/** Of what evaluates; what is written there is never read: `output`. */
const OF_RUN: readonly string[] = settingsOf('run');
const KEYS = JUDGING_KEYS.filter(
  (key) => OF_RUN.includes(key) && !['target', undefined].includes(TABLE[key].names),
);
const isFile = (key: SettingKey) => TABLE[key].names === 'words' || key === 'python';
/** Of a report. The gate judges no change; of `config` the base's version is read, which the other walk shows. */
const INPUTS = Object.keys(INPUT_TRUST).filter(
  (name) => INPUT_TRUST[name]!.names === 'path' && !['release', 'main', 'candidate', 'config'].includes(name),
);

describe('a change that lost 300 of 500 right answers and brings the file', () => {
  /** Outside of every workspace. */
  const disk = temporaryFolder();
  let github: TestGitHub;
  let token: string;
  let base: string;

  before(async () => {
    github = await startGitHub();
    token = await github.emulator.appToken();
    base = await github.emulator.tip();
    await keepRecord(disk, { model: 'main', scores: HALF, commit: null });
  });
  after(() => github.close());

  async function open(): Promise<TestChange> {
    const change = await openChange(github, { workspace: temporaryFolder(), folder: disk, base });
    change.write({ [`${MINE}/x`]: '', 'model/config.json': '{}' });
    for (const model of ['record', MINE])
      await keepRecord(change.workspace, { model, scores: lost(300), commit: change.headSha });
    return change;
  }

  const toReport = () => ({
    ...{ 'github-token': token, store: 'none', baseline: join(disk, 'main'), comment: 'false' },
  });

  function assertRefused(step: Awaited<ReturnType<TestChange['start']>>, name: string): void {
    assert.equal(step.exitCode, 2, step.stdout);
    assert.match(step.stdout, new RegExp(`${name} .*own checkout.*\\[claimed-path\\]`));
    // No model is looked at, and nothing is started.
    assert.doesNotMatch(step.stdout, /::group::/);
  }

  describe('that an input names: exit 2, by name, a failed check', { concurrency: 4 }, () => {
    for (const key of KEYS) {
      const value = isFile(key) ? `./${MINE}/x` : MINE;
      test(`${key} (run, then report)`, async () => {
        const change = await open();
        const ran = await change.start('run', { 'github-token': token, model: 'model', [key]: value });
        assertRefused(ran, key);
        // An artifact of the change's own takes the place of the record that was not left.
        const digest = { 'record-digest': JSON.stringify(ran.outputs) };
        const reported = await change.start('report', { ...toReport(), ...digest, record: './record' });
        assertBlocked(reported);
        assert.match(reported.stdout, /\[digest-mismatch\]/);
      });
    }

    test('reuse-store (run)', async () => {
      const given = { 'github-token': token, model: 'model', 'reuse-store': `folder:./${MINE}` };
      assertRefused(await (await open()).start('run', given), 'reuse-store');
    });

    test('run-spread (run)', async () => {
      const given = { 'github-token': token, model: 'model', 'run-spread': `./${MINE}` };
      assertRefused(await (await open()).start('run', given), 'run-spread');
    });

    for (const name of INPUTS.filter((input) => input !== 'reuse-store')) {
      test(`${name} (report)`, async () => {
        const given = { [name]: (name === 'store' ? 'folder:' : './') + MINE };
        const reported = await (await open()).start('report', {
          ...toReport(),
          record: './record',
          ...given,
        });
        assertBlocked(reported);
        assertRefused(reported, name);
      });
    }
  });

  describe('that the base names in its configuration: exit 2, by name, a failed check', () => {
    for (const key of KEYS) {
      test(`${key} (the whole action)`, async () => {
        const value = isFile(key) ? `./${MINE}/x` : MINE;
        const listed = TABLE[key].names === 'paths' ? [value] : value;
        await putFile(github, CONFIG, asConfig({ [key]: listed }), 'main');
        const step = await (await open()).start('action', { ...toReport(), model: 'model' });
        assertBlocked(step);
        assertRefused(step, key);
      });
    }
    after(() => putFile(github, CONFIG, '', 'main'));
  });

  test('in an untouched checkout of the base: taken; with one byte changed: refused', async () => {
    const change = await open();
    change.write({ [`base/${MINE}/x`]: '' });
    const cwd = join(change.workspace, 'base');
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
    const git = async (...args: string[]) => (await execa('git', [...identity, ...args], { cwd })).stdout;
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'base');
    const payload = pullPayload(
      { number: 1, headSha: change.headSha },
      (await git('rev-parse', 'HEAD')).trim(),
    );
    // Of a plan the base's version is followed, whatever is there.
    const named = KEYS.filter((key) => key !== 'plan').map((key) => [
      key,
      isFile(key) ? `./base/${MINE}/x` : `base/${MINE}`,
    ]);
    const run = () =>
      startStep({
        workspace: change.workspace,
        action: 'run',
        inputs: { ...Object.fromEntries(named), model: 'not-there' },
        environment: eventEnvironment(disk, { name: 'pull_request', payload, run: 6999 }),
      }).result;
    const untouched = await run();
    assert.match(untouched.stdout, /::group::/);
    assert.doesNotMatch(untouched.stdout, /claimed-path/);
    change.write({ [`base/${MINE}/x`]: 'x' });
    assert.match((await run()).stdout, /own checkout.*\[claimed-path\]/);
  });
});
