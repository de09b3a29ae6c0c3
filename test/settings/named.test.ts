/** Settings under the names of code: one mapping, and nothing that it would carry nowhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reporting } from '../../src/action/steps/report-candidate.ts';
import { camelCase } from '../../src/camel-case.ts';
import { evaluationRequest, JUDGE_PARTS } from '../../src/settings/evaluation.ts';
import { carriedTo, nameSettings } from '../../src/settings/named.ts';
import { resolveSettings } from '../../src/settings/resolve.ts';
import { settingsOf } from '../../src/settings/table.ts';

for (const [key, name] of [
  ['seed', 'seed'],
  ['max-gen-toks', 'maxGenToks'],
  ['apply-chat-template', 'applyChatTemplate'],
] as const) {
  test(`${key} is ${name} in code`, () => assert.equal(camelCase(key), name));
}

test('what is not set is null', () => {
  assert.deepEqual(nameSettings(['device', 'seed'], { device: undefined, seed: 7 }), {
    device: null,
    seed: 7,
  });
});

test('what the target has no field for does not compile', () => {
  type Target = { seed: number; device: string | null };
  assert.deepEqual(carriedTo<Target>()({ seed: 1 }), { seed: 1 });
  // @ts-expect-error `maxLoss` would be carried nowhere.
  carriedTo<Target>()({ seed: 1, maxLoss: 2 });
});

/** Parts of other fields, and where runs keep what they have done. */
const PARTS: readonly string[] = [
  ...['include-path', 'livebench-dir', 'livebench-ref', 'livebench-release', 'allow-unsafe-code'],
  ...[
    'detect',
    'items',
    'looks',
    'collapse',
    'stop-on',
    'alpha',
    'thresholds',
    'minimum-effect',
    'state-dir',
  ],
  ...JUDGE_PARTS,
];

test('every setting of run is in the request, under its name', async () => {
  const given = { model: 'm', output: 'o' };
  const settings = await resolveSettings(settingsOf('run'), given, { path: 'absent', required: false });
  const request = evaluationRequest(settings);
  const keys = settingsOf('run').filter((key) => !PARTS.includes(key));
  assert.ok(keys.length > 20);
  for (const key of keys) {
    assert.deepEqual(
      (request as unknown as Record<string, unknown>)[camelCase(key)],
      settings[key] ?? null,
      key,
    );
  }
});

test('a setting that only a run has is none of a report, and does not compile there', () => {
  const ofReport = (settings: Reporting['settings']) => {
    // @ts-expect-error `backend` is not among them: it would be undefined.
    void settings.backend;
    return settings['fail-on'];
  };
  assert.equal(typeof ofReport, 'function');
  assert.ok(!(settingsOf('report') as string[]).includes('backend'));
});
