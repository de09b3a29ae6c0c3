import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { evaluationRequest } from '../../src/settings/evaluation.ts';
import { policyOf } from '../../src/settings/policy.ts';
import { type GivenValues, resolveSettings } from '../../src/settings/resolve.ts';
import { SETTINGS, type Setting, type SettingKey, settingsOf } from '../../src/settings/table.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const absent = { path: join(folder, 'absent.yml'), required: false };
let files = 0;

function file(content: string): { path: string; required: boolean } {
  const path = join(folder, `config-${files++}.yml`);
  writeFileSync(path, content);
  return { path, required: true };
}

const resolveOne = async <Key extends SettingKey>(key: Key, given: GivenValues, config = absent) =>
  (await resolveSettings([key], given, config))[key];

test('a flag wins over the file, the file over the default', async () => {
  const config = file('batch-size: 16\n');
  assert.equal(await resolveOne('batch-size', {}), 'tokens');
  assert.equal(await resolveOne('batch-size', {}, config), '16');
  assert.equal(await resolveOne('batch-size', { 'batch-size': '32' }, config), '32');
});

test('a flag that says false wins over a file that says true', async () => {
  const config = file('apply-chat-template: true\n');
  assert.equal(await resolveOne('apply-chat-template', { 'apply-chat-template': 'false' }, config), false);
});

test('every setting has a description, and a default that its own schema takes', () => {
  for (const [key, setting] of Object.entries(SETTINGS as Record<string, Setting>)) {
    assert.match(setting.description, /\.$/, key);
    if (setting.default !== undefined) assert.ok(setting.schema.safeParse(setting.default).success, key);
    assert.ok(setting.users.length > 0, key);
  }
});

test('a missing required setting is named as the flag it is', async () => {
  await rejectsWith(() => resolveOne('model', {}), 'usage', '--model is missing', 'Model to evaluate');
});

for (const suite of ['full', 'mini'] as const) {
  for (const [key, value] of [
    ['detect', '1'],
    ['items', '500'],
    ['budget', '30m'],
  ] as const) {
    test(`${key} with suite ${suite} is refused: it would take all questions all the same`, async () => {
      const keys = ['suite', 'detect', 'items', 'budget'] as const;
      await rejectsWith(
        () => resolveSettings(keys, { suite, [key]: value }, absent),
        'usage',
        `--${key} chooses a sample, and suite ${suite}`,
        '--suite pr',
      );
      await resolveSettings(keys, { suite: 'pr', [key]: value }, absent);
    });
  }
}

test('the size of a sample beside a stored plan is refused; in the file it waits for suite pr', async () => {
  const keys = ['suite', 'plan', 'items'] as const;
  const given = { plan: 'plan.json', items: '500' };
  await rejectsWith(() => resolveSettings(keys, given, absent), 'usage', 'the plan has one already');
  assert.equal((await resolveSettings(keys, {}, file('items: 500\n'))).items, 500);
});

test("a date that is none of LiveBench's releases is refused, with those that are", async () => {
  for (const release of ['2024-07-27', '2026-01-08', 'newest']) {
    await rejectsWith(
      () => resolveOne('livebench-release', { 'livebench-release': release }),
      'usage',
      "not one of LiveBench's releases: 2024-06-24, 2024-07-26, 2024-08-31",
      '2025-11-25',
    );
  }
});

test('a setting the file leaves empty has its default', async () => {
  assert.equal(await resolveOne('seed', {}, file('seed:\n')), 1234);
});

test('a file that is not there is an empty one, unless it was named', async () => {
  assert.equal(await resolveOne('seed', {}, absent), 1234);
  const named = { path: absent.path, required: true };
  await rejectsWith(
    () => resolveOne('seed', {}, named),
    'config-invalid',
    'there is no configuration file',
    absent.path,
  );
});

test('a folder in place of the file is refused', async () => {
  await rejectsWith(
    () => resolveOne('seed', {}, { path: folder, required: false }),
    'permission-denied',
    folder,
  );
});

test('an empty file, and one with comments only, is an empty configuration', async () => {
  assert.equal(await resolveOne('seed', {}, file('')), 1234);
  assert.equal(await resolveOne('seed', {}, file('# nothing yet\n')), 1234);
});

