/** Nothing that we read is without a world: settings, inputs of every action.yml, environment variables. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { variableTrust } from '../../../scripts/trust/environment.ts';
import { INPUT_TRUST } from '../../../scripts/trust/inputs.ts';
import { SETTINGS, type Setting } from '../../../src/settings/table.ts';
import { asTrusted } from '../../../src/settings/trust/trusted.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const read = (name: string) => readFileSync(join(ROOT, 'src', name), 'utf8');
const actions = ['.', ...readdirSync(ROOT)].flatMap((folder) => {
  try {
    return [[folder, readFileSync(join(ROOT, folder, 'action.yml'), 'utf8')] as const];
  } catch {
    return [];
  }
});

describe('every input of every action.yml is a setting or has an entry', () => {
  assert.ok(actions.length >= 8);
  for (const [folder, text] of actions) {
    test(folder, () => {
      const { inputs } = parse(text) as { inputs: Record<string, unknown> };
      const unknown = Object.keys(inputs).filter((name) => !(name in SETTINGS) && !(name in INPUT_TRUST));
      assert.deepEqual(unknown, []);
    });
  }
});

test('every entry is an input of some action', () => {
  const declared = new Set(
    actions.flatMap(([, text]) => Object.keys((parse(text) as { inputs: object }).inputs)),
  );
  assert.deepEqual(
    Object.keys(INPUT_TRUST).filter((name) => !declared.has(name)),
    [],
  );
});

test('every environment variable that src reads or hands to a child has an entry', () => {
  const read_ = sources.flatMap((name) =>
    [...read(name).matchAll(/\b(?:environment|env)\??\.([A-Z][A-Z0-9_]+)\b/g)].map(([, found]) => found!),
  );
  const child = [...read('system/process/child-environment.ts').matchAll(/'([A-Za-z]+(?:_[A-Za-z]*)*)'/g)]
    .map(([, found]) => found!)
    .filter((name) => /^[A-Z][A-Z_0-9]+$|_proxy$/.test(name));
  assert.ok(read_.length > 20 && child.length > 20);
  const unknown = new Set(
    [...read_, ...child].filter((name) => variableTrust(name.replace(/_$/, '_X')) === null),
  );
  assert.deepEqual([...unknown], []);
});

test("only settings that name the subject may be a change's to set", () => {
  const subject = Object.entries(SETTINGS as Record<string, Setting>)
    .filter(([, { role }]) => role === 'subject')
    .map(([key]) => key);
  assert.deepEqual(subject.sort(), [
    'batch-size',
    'device',
    'devices',
    'model',
    'model-args',
    'model-name',
    'tensor-parallel',
  ]);
});

test('a claimed value has not the type of a trusted one', () => {
  const trusted = asTrusted('main');
  const needsTrusted = (value: typeof trusted) => value;
  // @ts-expect-error: a string of anywhere is not a trusted one.
  needsTrusted('main');
  assert.equal(needsTrusted(trusted), 'main');
});

test('only the trust module marks a value as trusted', () => {
  const makers = sources.filter(
    (name) => !name.startsWith('settings/trust/') && /\basTrusted\b|as Trusted</.test(read(name)),
  );
  assert.deepEqual(makers, []);
});
