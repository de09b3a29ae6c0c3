import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { guardArguments, runGuarded } from '../../src/system/process/guarded-child.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type RunningProcess, startProcess, within } from '../support/process.ts';

const folder = temporaryFolder();
const environment = { PATH: process.env.PATH ?? '' };
const guarded = { python: 'python3', environment };

/** A command that writes its number into a file and stays. */
function staying(name: string): { pid: () => string; command: string[] } {
  const path = join(folder, name);
  return {
    pid: () => (existsSync(path) ? readFileSync(path, 'utf8').trim() : ''),
    command: ['sh', '-c', `echo $$ > ${path}; sleep 600`],
  };
}

function runs(pid: string): boolean {
  if (pid === '') return false;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A process that runs a command under the guard, as we do, and is at our mercy. */
function startParent(command: readonly string[]): RunningProcess {
  const args = JSON.stringify(guardArguments(command));
  const script = `
    const [isolated, guard, , ...command] = ${args};
    const args = [isolated, guard, String(process.pid), ...command];
    require('node:child_process').spawn('python3', args, { detached: true, stdio: 'ignore' });
    process.stdout.write('started');
    setInterval(() => undefined, 1000);
  `;
  return startProcess([process.execPath, '-e', script], { environment });
}

describe('a guarded command', () => {
  test('gives what it printed, and its code', async () => {
    const { exitCode, all } = await runGuarded(['sh', '-c', 'cat; echo b >&2; exit 3'], {
      ...guarded,
      input: 'a\n',
    });
    assert.deepEqual([exitCode, all], [3, 'a\nb']);
  });

  test('that is not there is named', async () => {
    const { exitCode, all } = await runGuarded(['no-such-program'], guarded);
    assert.deepEqual([exitCode, all], [127, 'ENOENT: no-such-program: No such file or directory']);
  });

  test('is killed with all it started when told to stop, and when its time is up', async () => {
    const told = staying('told');
    const controller = new AbortController();
    const stopped = runGuarded(told.command, { ...guarded, signal: controller.signal });
    assert.ok(await within(60, () => runs(told.pid())));
    controller.abort();
    assert.equal((await stopped).signal, 'SIGKILL');
    assert.ok(await within(60, () => !runs(told.pid())));

    const timed = staying('timed');
    const { signal } = await runGuarded(timed.command, { ...guarded, timeout: 2000 });
    assert.equal(signal, 'SIGKILL');
    assert.ok(await within(60, () => !runs(timed.pid())));
  });

  test('ends with whoever started it, killed outright', async () => {
    const { pid, command } = staying('orphan');
    const parent = startParent(command);
    assert.ok(await within(60, () => pid() !== '' && runs(pid())));
    parent.kill('SIGKILL');
    assert.ok(await within(60, () => !runs(pid())));
    assert.deepEqual(parent.descendants(), []);
  });

  test('does not go on where whoever started it was killed before the guard was up', async () => {
    const parent = startParent(staying('never').command);
    await parent.said('started');
    parent.kill('SIGKILL');
    assert.ok(
      await within(60, () => parent.descendants().length === 0),
      JSON.stringify(parent.descendants()),
    );
  });
});
