import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { modelFromCommand } from '../../src/model/command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, isRunning, startProcess, within } from '../support/process.ts';
import { rejectsWith } from '../support/reject.ts';

const cwd = temporaryFolder();
mkdirSync(join(cwd, 'model'));

function fetch(command: string, signal = new AbortController().signal) {
  const notes: string[] = [];
  const environment = { PATH: process.env.PATH, SECRET: 'key' };
  const note = (text: string) => void notes.push(text);
  const path = modelFromCommand(command, { python: 'python3', cwd, environment, note, signal });
  return { path, notes };
}

test('the last line on stdout is the path, relative to the working folder', async () => {
  assert.equal(await fetch('echo downloading; echo model').path, join(cwd, 'model'));
});

test('what it says on stderr is shown; its credentials reach it', async () => {
  const { path, notes } = fetch('echo "with $SECRET" | sed s/key/its-key/ >&2; echo model');
  await path;
  assert.deepEqual(notes, ['with its-key']);
});

const REFUSED: [string, string, RegExp][] = [
  ['that fails', 'echo no such bucket >&2; exit 3', /ended with code 3/],
  ['that prints nothing', 'true', /printed no path/],
  ['that prints what is not there', 'echo nowhere', /printed nowhere, where there is nothing/],
  ['that does not exist', 'no-such-program-at-all', /ended with code 127/],
];
for (const [what, command, message] of REFUSED) {
  test(`a command ${what}: model-missing, and what it has to do`, async () => {
    await rejectsWith(() => fetch(command).path, 'model-missing', message, /last line on stdout/);
  });
}

test('an interrupt ends it and what it started', { timeout: 180_000 }, async () => {
  const controller = new AbortController();
  const { path } = fetch(
    'sleep 600 & echo $! > begun; mv begun sleeper; wait; echo model',
    controller.signal,
  );
  const refused = rejectsWith(() => path, 'interrupted');
  const sleeper = join(cwd, 'sleeper');
  assert.ok(await within(60, () => existsSync(sleeper)));
  const pid = readFileSync(sleeper, 'utf8').trim();
  assert.ok(isRunning(pid));
  controller.abort();
  await refused;
  assert.ok(await within(60, () => !isRunning(pid)));
});

test('it ends, with what it started, where the run is killed outright', async () => {
  const module = join(import.meta.dirname, '..', '..', 'src', 'model', 'command.ts');
  const script = `
    import { modelFromCommand } from ${JSON.stringify(module)};
    const signal = new AbortController().signal;
    const options = { python: 'python3', cwd: '.', environment: process.env, note: console.log, signal };
    await modelFromCommand('echo begun >&2; sleep 271; echo model', options);
  `;
  const run = startProcess([process.execPath, '--input-type=module', '-e', script], {
    environment: { PATH: process.env.PATH },
    cwd,
  });
  endAfterTests([run]);
  await run.said('begun');
  assert.ok(await within(60, () => run.descendants().some(({ command }) => command.includes('sleep 271'))));
  run.kill('SIGKILL');
  assert.ok(await within(60, () => run.descendants().length === 0), JSON.stringify(run.descendants()));
});
