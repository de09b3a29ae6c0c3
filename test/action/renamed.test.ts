/** Actions and inputs under a former name: one error that names the new one, run as the runner runs a composite action's step. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { RENAMED_ACTIONS } from '../../scripts/generated.ts';
import { readActionInputs } from '../../src/action/inputs.ts';
import { ACTIONS } from '../../src/settings/action-inputs.ts';

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

const given: string[] = [];
const give = (name: string, value: string) => {
  // As the runner does: spaces become underscores, and nothing else changes but the case.
  const variable = `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
  given.push(variable);
  process.env[variable] = value;
};
afterEach(() => {
  for (const variable of given.splice(0)) delete process.env[variable];
});

const USUAL = { comment: 'true', check: 'true', store: 'none', 'report-id': 'a' };

for (const [name, now] of [
  ['fail_on', 'fail-on'],
  ['github_token', 'github-token'],
  ['minimum_effect', 'minimum-effect'],
]) {
  test(`an input ${name} is a warning that names ${now}`, (t) => {
    give(name!, 'x');
    for (const [own, value] of Object.entries(USUAL)) give(own, value);
    const write = t.mock.method(process.stdout, 'write', () => true);
    readActionInputs();
    const said = write.mock.calls.map(({ arguments: [text] }) => String(text)).join('');
    assert.match(
      said,
      /^::warning::there is no input \w+: it is called [\w-]+, and its value is not used\./m,
    );
    assert.ok(said.includes(`write '${now}:' in 'with:'`), said);
  });
}

test('an input that was never one is left to the runner, which warns of it; so is one that is empty', () => {
  for (const [name, value] of [
    ['something', 'x'],
    ['fail_on', ''],
  ] as const)
    give(name, value);
  for (const [name, value] of Object.entries(USUAL)) give(name, value);
  assert.equal(readActionInputs().reportId, 'a');
});

test('every action reads its inputs in the one way that looks at their names', () => {
  for (const action of ACTIONS) {
    const path = join(ROOT, 'src', 'action', action, 'main.ts');
    assert.match(readFileSync(path, 'utf8'), /readActionInputs\(\)/, path);
  }
});
