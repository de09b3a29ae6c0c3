import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { StandbyWorkers } from '../../src/evaluate/workers/standby.ts';
import type { WorkerSettings } from '../../src/evaluate/workers/workers.ts';
import { temporaryFolder } from '../support/folder.ts';
import { isRunning as runs, within } from '../support/process.ts';
import { workerSettings } from '../support/worker-settings.ts';

const folder = temporaryFolder();
const PREPARED = '{"type":"prepared","protocol":1,"versions":{}}';
const controller = new AbortController();
// A test that fails leaves no worker that would keep this file from ending.
after(() => controller.abort());

/** Slots whose workers are fakes: shell programs that write down that they run. */
function slots(...scripts: string[]): WorkerSettings[] {
  return scripts.map((script, slot) => {
    const python = join(folder, `fake-${script.length}-${slot}`);
    writeFileSync(python, `#!/bin/sh\necho $$ > ${python}.pid\n${script}\n`);
    chmodSync(python, 0o755);
    return workerSettings({ python, log: `${python}.log`, signal: controller.signal });
  });
}
const GOOD = `read request; echo '${PREPARED}'; read more; sleep 600`;

function isRunning({ options: { python } }: WorkerSettings): boolean {
  return existsSync(`${python}.pid`) && runs(readFileSync(`${python}.pid`, 'utf8').trim());
}

test('all slots but the first one get a worker that has prepared, each once', async () => {
  const settings = slots(GOOD, GOOD, GOOD);
  const standby = new StandbyWorkers(settings);
  const [first, second, again] = [await standby.take(0), await standby.take(1), await standby.take(1)];
  assert.deepEqual([first, second === null, again], [null, false, null]);
  assert.ok(await within(60, () => settings.slice(1).every(isRunning)), 'the others run');
  assert.equal(isRunning(settings[0]!), false);
  standby.end();
  assert.ok(await within(60, () => !settings.some(isRunning)), 'none is left, taken or not');
});

test('one that cannot start is none: whoever wants it starts another', async () => {
  const standby = new StandbyWorkers(slots(GOOD, 'exit 3'));
  assert.equal(await standby.take(1), null);
  standby.end();
});

test('one that is still starting at the end is killed at once', async () => {
  const settings = slots(GOOD, 'read request; sleep 600 # long import');
  const standby = new StandbyWorkers(settings);
  assert.ok(await within(60, () => isRunning(settings[1]!)));
  standby.end();
  assert.ok(await within(60, () => !isRunning(settings[1]!)));
  assert.equal(await standby.take(1), null);
});
