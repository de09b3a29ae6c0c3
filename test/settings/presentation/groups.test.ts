import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupOf, inGroups } from '../../../src/settings/presentation/groups.ts';
import { wordsOf } from '../../../src/settings/presentation/setting-words.ts';
import { SETTINGS, type SettingKey, settingsOf } from '../../../src/settings/table.ts';

const KEYS = Object.keys(SETTINGS) as SettingKey[];

test('every setting is in a group', () => {
  assert.deepEqual(
    KEYS.filter((key) => groupOf(key) === null),
    [],
    'name it in src/settings/presentation/groups.ts',
  );
});

test('groups hold each setting that was given, once', () => {
  for (const keys of [KEYS, settingsOf('run'), settingsOf('compare')])
    assert.deepEqual(
      inGroups(keys)
        .flatMap(([, members]) => members)
        .sort(),
      keys.toSorted(),
    );
});

const WORDS: [key: SettingKey, words: string[], isList: boolean][] = [
  ['suite', ['full', 'pr', 'mini'], false],
  ['apply-chat-template', ['true', 'false', 'auto'], false],
  ['fail-on', ['regressed', 'incomplete', 'inconclusive', 'not-comparable', 'no-baseline'], true],
  ['stages', ['lm-eval', 'livebench', 'judge'], true],
  ['server', ['auto', 'vllm', 'transformers'], false],
  ['alpha', [], false],
  ['model', [], false],
];
for (const [key, words, isList] of WORDS) {
  test(`${key} completes to ${words.length === 0 ? 'nothing' : words.join(', ')}`, () => {
    assert.deepEqual(wordsOf(key), { words, isList });
  });
}
