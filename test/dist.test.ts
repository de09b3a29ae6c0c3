import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { temporaryFolder } from './support/folder.ts';
import { startStep } from './support/runner.ts';

test('the bundles together are under 4 MB, which a runner fetches for every job', () => {
  const dist = join(import.meta.dirname, '..', 'dist');
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0);
  assert.ok(bytes > 500_000 && bytes < 4_000_000, `${bytes} bytes`);
});

test('FORCE_COLOR beside NO_COLOR: the command line says what was asked, and Node warns of nothing', async () => {
  const { stderr, exitCode } = await execa(process.execPath, ['dist/cli.js', 'completion', 'bash'], {
    cwd: join(import.meta.dirname, '..'),
    env: { FORCE_COLOR: '1', NO_COLOR: '1', NODE_DISABLE_COLORS: '1' },
  });
  assert.deepEqual([exitCode, stderr], [0, '']);
});

describe('each bundle is a program of its own, which says in one line why it cannot run', () => {
  const workspace = temporaryFolder();
  // Without a Python environment there, none is checked meanwhile.
  const environment = { SOS_BENCH_CACHE: temporaryFolder() };
  const config = { config: 'no-such.yml' };
  for (const [action, inputs, exitCode, line] of [
    ['action', config, 2, /^::error .*there is no configuration file .* \[config-invalid\]\. Hint: /],
    ['run', config, 2, /^::error .*there is no configuration file .* \[config-invalid\]\. Hint: /],
    ['plan', config, 2, /^::error .*there is no configuration file .* \[config-invalid\]\. Hint: /],
    ['report', config, 2, /^::error .*there is no configuration file .* \[config-invalid\]\. Hint: /],
    ['gate', config, 2, /^::error .*there is no configuration file .* \[config-invalid\]\. Hint: /],
    ['bot', {}, 2, /^::error .*the bot was started by 'no event' \[usage\]\. Hint: /],
    ['open-check', {}, 0, /^No check belongs to 'no event': nothing to do\.$/],
    ['conclude-check', {}, 2, /^::error .*result is '' \[usage\]\. Hint: /],
  ] as const) {
    test(action, async () => {
      const result = await startStep({ workspace, action, inputs, environment }).result;
      assert.equal(result.exitCode, exitCode, result.stdout + result.stderr);
      assert.match(result.stdout, line);
      assert.equal(result.stderr, '');
    });
  }
});
