/** Actions under a former name: one error that names the new one, run as the runner runs a composite action's step. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { RENAMED_ACTIONS } from '../../scripts/generated.ts';

const ROOT = join(import.meta.dirname, '..', '..');

assert.deepEqual(Object.keys(RENAMED_ACTIONS), ['open', 'conclude']);
for (const [old, action] of Object.entries(RENAMED_ACTIONS)) {
  test(`${old}: fails, and says that it is ${action} now`, async () => {
    const { runs } = parse(readFileSync(join(ROOT, old, 'action.yml'), 'utf8')) as {
      runs: { using: string; steps: { shell: string; run: string }[] };
    };
    assert.equal(runs.using, 'composite');
    const [step, other] = runs.steps;
    assert.equal(other, undefined);
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step!.run];
    const { exitCode, stdout } = await execa(step!.shell, args, { reject: false });
    assert.equal(exitCode, 1);
    assert.match(stdout, /^::error title=SOS-Bench%3A renamed::[^\n]*$/);
    assert.ok(stdout.includes(`'${old}' is called '${action}' now`), stdout);
    assert.ok(stdout.includes(`OWNER/REPO/${action}@REF`), stdout);
    assert.ok(existsSync(join(ROOT, action, 'action.yml')));
  });
}
