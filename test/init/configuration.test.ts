/** The configuration that `sos-bench init` writes. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { configurationFile } from '../../src/init/configuration.ts';
import { resolveSettings } from '../../src/settings/resolve.ts';
import { SETTINGS, type SettingKey } from '../../src/settings/table.ts';
import { temporaryFolder } from '../support/folder.ts';
import { PLAIN_CHOICES } from '../support/init-choices.ts';

const text = configurationFile(PLAIN_CHOICES);
const path = join(temporaryFolder(), 'sos-bench.yml');
const KEYS = Object.keys(SETTINGS).filter((key) => key !== 'model' && key !== 'output') as SettingKey[];

test('sets the suite that was chosen, and nothing else', async () => {
  writeFileSync(path, text);
  const source = { path, required: true };
  const nothing = await resolveSettings(KEYS, {}, { ...source, content: null });
  assert.deepEqual(await resolveSettings(KEYS, {}, source), { ...nothing, suite: 'pr' });
});

test('each line that is commented out is a setting with a value that it takes', async () => {
  const offered = [...text.matchAll(/^# ([a-z-]+): .*$/gm)].filter(([, key]) => key! in SETTINGS);
  assert.ok(offered.length >= 8);
  writeFileSync(
    path,
    offered.reduce((whole, [line]) => whole.replace(line, line.slice(2)), text),
  );
  const settings: Record<string, unknown> = await resolveSettings(KEYS, {}, { path, required: true });
  for (const [, key] of offered) assert.ok(key! in settings, key);
});
