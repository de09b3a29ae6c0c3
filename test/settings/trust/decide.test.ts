/** Who judges which run, which settings a change may set, and what a record is held to: as tables. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readConfigFile } from '../../../src/settings/config-file.ts';
import { SETTINGS, type Setting, type SettingKey, settingsOf } from '../../../src/settings/table.ts';
import { ASKED_KEYS, findDepartures, tellSettings } from '../../../src/settings/trust/asked.ts';
import { findJudge, parseBaseBranches, type RunTrigger } from '../../../src/settings/trust/base.ts';
import { parseRecordDigest } from '../../../src/settings/trust/digests.ts';
import { describeProposals, type Origin, settleSettings } from '../../../src/settings/trust/effective.ts';

const SHA = 'a'.repeat(40);
const BASE = 'b'.repeat(40);

describe('who judges', () => {
  const facts = (given: Partial<RunTrigger>): RunTrigger => ({
    ...{ event: 'push', defaultBranch: 'main', sha: SHA, branch: null, into: null },
    ...given,
  });
  const CHECKOUT = { kind: 'checkout' };
  const TIP = { kind: 'tip', branch: 'main' };
  const into = (branch: string) => ({ into: { sha: BASE, branch } });
  const CASES: [what: string, given: Partial<RunTrigger>, baseBranches: string, judge: object][] = [
    ['a push to main', { branch: 'main' }, '', CHECKOUT],
    ['a push to another branch', { branch: 'change' }, '', TIP],
    ['a push to a branch that is listed', { branch: 'release/1' }, 'release/*', CHECKOUT],
    ['a push of a tag', {}, '', TIP],
    [
      'a push where no default branch is known',
      { branch: 'main', defaultBranch: null },
      '',
      { kind: 'tip', branch: null },
    ],
    ['a schedule', { event: 'schedule', branch: 'main' }, '', CHECKOUT],
    ['a release', { event: 'release' }, '', CHECKOUT],
    [
      'a pull request into main',
      { event: 'pull_request', ...into('main') },
      '',
      { kind: 'commit', sha: BASE, branch: 'main' },
    ],
    ['a pull request into its own branch', { event: 'pull_request', ...into('mine') }, '', TIP],
    [
      'a pull request into a listed branch',
      { event: 'pull_request', ...into('v2') },
      'v1, v2',
      { kind: 'commit', sha: BASE, branch: 'v2' },
    ],
    [
      'a pull request into a branch below a listed one',
      { event: 'pull_request', ...into('release/1/x') },
      'release/*',
      TIP,
    ],
    [
      '... where all below are listed',
      { event: 'pull_request', ...into('release/1/x') },
      'release/**',
      { kind: 'commit', sha: BASE, branch: 'release/1/x' },
    ],
    ['a branch that only looks like a listed one', { event: 'pull_request', ...into('v1x2') }, 'v1.2', TIP],
    [
      'a merge group',
      { event: 'merge_group', branch: 'gh-readonly-queue/main/pr-1', ...into('main') },
      '',
      { kind: 'commit', sha: BASE, branch: 'main' },
    ],
    [
      'a dispatched run on main',
      { event: 'workflow_dispatch', branch: 'main' },
      '',
      { kind: 'commit', sha: SHA, branch: 'main' },
    ],
    ['a dispatched run on another branch', { event: 'workflow_dispatch', branch: 'change' }, '', TIP],
    ['a comment', { event: 'issue_comment', sha: null }, '', TIP],
    ['a run that follows another one', { event: 'workflow_run', sha: null }, '', TIP],
    ['an event that nobody thought of', { event: 'deployment', branch: 'main' }, '', TIP],
  ];
  for (const [what, given, baseBranches, judge] of CASES)
    test(what, () => assert.deepEqual(findJudge(facts(given), parseBaseBranches(baseBranches)), judge));
});

describe('settings of a change', () => {
  const read = (content: string) => readConfigFile({ path: 'a.yml', required: false, content });
  const KEYS = Object.keys(SETTINGS) as SettingKey[];
  async function settle(base: string, claimed: string, given: object = {}) {
    return settleSettings(KEYS, {
      given: { model: 'm', output: 'o', ...given },
      trusted: await read(base),
      from: 'base',
      claimed: await read(claimed),
    });
  }
  /** Another value than the default, as a file has it. */
  const OTHER: Partial<Record<SettingKey, string>> = {
    ...{
      backend: 'vllm',
      suite: 'mini',
      plan: 'p.json',
      detect: '5',
      items: '20',
      looks: '2',
      'stop-on': 'regressed',
      collapse: '90',
      benchmarks: 'xstest',
    },
    ...{
      'datasets-dir': 'd',
      stages: 'lm-eval',
      server: 'vllm',
      'server-model': 'x',
      'server-parallel': '3',
    },
    ...{ 'livebench-dir': 'l', 'livebench-ref': 'x', 'livebench-release': '2024-08-31', 'include-path': 't' },
    ...{ output: 'mine', 'state-dir': 's', python: './py', launcher: './x', 'apply-chat-template': 'true' },
    ...{ 'enable-thinking': 'true', 'system-instruction': 'x', 'max-gen-toks': '1', seed: '7' },
    ...{ 'stall-timeout': '1', preset: 'macro', alpha: '0.001', 'drift-alpha': '0.001' },
    ...{
      'judge-server': 'https://mine.example.com/v1',
      'judge-model-args': 'dtype=float32',
      'judge-mode': 'choice',
    },
    ...{ 'judge-sample': '9', 'judge-prices': '1/2', 'judge-max-tokens': '9', 'judge-max-cost': '9' },
    ...{ 'judge-verdict-tokens': '9', 'judge-concurrency': '2', 'alarm-looks': 'false' },
    ...{ 'judge-max-position': '50', 'judge-max-contradicted': '100' },
    'judge-weights': 'style=1',
    log: 'wandb:mine',
    ...{ 'fail-on': 'no-baseline', 'minimum-effect': '50', margin: 'wk=50', thresholds: 'wk=off' },
  };

  for (const key of KEYS) {
    const { role, inFile, schema }: Setting = SETTINGS[key];
    if (role !== 'judges' || !inFile) continue;
    test(`${key} is not taken from its own file, and shown as proposed`, async () => {
      const value = OTHER[key] ?? 'true';
      assert.ok(schema.safeParse(value).success, `give ${key} a value in this test`);
      const own = await settle('', '');
      const { settings, proposals, origin } = await settle('', `${key}: '${value}'\n`);
      assert.deepEqual(settings, own.settings);
      assert.notEqual(origin(key), 'subject');
      assert.deepEqual(proposals, [{ key, value }]);
    });
    test(`${key} is taken from the base, and what the change takes away stays`, async () => {
      const value = OTHER[key] ?? 'true';
      const { settings, proposals } = await settle(`${key}: '${value}'\n`, '');
      if (key !== 'output') assert.deepEqual(settings[key], schema.parse(value));
      assert.deepEqual(proposals, [{ key, value: null }]);
    });
  }

  const SUBJECT: [line: string, key: SettingKey, value: unknown][] = [
    ['model-name: mine', 'model-name', 'mine'],
    ['device: cpu', 'device', 'cpu'],
    ['devices: cpu:2', 'devices', { kind: 'cpu', workers: 2 }],
    ['tensor-parallel: 2', 'tensor-parallel', 2],
    ['batch-size: 3', 'batch-size', '3'],
    ['model-args: { dtype: float16 }', 'model-args', { dtype: 'float16' }],
  ];
  for (const [line, key, value] of SUBJECT)
    test(`${line}: taken, since it names the subject`, async () => {
      const { settings, proposals, origin } = await settle('', `${line}\n`);
      assert.deepEqual([settings[key], origin(key), proposals], [value, 'subject', []]);
    });

  test('a model that its file names is taken; a command is not, and shown', async () => {
    const given = { model: undefined };
    assert.equal((await settle('model: main\n', 'model: hf:a/b@c\n', given)).settings.model, 'hf:a/b@c');
    const { settings, proposals } = await settle('model: main\n', 'model: "command:curl evil"\n', given);
    assert.equal(settings.model, 'main');
    assert.deepEqual(proposals, [{ key: 'model', value: 'command:curl evil' }]);
  });

  test('of model-args those of the subject are its own, the others stay those of the base', async () => {
    const { settings, proposals } = await settle(
      'model-args: { max_length: 4096, dtype: bfloat16 }\n',
      'model-args: { max_length: 8, dtype: float16, add_bos_token: true }\n',
    );
    assert.deepEqual(settings['model-args'], { max_length: 4096, dtype: 'float16' });
    assert.deepEqual(proposals, [
      { key: 'model-args.max_length', value: '8' },
      { key: 'model-args.add_bos_token', value: 'true' },
    ]);
  });

  test('an input wins over both files', async () => {
    const { settings, origin } = await settle('seed: 1\n', 'device: cuda:1\n', { seed: '2', device: 'cpu' });
    assert.deepEqual([settings.seed, settings.device], [2, 'cpu']);
    assert.deepEqual([origin('seed'), origin('device')], ['input', 'input']);
  });

  test('what it says of proposals, in one sentence', async () => {
    const { proposals } = await settle('margin: wk=1\n', 'seed: 7\nsuite: mini\n');
    assert.equal(
      describeProposals(proposals, { path: '.github/sos-bench.yml', what: 'pull request', at: 'abc' }),
      'This pull request edits .github/sos-bench.yml. Proposed, not used: seed: 7; suite: mini; margin (taken away). It was judged by the ' +
        'version of its base (abc); the edit counts once it is merged.',
    );
  });
});

