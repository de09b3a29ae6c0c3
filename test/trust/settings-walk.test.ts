/**
 * Every setting that judges, walked from the settings table: what a change says of it by its configuration, by a file of its checkout, by
 * its artifact and by a variable turns no verdict. By the built `report`, `run` and action, up to where a model would be loaded;
 * `test/nightly/settings-walk.test.ts` goes on with a real one. A new setting is walked without a case of its own.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { RunRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { resolveValues } from '../../src/settings/resolve.ts';
import type { SettingKey } from '../../src/settings/table.ts';
import { ASKED_KEYS, type AskedKey, PLANNING_KEYS, tellSettings } from '../../src/settings/trust/asked.ts';
import { HALF, after as lost } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startGitHub, type TestGitHub } from '../support/github.ts';
import {
  assertBlocked,
  openChange,
  putFile,
  type TestChange,
  tell,
  verdictOf,
} from '../support/lost-questions.ts';
import { makeRecord } from '../support/records.ts';
import {
  asConfig,
  asInput,
  FILE_KEYS,
  isAsked,
  JUDGING_KEYS,
  MINE,
  operatorVariables,
  POLICY_KEYS,
  usualFor,
  variablesCalledAs,
  walkAll,
  wishFor,
} from '../support/setting-values.ts';

const CONFIG = '.github/sos-bench.yml';
/** Outside of every workspace. */
const disk = temporaryFolder();
let github: TestGitHub;
let token: string;
let base: string;

before(async () => {
  github = await startGitHub();
  token = await github.emulator.appToken();
  base = await github.emulator.tip();
  await keep(join(disk, 'main'), 'main', HALF);
});
after(() => github.close());

async function keep(folder: string, model: string, scores: number[], edit?: (record: RunRecord) => void) {
  const usual = { suite: 'full', seed: 1234, branch: 'main' };
  const { record, items } = makeRecord({
    model,
    benchmarks: { gpqa: { scores } },
    edit: (made) => {
      Object.assign(made, usual);
      edit?.(made);
    },
  });
  await writeRecord(folder, record, items);
}

/** A change whose record says honestly that 300 of 500 right answers are lost. */
async function openLost(edit?: (record: RunRecord) => void): Promise<TestChange> {
  const change = await openChange(github, { workspace: temporaryFolder(), folder: disk, base });
  await keep(join(change.workspace, 'record'), 'worse', lost(300), (record) => {
    Object.assign(record, { commit: change.headSha, branch: change.branch });
    edit?.(record);
  });
  return change;
}

const judging = () => ({
  ...{ 'github-token': token, store: 'none', baseline: join(disk, 'main'), comment: 'false' },
  record: './record',
});

async function report(
  change: TestChange,
  inputs: Record<string, string> = {},
  variables: Record<string, string> = {},
) {
  return await change.start('report', { ...judging(), ...inputs }, variables);
}

type Reported = Awaited<ReturnType<typeof report>>;

/** The verdict of the base's own settings, and nothing else. */
function assertRegressed(reported: Reported, expected?: object): void {
  assertBlocked(reported);
  const { exitCode, outputs, check, stdout } = reported;
  assert.deepEqual([exitCode, outputs.verdict, check?.conclusion], [1, 'regressed', 'failure'], stdout);
  if (expected !== undefined) assert.deepEqual(verdictOf(reported), expected);
}

/** A change of its own for each attempt: a check belongs to a sha. */
async function attempt(
  prepare: (change: TestChange) => Promise<void> | void,
  inputs?: Record<string, string>,
  variables?: Record<string, string>,
): Promise<Reported> {
  const change = await openLost();
  await prepare(change);
  return await report(change, inputs, variables);
}

const wishesOf = (keys: readonly SettingKey[]) =>
  Object.fromEntries(keys.map((key) => [key, wishFor(key)])) as Partial<Record<SettingKey, unknown>>;