const BAD_FILES: [string, string, string[]][] = [
  [
    'an unknown key',
    'model: m\n\nbatchsize: 8\n',
    [':3:1', "unknown key 'batchsize'", "did you mean 'batch-size'?"],
  ],
  [
    'an unknown key that is not the first on its line',
    '{ model: m, see: 5 }\n',
    [':1:13', "'see'", "'seed'"],
  ],
  ['a key that only a flag may hold', 'fresh: true\n', [':1:1', "unknown key 'fresh'"]],
  ['a key given twice', 'seed: 1\nseed: 2\n', [':2:1', 'duplicate key']],
  ['YAML that breaks off', 'benchmarks: [bbq,\n', [':2:1', 'has to be YAML']],
  ['a tab as indentation', 'margin:\n\twk: 1\n', [':2:1', 'has to be YAML']],
  ['a list in place of a mapping', '- model\n', ['is not a mapping of settings']],
  ['a text in place of a mapping', 'model\n', ['is not a mapping of settings']],
];
for (const [what, content, texts] of BAD_FILES) {
  test(`${what} is refused with its place`, async () => {
    const config = file(content);
    await rejectsWith(() => resolveOne('seed', {}, config), 'config-invalid', config.path, ...texts);
  });
}

const BAD_VALUES: [SettingKey, string, string[]][] = [
  ['seed', 'twelve', ["seed is 'twelve'", 'not a number']],
  ['seed', 'true', ['seed is true']],
  ['seed', '-1', ['seed is -1']],
  ['batch-size', 'big', ["batch-size is 'big'"]],
  ['batch-size', '0', ['batch-size is 0']],
  ['suite', 'tiny', ["suite is 'tiny'", 'not one of full, pr, mini']],
  ['apply-chat-template', '"yes"', ["apply-chat-template is 'yes'"]],
  ['stall-timeout', '0', ['stall-timeout is 0']],
  ['model-args', 'dtype', ["'dtype' is not KEY=VALUE"]],
  ['fail-on', 'regresed', ['fail-on is', 'regressed']],
  ['alpha', '5', ['alpha is 5']],
];
for (const [key, value, texts] of BAD_VALUES) {
  test(`${key}: ${value} is refused, in the file with its place`, async () => {
    const config = file(`# comment\n${key}: ${value}\n`);
    const place = `${config.path}:2:1: ${key} is`;
    await rejectsWith(() => resolveOne(key, {}, config), 'config-invalid', place, ...texts);
  });
}

/** `[what, file, line and column, texts of the error]` */
const NESTED: [what: string, key: SettingKey, content: string, place: string, texts: string[]][] = [
  [
    'an unknown key of a threshold',
    'thresholds',
    'thresholds:\n  bbq:\n    minimum-effekt: 2\n',
    '3:5',
    ['thresholds.bbq.minimum-effekt is 2', "did you mean 'minimum-effect'?"],
  ],
  [
    'a wrong level',
    'thresholds',
    'thresholds:\n  wk: error\n  bbq: wran\n',
    '3:3',
    ["thresholds.bbq is 'wran'", 'level: not one of off, warn, error'],
  ],
  [
    'a wrong level beside others',
    'thresholds',
    'thresholds:\n  bbq: { margin: 1, level: wran }\n',
    '2:21',
    ["thresholds.bbq.level is 'wran'"],
  ],
  [
    'a margin that is not a number',
    'thresholds',
    'thresholds:\n  bbq:\n    level: warn\n    margin: wide\n',
    '4:5',
    ["thresholds.bbq.margin is 'wide'", 'not a number'],
  ],
  [
    'a threshold that is a list',
    'thresholds',
    'thresholds:\n  bbq: [warn]\n',
    '2:3',
    ['thresholds.bbq is ["warn"]', 'neither a level nor a mapping'],
  ],
  [
    'a factor with a slip in its name',
    'margin',
    'margin:\n  wk: 1\n  safty: 2\n',
    '3:3',
    ['margin.safty is 2', "did you mean 'safety'?"],
  ],
  [
    'a benchmark among the factors',
    'margin',
    'margin: { bbq: 1 }\n',
    '1:11',
    ['margin.bbq is 1', 'stands in thresholds'],
  ],
  ['a margin out of range', 'margin', 'margin:\n  wk: 1\n  if: 400\n', '3:3', ['margin.if is 400']],
  [
    'a drop that may be points or a fraction',
    'detect',
    'detect:\n  if: 4\n  wk: 0.8\n',
    '3:3',
    ['detect.wk is 0.8'],
  ],
  [
    'a benchmark that is not text',
    'benchmarks',
    'benchmarks:\n  - bbq\n  - 5\n',
    '3:5',
    ['benchmarks.1 is 5', 'not a text'],
  ],
  [
    'an unknown verdict of a list',
    'fail-on',
    'fail-on: [incomplete, regresed]\n',
    '1:23',
    ["fail-on.1 is 'regresed'", 'regressed'],
  ],
  [
    'a value behind an alias',
    'thresholds',
    'margin: &m { wk: 1 }\nthresholds:\n  bbq: *m\n',
    '1:14',
    ['thresholds.bbq.wk is 1', 'an unknown key'],
  ],
  [
    'a list that is one text',
    'thresholds',
    'thresholds: bbq=warn, if=of\n',
    '1:1',
    ["thresholds is 'bbq=warn, if=of'", 'if.level: not one of'],
  ],
];
for (const [what, key, content, place, texts] of NESTED) {
  test(`${what} is refused with its line and column, and its key`, async () => {
    const config = file(content);
    await rejectsWith(
      () => resolveOne(key, {}, config),
      'config-invalid',
      `${config.path}:${place}: `,
      ...texts,
    );
  });
}

