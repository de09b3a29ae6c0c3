/** What a worker or server leaves running when it is killed outright: the watcher takes it along, and nothing else. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/system/paths.ts';
import { guardArguments } from '../../src/system/process/guarded-child.ts';
import { processesWith, within } from '../support/process.ts';

const WATCHER = join(packageRoot(), 'worker', 'sosbench_worker', 'watcher.py');
const only = { skip: process.platform === 'linux' ? false : 'Linux alone tells enough of processes' };

/** A leader of a group that has itself watched, and starts an engine in its group, one in the same session and a stranger. */
const LEADER = `
import os, subprocess, sys, time
sys.path.insert(0, ${JSON.stringify(join(packageRoot(), 'worker', 'sosbench_worker'))})
from watcher import start_watcher, watchers
start_watcher()
start_watcher()
def start(**how):
    # Without the test's streams: it would wait for whoever holds them.
    nothing = subprocess.DEVNULL
    return subprocess.Popen(["sleep", "300"], stdin=nothing, stdout=nothing, stderr=nothing, **how).pid
numbers = [len(watchers), watchers[0].pid, start(), start(preexec_fn=lambda: os.setpgid(0, 0)), start(start_new_session=True)]
sys.stdout.write(" ".join(map(str, numbers)) + "\\n")
sys.stdout.flush()
if sys.argv[1] == "stay": time.sleep(300)
`;

const started: ChildProcess[] = [];
const strangers: number[] = [];
after(() => {
  for (const { pid } of started) end(-pid!);
  for (const pid of strangers) end(pid);
});

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function runs(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function lead(how: 'stay' | 'end') {
  const leader = spawn('python3', ['-c', LEADER, how], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(leader);
  // A part of a line may come alone.
  const [line] = (await once(createInterface(leader.stdout!), 'line')) as [string];
  const [count, ...pids] = line.split(' ').map(Number);
  const [watcher, engine, otherGroup, stranger] = pids as [number, number, number, number];
  strangers.push(stranger, otherGroup, engine);
  return { leader, count, watcher, engine, otherGroup, stranger };
}

test(
  'a leader that is killed outright leaves nothing of its group and session, and the watcher ends',
  only,
  async () => {
    const { leader, count, watcher, engine, otherGroup, stranger } = await lead('stay');
    assert.equal(count, 1, 'one watcher, however often it is asked for');
    assert.ok([watcher, engine, otherGroup, stranger].every(runs));
    end(leader.pid!);
    assert.ok(await within(60, () => !runs(engine) && !runs(otherGroup)), 'engines are gone');
    assert.ok(await within(60, () => !runs(watcher)), 'the watcher is gone');
    assert.ok(runs(stranger), 'what left for a session of its own is nobody of ours');
  },
);

test(
  'killed by its whole group, as a runner or a terminal does it, the watcher is spared and ends by itself',
  only,
  async () => {
    const { leader, watcher, engine, otherGroup } = await lead('stay');
    end(-leader.pid!);
    assert.ok(await within(60, () => ![engine, otherGroup, watcher].some(runs)));
  },
);

test('a leader that ends by itself takes what it left along, too', only, async () => {
  const { watcher, engine } = await lead('end');
  assert.ok(await within(60, () => !runs(engine) && !runs(watcher)));
});

test(
  "the watcher has nothing of its parent's environment, by which a runner would find it",
  only,
  async () => {
    const { leader, watcher } = await lead('stay');
    const environment = readFileSync(`/proc/${watcher}/environ`, 'utf8').split('\0');
    assert.deepEqual(
      environment.filter((line) => line !== '' && !/^(LC_CTYPE|LD_LIBRARY_PATH)=/.test(line)),
      [],
    );
    end(leader.pid!);
  },
);

test('a number that is another process by now is left alone', only, async () => {
  const other = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
  started.push(other);
  // As if the worker had had this number, and had begun before.
  const watching = spawn('python3', ['-I', '-S', WATCHER, String(other.pid), '1', String(other.pid)]);
  const [code] = await once(watching, 'exit');
  assert.equal(code, 0);
  assert.ok(runs(other.pid!));
});

test('a server and its guard, killed outright at once, leave no engine', only, async () => {
  const mark = `300.${process.pid}`;
  const server = `sleep ${mark} & sleep ${mark}1`;
  const arguments_ = guardArguments(['sh', '-c', server], { isWatched: true });
  const guard = spawn('python3', arguments_, { detached: true, stdio: 'ignore' });
  started.push(guard);
  const engines = () => processesWith(`sleep ${mark}`).filter((line) => line.startsWith('sleep'));
  assert.ok(
    await within(60, () => engines().length === 2 && processesWith(`${WATCHER} ${guard.pid}`).length === 1),
  );
  end(guard.pid!);
  assert.ok(await within(60, () => engines().length === 0));
});
