/** What is said of a value that a setting does not take: in words of ours, with the line where it stands. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resolveSettings } from '../../src/settings/resolve.ts';
import { SETTINGS, type Setting, type SettingKey } from '../../src/settings/table.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
let files = 0;
const absent = { path: join(folder, 'absent.yml'), required: false };

const GIVEN: [key: SettingKey, value: unknown, said: string][] = [
  ['suite', 'min', "--suite is 'min': not one of full, pr, mini; did you mean 'mini'?"],
  ['suite', 'MINI', "--suite is 'MINI': not one of full, pr, mini; did you mean 'mini'?"],
  ['suite', 'everything', "--suite is 'everything': not one of full, pr, mini"],
  ['preset', 'papr', "--preset is 'papr': not one of paper, chance, effective, macro; did you mean 'paper'?"],
  [
    'fail-on',
    'regresed',
    "one of regressed, incomplete, inconclusive, not-comparable, no-baseline; did you mean 'regressed'?",
  ],
  ['thresholds', 'bbq=errror', "not one of off, warn, error; did you mean 'error'?"],
  ['alpha', '2', "--alpha is '2': it has to be below 1"],
  ['alpha', '0', "--alpha is '0': it has to be above 0"],
  ['alpha', 'x', "--alpha is 'x': not a number"],
  ['items', '0', "--items is '0': it has to be at least 1"],
  ['items', '1.5', "--items is '1.5': not a whole number"],
  ['minimum-effect', '101', "--minimum-effect is '101': it has to be at most 100"],
  ['collapse', '95', "--collapse is '95': it has to be at most 90"],
  ['apply-chat-template', 'ture', "not one of true, false, auto; did you mean 'true'?"],
  ['enable-thinking', 'yes', "--enable-thinking is 'yes': not one of true, false"],
  ['model', '', "--model is '': it is empty"],
];
for (const [key, value, said] of GIVEN) {
  test(`--${key} ${JSON.stringify(value)} says: ${said}`, async () => {
    await rejectsWith(() => resolveSettings([key], { [key]: value }, absent), 'usage', said);
  });
}

const FILES: [content: string, said: string][] = [
  ['seed: 1\nthresholds:\n  safety: error\n  bbq: errror\n', ':4:3: thresholds.bbq'],
  [
    'thresholds:\n  bbq:\n    level: warn\n    minimum-effect: -1\n',
    ':4:5: thresholds.bbq.minimum-effect is -1: it has to be at least 0',
  ],
  ['thresholds:\n  bbq:\n    margn: 1\n', ':3:5: thresholds.bbq.margn'],
  ['margin:\n  wk: 1\n  if: 200\n', ':3:3: margin.if is 200: it has to be at most 100'],
  ['fail-on:\n  - regressed\n  - improved\n', ':3:5: fail-on.1'],
  ['benchmarks:\n  - bbq\n  - [xstest]\n', ':3:5: benchmarks.1'],
  ['detect:\n  wk: 2\n  safety: none\n', ':3:3: detect.safety'],
  ['fail-on: [regressed, incomplet]\n', "did you mean 'incomplete'?"],
  ['thresholds: {bbq: of}\n', "; did you mean 'off'?"],
  ['suite: nimi\n', ":1:1: suite is 'nimi': not one of full, pr, mini; did you mean 'mini'?"],
];
for (const [content, said] of FILES) {
  test(`the file ${JSON.stringify(content)} points to${said}`, async () => {
    const path = join(folder, `config-${files++}.yml`);
    writeFileSync(path, content);
    const key = /^([\w-]+):/m.exec(content.replace(/^seed.*\n/, ''))![1] as SettingKey;
    await rejectsWith(() => resolveSettings([key], {}, { path, required: true }), 'config-invalid', said);
  });
}

test('no setting answers to a value that is not its own in words of the schema library', async () => {
  const VALUES = ['', ' ', 'nonsense', '-1', '1e400', true, 7.5, [], [1], {}, { a: 1 }, { wk: 'x' }, null];
  const OF_LIBRARY = /Invalid|expected|Too (big|small)|received|Unrecognized|undefined|NaN|\bzod\b/;
  for (const key of Object.keys(SETTINGS) as SettingKey[]) {
    for (const value of VALUES) {
      const { schema }: Setting = SETTINGS[key];
      if (schema.safeParse(value).success) continue;
      const message = await resolveSettings([key], { [key]: value }, absent).then(
        () => '',
        (error: Error) => error.message,
      );
      assert.doesNotMatch(message, OF_LIBRARY, `${key} ${JSON.stringify(value)}`);
    }
  }
});