test('what is wrong inside of a flag is named with its key', async () => {
  await rejectsWith(
    () => resolveOne('thresholds', { thresholds: 'bbq=warn, if=of' }),
    'usage',
    '--thresholds is',
    'if.level: not one of off',
  );
  await rejectsWith(
    () => resolveOne('margin', { margin: 'wk=1, safty=2' }),
    'usage',
    '--margin',
    'safty',
    "'safety'",
  );
});

test('a wrong flag is refused as a flag, even where the file is right', async () => {
  const config = file('seed: 5\n');
  await rejectsWith(() => resolveOne('seed', { seed: 'x' }, config), 'usage', "--seed is 'x'");
});

test('a wrong value of a setting the command does not take is not looked at', async () => {
  const config = file('alpha: 5\nseed: 7\n');
  assert.equal(await resolveOne('seed', {}, config), 7);
});

test('lists and mappings of the file are taken as they are', async () => {
  const config = file('benchmarks: [bbq, if]\nmodel-args:\n  dtype: float32\n  max_length: 512\n');
  const { benchmarks, 'model-args': args } = await resolveSettings(['benchmarks', 'model-args'], {}, config);
  assert.deepEqual([benchmarks, args], [['bbq', 'if'], { dtype: 'float32', max_length: 512 }]);
});

test('an alias of YAML stands for its anchor', async () => {
  const config = file('model: &name ./m\noutput: *name\n');
  assert.equal(await resolveOne('output', {}, config), './m');
});

test('the settings of run are a whole request for an evaluation', async () => {
  const settings = await resolveSettings(settingsOf('run'), { model: 'm', output: 'o' }, absent);
  const request = evaluationRequest(settings);
  const unset = Object.entries(request).filter(([, value]) => value === undefined);
  assert.deepEqual(unset, []);
  assert.deepEqual([request.model, request.batchSize, request.stallTimeout], ['m', 'tokens', 1800]);
});

test('points in settings are fractions in the policy, and margins left out keep their default', async () => {
  const given = { margin: 'wk=2', 'minimum-effect': '0.7' };
  const policy = policyOf(await resolveSettings(settingsOf('compare'), given, absent));
  assert.deepEqual(policy.margins, { wk: 0.02, if: 0.04, safety: 0.01 });
  assert.ok(Math.abs(policy.minimumEffect.factor - 0.007) < 1e-15);
});

describe('suite mini brings its questions', () => {
  const keys = [
    'suite',
    'stages',
    'benchmarks',
    'plan',
    'livebench-dir',
    'livebench-ref',
    'server',
    'server-model',
  ] as const;
  const BOTH = ['lm-eval', 'livebench'];
  /** `[given, file, stages]` */
  const cases: [given: GivenValues, content: string, stages: string[]][] = [
    [{ suite: 'mini' }, '', ['lm-eval']],
    [{}, 'suite: mini\n', ['lm-eval']],
    [{ suite: 'mini', benchmarks: 'bbq' }, '', ['lm-eval']],
    [{ suite: 'mini', benchmarks: 'if' }, '', ['lm-eval']],
    [{ suite: 'mini', benchmarks: 'bbq, livebench-math' }, '', BOTH],
    [{ suite: 'mini', stages: 'lm-eval, livebench' }, '', BOTH],
    [{ suite: 'mini', stages: 'livebench' }, '', ['livebench']],
    [{ suite: 'mini' }, 'stages: [lm-eval, livebench]\n', BOTH],
    [{ suite: 'mini', 'livebench-dir': 'LiveBench' }, '', BOTH],
    [{ suite: 'mini', server: 'http://127.0.0.1:8000/v1' }, '', BOTH],
    [{ suite: 'mini', plan: 'plan.json' }, '', BOTH],
    [{ suite: 'full' }, '', BOTH],
    [{ suite: 'pr' }, '', BOTH],
  ];
  for (const [given, content, stages] of cases)
    test(`${JSON.stringify(given)}${content === '' ? '' : ` with ${content.trim()}`}: ${stages.join(' and ')}`, async () => {
      assert.deepEqual((await resolveSettings(keys, given, file(content))).stages, stages);
    });
});