describe('a change that lost 300 of 500 right answers', () => {
  let plain: object;
  before(async () => {
    const reported = await attempt(() => undefined);
    assertRegressed(reported);
    plain = verdictOf(reported);
  });

  test('would pass by what it wishes, were it the word of the base', async () => {
    await putFile(github, CONFIG, asConfig(wishesOf(POLICY_KEYS)), 'main');
    const { exitCode, check, stdout } = await attempt(() => undefined);
    await putFile(github, CONFIG, '', 'main');
    assert.equal(exitCode, 0, stdout);
    assert.notEqual(check?.conclusion, 'failure');
  });

  describe('wishes for every setting by its own configuration: regressed, exit 1, failure', () => {
    const WAYS: [way: string, offer: (change: TestChange, text: string) => unknown, inputs?: object][] = [
      ['in the checkout', (change, text) => change.write({ [CONFIG]: text })],
      ['where the job checks nothing out', (change, text) => change.push(CONFIG, text)],
      [
        'by a file that the workflow names',
        (change, text) => change.write({ 'own.yml': text }),
        { config: 'own.yml' },
      ],
    ];
    for (const [way, offer, inputs] of WAYS) {
      test(way, async () => {
        await walkAll(FILE_KEYS, String, async (keys) => {
          const change = await openChange(github, { workspace: temporaryFolder(), folder: disk, base });
          await offer(change, asConfig(wishesOf(keys)));
          await keep(join(change.workspace, 'record'), 'worse', lost(300), (record) =>
            Object.assign(record, { commit: change.headSha, branch: change.branch }),
          );
          const reported = await report(change, { ...inputs });
          assertRegressed(reported, plain);
          // All were read: the first are named, the others counted.
          const more = keys.length > 12 ? `and ${keys.length - 12} more` : '';
          assert.ok(
            reported.summary.includes('Proposed, not used') && reported.summary.includes(more),
            reported.summary,
          );
        });
      });
    }

    test('and what no file may hold makes the file unreadable, and judges nothing', async () => {
      const others = JUDGING_KEYS.filter((key) => !FILE_KEYS.includes(key));
      assert.ok(others.length > 0);
      await walkAll(others, String, async (keys) => {
        const text = asConfig(wishesOf([...keys, ...FILE_KEYS]));
        assertRegressed(await attempt((change) => change.write({ [CONFIG]: text })), plain);
      });
    });
  });

  describe('tells by its artifact that it was evaluated by another value', { concurrency: 4 }, () => {
    const isTold = (key: SettingKey) => isAsked(key) || key === 'plan';

    // That each departs alone is held in test/settings/trust.
    const isOfSamples = (key: SettingKey) =>
      PLANNING_KEYS.includes(key as AskedKey) && !['suite', 'benchmarks', 'seed'].includes(key);
    const KINDS: [what: string, suite: string, keys: SettingKey[]][] = [
      ['a setting', 'full', JUDGING_KEYS.filter((key) => isTold(key) && !isOfSamples(key))],
      ['a setting of samples', 'pr', JUDGING_KEYS.filter((key) => isTold(key) && isOfSamples(key))],
    ];
    for (const [what, suite, keys] of KINDS) {
      test(`${what}: exit 2, named, a failed check (${keys.join(', ')})`, async () => {
        const others = keys.map((key) => [
          key,
          { value: key === 'plan' ? '0123456789abcdef' : MINE, from: 'input' },
        ]);
        const change = await openLost((record) => {
          tell({ suite: { value: suite, from: 'base' }, ...Object.fromEntries(others) })(record);
          record.suite = suite;
        });
        const reported = await report(change, { suite });
        assertBlocked(reported);
        assert.equal(reported.exitCode, 2, reported.stdout);
        for (const key of keys)
          assert.match(
            reported.stdout,
            new RegExp(
              `the evaluation used other settings than main asks for: (.*; )?${key} .*, asked .*\\[settings-differ\\]`,
            ),
          );
      });
    }

    test('of what no record is asked for: regressed', () =>
      walkAll(
        JUDGING_KEYS.filter((key) => !isTold(key)),
        String,
        async (keys) => {
          const told = Object.fromEntries(
            keys.map((key) => [key, { value: asInput(wishFor(key)), from: 'base' }]),
          );
          assertRegressed(await report(await openLost(tell(told))), plain);
        },
      ));

    for (const from of ['base', 'local', 'subject', 'default'])
      test(`by the word of ${from}, for all of them`, async () => {
        const all = Object.fromEntries(ASKED_KEYS.map((key) => [key, { value: MINE, from }]));
        const reported = await report(await openLost(tell(all)));
        assertBlocked(reported);
        assert.match(reported.stdout, /\[settings-differ\]/);
      });
  });

  test('sets variables that are called as settings and inputs: regressed', () =>
    walkAll(Object.entries(variablesCalledAs()), String, async (some) => {
      const variables = Object.fromEntries(some);
      assertRegressed(await attempt(() => undefined, {}, variables), plain);
    }));

  test('has its files named by every variable of the operator: regressed', () =>
    walkAll(operatorVariables(), String, async (names) => {
      const change = await openLost();
      change.write({ [`${MINE}/x`]: '', [`${MINE}/.gitconfig`]: '[core' });
      const own = join(change.workspace, MINE);
      const variables = names.map((name): [string, string] => [
        name,
        name === 'PATH' ? `${own}:${process.env.PATH}` : own,
      ]);
      assertRegressed(await report(change, {}, Object.fromEntries(variables)), plain);
    }));

  describe('says what the base says: the verdict is as without it', () => {
    /** What the base asks for: another value than the default of everything that is told; the policy as it is. */
    const asked: Record<string, unknown> = Object.fromEntries(
      FILE_KEYS.filter((key) => key !== 'plan').map((key) => [
        key,
        isAsked(key) && !POLICY_KEYS.includes(key) && key !== 'suite' ? wishFor(key) : usualFor(key),
      ]),
    );
    /** As an evaluation by these leaves it, of the base and of the change alike. */
    const evaluated = (values: Readonly<Record<string, unknown>>, isTold: boolean) => (record: RunRecord) => {
      Object.assign(record, { seed: Number(values.seed), suite: values.suite });
      Object.assign(record.protocol, {
        ...{ backend: values.backend, systemInstruction: values['system-instruction'] },
        ...{ chatTemplateApplied: values['apply-chat-template'], enableThinking: values['enable-thinking'] },
        ...{ includePaths: values['include-path'], seed: Number(values.seed) },
      });
      const settings = resolveValues([...ASKED_KEYS], {}, { values, locationOf: () => CONFIG });
      if (isTold) record.asked = { commit: null, settings: tellSettings(settings, () => 'base') };
    };

    for (const suite of ['full', 'pr']) {
      test(`by its configuration and its artifact, in suite ${suite}`, async () => {
        const values = { ...asked, suite, ...(suite === 'full' ? { items: undefined } : {}) };
        const text = asConfig(values);
        await keep(join(disk, `base-${suite}`), 'main', HALF, evaluated(values, false));
        await putFile(github, CONFIG, text, 'main');
        const baseline = { baseline: join(disk, `base-${suite}`) };
        const silent = await openLost(evaluated(values, true));
        const expected = await report(silent, baseline);
        assertRegressed(expected);
        const speaking = await openLost(evaluated(values, true));
        speaking.write({ [CONFIG]: text });
        const reported = await report(speaking, baseline);
        assertRegressed(reported, verdictOf(expected));
        assert.doesNotMatch(reported.summary, /Proposed, not used/);
        await putFile(github, CONFIG, '', 'main');
      });
    }

    test('by variables', async () => {
      const variables = JUDGING_KEYS.map((key) => [
        `SOS_BENCH_${key.replaceAll('-', '_').toUpperCase()}`,
        asInput(usualFor(key) ?? ''),
      ]);
      assertRegressed(await attempt(() => undefined, {}, Object.fromEntries(variables)), plain);
    });
  });
});
