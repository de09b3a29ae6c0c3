/** The help of every command: nothing is cut at 80 columns, every command has examples that it takes, and a page that is there. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Command } from 'commander';
import { COMMAND_HELP } from '../../src/cli/help.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { SETTING_GROUPS } from '../../src/settings/presentation/groups.ts';
import { assertGolden } from '../support/golden.ts';
import { runMain, runtimeOf } from '../support/runtime.ts';

const ROOT = join(import.meta.dirname, '..', '..');

function withAll(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAll)];
}

/** What it takes to ask for the help of a command. */
function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

describe('the help of every command', () => {
  let commands: Command[];
  before(async () => {
    const { runtime } = runtimeOf([]);
    commands = withAll(await buildProgram(runtime, () => undefined));
  });

  for (const width of [80, 60, 200]) {
    test(`fits ${width} columns, with every word of every description whole and in order`, async () => {
      assert.ok(commands.length >= 25, `${commands.length} commands`);
      for (const command of commands) {
        const path = pathOf(command);
        const { exitCode, stdout } = await runMain([...path, '--help'], {
          environment: { COLUMNS: String(width) },
        });
        assert.equal(exitCode, 0, path.join(' '));
        const lines = stdout.split('\n').map((line) => [...line].length);
        // Examples are to be copied as they are; they are made for 80 columns.
        if (width >= 80) assert.ok(Math.max(...lines) <= width, `${path.join(' ')}: ${Math.max(...lines)}`);
        const text = words(stdout);
        for (const { description } of command.options)
          assert.ok(text.includes(words(description)), description);
        for (const { description } of command.registeredArguments)
          assert.ok(text.includes(words(description)), description);
        assert.ok(text.includes(words(command.description())), command.description());
      }
    });
  }

  test('says what each exit code means', async () => {
    for (const path of [[], ['run'], ['history', 'list']]) {
      const { stdout } = await runMain([...path, '--help']);
      assert.equal(stdout.match(/Exit codes: 0 done and passed/g)?.length, 1, path.join(' '));
    }
  });

  test('has examples that the command takes, and a page that is there', () => {
    const named = commands.filter((command) => pathOf(command).length === 1);
    assert.deepEqual(named.map((command) => command.name()).sort(), Object.keys(COMMAND_HELP).sort());
    for (const command of named) {
      const { examples, page } = COMMAND_HELP[command.name()]!;
      assert.ok(examples.length > 0, command.name());
      assert.ok(existsSync(join(ROOT, page)), page);
      for (const example of examples) {
        assert.match(example, new RegExp(`\\bsos-bench ${command.name()}\\b`));
        const [, ...rest] = example.split(`sos-bench ${command.name()}`);
        const inner = command.commands.find((one) => rest.join('').trim().startsWith(one.name())) ?? command;
        const known = new Set(inner.options.map(({ long }) => long));
        for (const [flag] of rest.join('').matchAll(/--[\w-]+/g))
          assert.ok(known.has(flag), `${example}: ${flag}`);
      }
    }
  });

  test("puts what is the command's own first, then settings by what they are about", async () => {
    const { stdout } = await runMain(['run', '--help']);
    const headings = stdout.split('\n').filter((line) => /^[A-Z].*:$/.test(line));
    assert.deepEqual(headings.slice(0, 1), ['Options:']);
    assert.deepEqual(
      headings.filter((line) => /^(?!Options|Example|More|Exit)/.test(line)),
      SETTING_GROUPS.map((group) => `${group}:`),
    );
  });

  test('reads as its golden file: the program, and show', async () => {
    const program = await runMain(['--help']);
    const show = await runMain(['show', '--help']);
    assertGolden('help.txt', `${program.stdout}\n${show.stdout}`);
  });
});

test('version says which version this is, as text and as JSON', async () => {
  const { stdout } = await runMain(['version']);
  const flag = await runMain(['--version']);
  assert.match(stdout, /^sos-bench \d+\.\d+\.\d+ \(lm-evaluation-harness \d/);
  const document = JSON.parse((await runMain(['version', '--json'])).stdout) as Record<string, string>;
  assert.equal(`${document.version}\n`, flag.stdout);
  assert.equal(document.node, process.versions.node);
});
