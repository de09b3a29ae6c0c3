/** The table of inputs: who reads it, and which flags are made of it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ActionInput, describeInput, INPUTS, type InputName } from '../../src/settings/action-inputs.ts';
import { SETTINGS } from '../../src/settings/table.ts';
import { runMain } from '../support/runtime.ts';

const SRC = join(import.meta.dirname, '..', '..', 'src');

test('one file alone reads inputs', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const reading = files.filter((path) =>
    /\bgetInput|\bgetBooleanInput|\bgetMultilineInput|\bINPUT_\$\{|env\S*\.INPUT_/.test(
      readFileSync(join(SRC, path), 'utf8'),
    ),
  );
  assert.deepEqual(reading, ['action/inputs.ts']);
});

test('nothing is a setting and another input', () => {
  assert.deepEqual(
    Object.keys(INPUTS).filter((name) => name in SETTINGS),
    [],
  );
});

for (const [name, { commands = [], value }] of Object.entries<ActionInput>(INPUTS)) {
  for (const command of commands) {
    test(`${command} --${name} is described by the table`, async () => {
      const words = command === 'history' ? ['history', 'list'] : [command];
      const { stdout } = await runMain([...words, '--help']);
      const help = stdout.replaceAll(/\s+/g, ' ');
      assert.ok(help.includes(`--${name} <${value}> ${describeInput(name as InputName, 'cli')}`), help);
    });
  }
}