describe('what a record tells, held against what is asked', () => {
  const told = (value: string, from: Origin) => ({ seed: { value, from } });
  const CASES: [what: string, found: Origin, asked: Origin, trusted: boolean, departs: boolean][] = [
    ['of its own word', 'input', 'default', false, true],
    ["of the workflow's inputs, by the digest", 'input', 'default', true, false],
    ["of the operator's own file, by the digest", 'local', 'base', true, false],
    ["of the base's file", 'base', 'default', true, true],
    ['by default, where the base asks for it', 'default', 'base', true, true],
    ["by another version's default", 'default', 'default', true, false],
    ['by a default that only it tells', 'default', 'default', false, true],
  ];
  for (const [what, found, asked, trusted, departs] of CASES)
    test(`another seed ${what}: ${departs ? 'departs' : 'is not a departure'}`, () => {
      const list = findDepartures(told('7', found), told('1234', asked), { trusted });
      assert.deepEqual(list, departs ? [{ key: 'seed', found: '7', asked: '1234' }] : []);
    });

  const OF_A_WARNING = 'what a judge found is a warning alone; its identity and protocol lie with its games';
  /** Settings of `run` that judge, and that no record tells by their own name. */
  const TOLD_OTHERWISE: Partial<Record<SettingKey, string>> = {
    ...Object.fromEntries(
      settingsOf('run').flatMap((key) => (key.startsWith('judge-') ? [[key, OF_A_WARNING]] : [])),
    ),
    ...{ 'judge-reference': OF_A_WARNING, 'answers-dir': OF_A_WARNING, 'alarm-looks': OF_A_WARNING },
    plan: 'a record has its hash',
    shard: 'a record says which shard it is',
    'stop-on': 'the report decides by its own',
    output: 'it says where, not what',
    'state-dir': 'it says where, not what',
    fresh: 'no input of an action',
  };
  test('each setting of run that judges is asked of a change', () => {
    const judging = settingsOf('run').filter((key) => SETTINGS[key].role === 'judges');
    const asked: readonly SettingKey[] = ASKED_KEYS;
    assert.deepEqual(
      judging.filter((key) => !asked.includes(key)).sort(),
      Object.keys(TOLD_OTHERWISE).sort(),
      'add it to ASKED_KEYS (src/settings/trust/asked.ts), or say here why not',
    );
  });

  const sample = tellSettings({ suite: 'pr' }, () => 'default');
  for (const key of ASKED_KEYS)
    test(`another ${key} departs, alone`, () => {
      const other = { ...sample, [key]: { value: 'mine', from: 'input' as const } };
      assert.deepEqual(findDepartures(other, sample, { trusted: false }), [
        { key, found: 'mine', asked: sample[key]!.value },
      ]);
    });

  test('the same value, wherever it is from, is none', () =>
    assert.deepEqual(findDepartures(told('7', 'base'), told('7', 'default'), { trusted: false }), []));

  test('paths, addresses and commands are told by their kind, secrets not at all', () => {
    const settings = tellSettings(
      {
        ...{ suite: 'full', python: '/srv/py', launcher: ['srun'], server: 'http://10.0.0.1/v1' },
        ...{ 'datasets-dir': '/srv/data', 'include-path': ['base/tasks/'] },
        'model-args': { dtype: 'auto', api_key: 'hunter2', max_length: 8 },
      },
      () => 'input',
    );
    assert.equal(settings.python?.value, 'a Python of the machine');
    assert.equal(settings.launcher?.value, 'a command');
    assert.equal(settings.server?.value, 'an address');
    assert.equal(settings['datasets-dir']?.value, 'a folder');
    assert.equal(settings['include-path']?.value, 'tasks');
    assert.equal(settings['model-args']?.value, '{"api_key":"[redacted]","max_length":8}');
    assert.ok(!('detect' in settings), 'only a sample has a size');
  });

  test('a stored plan stands for what would make one', () => {
    const settings = tellSettings({ suite: 'pr', seed: 1 }, () => 'base', { hash: 'abc', from: 'input' });
    assert.deepEqual(settings.plan, { value: 'abc', from: 'input' });
    assert.ok(!('suite' in settings) && !('seed' in settings) && !('detect' in settings));
  });
});

describe('record-digest', () => {
  const DIGEST = 'c'.repeat(64);
  test('digits, with or without their kind', () => {
    for (const text of [DIGEST, `sha256:${DIGEST}`, ` ${DIGEST}\n`])
      assert.equal(parseRecordDigest(text)?.record, DIGEST);
  });
  test('outputs of the jobs of a matrix, by shard; others are passed over, empty ones too', () => {
    const outputs = { 'record-digest-1': DIGEST, 'record-digest-2': '', 'record-digest-x': 'x', other: 1 };
    const { record, shards } = parseRecordDigest(JSON.stringify(outputs))!;
    assert.deepEqual([record, [...shards]], [null, [[1, DIGEST]]]);
  });
  test('nothing asks for none, an empty object asks for one and has none', () => {
    assert.equal(parseRecordDigest(''), null);
    assert.deepEqual(parseRecordDigest('{}'), { record: null, shards: new Map() });
  });
  for (const text of ['yes', '{', '[]', '{"record-digest": "yes"}', '{"record-digest-1": 7}'])
    test(`${text} is refused`, () => assert.throws(() => parseRecordDigest(text), { code: 'usage' }));
});
