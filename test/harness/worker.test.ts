import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ChunkProgress, WorkerRequest } from '../../src/harness/lm-eval/messages.ts';
import type { Worker, WorkerOptions } from '../../src/harness/lm-eval/worker.ts';
import { type FaultKind, WorkerFault } from '../../src/harness/lm-eval/worker-fault.ts';
import { startFakeWorker } from '../support/fake-worker.ts';
import { temporaryFolder } from '../support/folder.ts';
import { isRunning, within } from '../support/process.ts';

// Fake workers: shell programs in place of Python. What the real one does is tested in test/e2e.

const folder = temporaryFolder();
const startFake = (script: string, options: Partial<WorkerOptions> = {}) =>
  startFakeWorker(folder, script, options);

const CHUNK: WorkerRequest = {
  type: 'evaluate',
  chunk: 'c',
  spec: { task: 't', overrides: {}, clusterFields: [] },
  metric: 'acc',
  items: [0],
  batchSize: '8',
};
const RESULT = '{"type":"result","chunk":"c","seconds":1,"items":[]}';
const PROGRESS = '{"type":"progress","chunk":"c","done":1,"total":2}';

async function faultOf(worker: Worker, request = CHUNK): Promise<WorkerFault> {
  const fault = await worker.request(request).then(
    () => assert.fail('it answered'),
    (error) => error,
  );
  assert.ok(fault instanceof WorkerFault, fault);
  return fault;
}

test('an answer is given to the request that waits for it, progress before it', async () => {
  const worker = startFake(`read request; echo '${PROGRESS}'; echo '${RESULT}'; read shutdown`);
  const seen: ChunkProgress[] = [];
  const answer = await worker.request(CHUNK, (progress) => seen.push(progress));
  assert.equal(answer.type, 'result');
  assert.deepEqual(
    seen.map(({ done, total }) => [done, total]),
    [[1, 2]],
  );
  await worker.shutdown();
});

test('a message that comes in pieces is one message', async () => {
  const [start, end] = [RESULT.slice(0, 20), RESULT.slice(20)];
  const worker = startFake(`read request; printf '%s' '${start}'; sleep 0.2; echo '${end}'; read shutdown`);
  assert.equal((await worker.request(CHUNK)).type, 'result');
  await worker.shutdown();
});

const ENGINE_DIED =
  '{"type":"error","kind":"device","chunk":"c","message":"EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause."}';

const ENGINE_FAILED =
  '{"type":"error","kind":"model","message":"RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}"}';

const FAULTS: [string, string, FaultKind, RegExp][] = [
  [
    'ends with a code',
    'read request; echo "CUDA error: bad" >&2; exit 7',
    'died',
    /^the worker ended with code 7: CUDA error: bad$/,
  ],
  ['is killed', 'read request; kill -9 $$', 'died', /^the worker was killed by SIGKILL/],
  [
    'is killed after its engine has said that all is well',
    `read request; echo '(EngineCore pid=7) INFO 11-30 03:59:42 [block_pool.py:861] Successfully reset prefix cache' >&2; kill -9 $$`,
    'died',
    /^the worker was killed by SIGKILL$/,
  ],
  [
    'is ended by somebody after a warning',
    'read request; echo "UserWarning: this will be removed" >&2; kill -TERM $$',
    'died',
    /^the worker was killed by SIGTERM$/,
  ],
  [
    'is ended by a scheduler that says why',
    'read request; echo "slurmstepd: error: job 7 cancelled due to time limit" >&2; kill -TERM $$',
    'died',
    /^the worker was killed by SIGTERM: slurmstepd: error: job 7 cancelled due to time limit$/,
  ],
  ['ends before it reads', 'exit 1', 'died', /ended with code 1/],
  ['ends well and says nothing', 'read request; exit 0', 'died', /ended with code 0/],
  [
    'dies in the middle of a message',
    `read request; printf '%s' '${RESULT.slice(0, 30)}'; exit 3`,
    'died',
    /ended with code 3/,
  ],
  [
    'prints garbage',
    'read request; echo "Loading..."; sleep 600',
    'garbage',
    /an invalid message: Loading\.\.\.$/,
  ],
  [
    'prints JSON that is not a message',
    'read request; echo "{}"; sleep 600',
    'garbage',
    /an invalid message: \{\}$/,
  ],
  [
    'prints NaN',
    `read request; echo '${RESULT.replace('1', 'NaN')}'; sleep 600`,
    'garbage',
    /an invalid message/,
  ],
  ['prints an empty line', 'read request; echo; sleep 600', 'garbage', /an invalid message: $/],
  [
    'reports an error',
    `read request; echo '{"type":"error","kind":"oom","message":"out of memory","chunk":"c"}'; read shutdown`,
    'oom',
    /^out of memory$/,
  ],
  [
    'is ended by an allocation that fails',
    `read request; echo "terminate called after throwing an instance of 'std::bad_alloc'" >&2; kill -ABRT $$`,
    'oom',
    /^the worker was killed by SIGABRT: terminate called/,
  ],
  [
    'has an engine that ran out of memory, as its log says',
    // What comes after the message comes at once: it is waited for no longer than a moment.
    `read request; printf '(EngineCore pid=104) torch.OutOfMem' >&2; sleep 0.1; echo '${ENGINE_DIED}'; echo 'oryError: CUDA out of memory.' >&2; read shutdown`,
    'oom',
    /^the engine ran out of memory: EngineDeadError/,
  ],
  [
    'has an engine of which one process was killed, so that the core gave up',
    `read request; printf '%s\\n' 'Traceback (most recent call last):' 'RuntimeError: cancelled' >&2; echo '${ENGINE_DIED}'; read shutdown`,
    'device',
    /^a process of the engine ended, and its log tells no reason: something else may have killed it \(EngineDeadError/,
  ],
  [
    'has an engine that ended without a word',
    `read request; echo '${ENGINE_DIED}'; read shutdown`,
    'device',
    /^a process of the engine ended, and its log tells no reason: something else may have killed it \(EngineDeadError/,
  ],
  [
    'has an engine that ended without a word while it was loaded',
    `read request; echo '${ENGINE_FAILED}'; read shutdown`,
    'died',
    /^a process of the engine ended, and its log tells no reason/,
  ],
  [
    'has an engine that could not begin, for a reason that its log has',
    `read request; printf '(EngineCore pid=104) ERROR 11-29 20:51:48 [core.py:1] %s\\n' 'Traceback (most recent call last):' '  File "x"' 'ValueError: no room' >&2; echo '${ENGINE_FAILED}'; read shutdown`,
    'model',
    /^ValueError: no room$/,
  ],
];
for (const [what, script, kind, message] of FAULTS) {
  test(`a worker that ${what} is '${kind}'`, async () => {
    const worker = startFake(script);
    const fault = await faultOf(worker);
    assert.deepEqual([fault.kind, message.test(fault.message)], [kind, true], fault.message);
    worker.kill();
  });
}

/** Waits until what a worker has said on its other pipe has come. */
async function logged(log: string, text: string): Promise<void> {
  assert.ok(await within(60, () => existsSync(log) && readFileSync(log, 'utf8').includes(text)));
}

test('an error of an engine that was caught in an earlier chunk is not the reason of its later end', async () => {
  const log = join(folder, 'caught.log');
  const worker = startFake(
    `read request; printf '(EngineCore pid=104) %s\\n' 'Traceback (most recent call last):' 'ValueError: caught' >&2; echo '${RESULT}'; read request; echo '${ENGINE_FAILED}'; read shutdown`,
    { log },
  );
  await worker.request(CHUNK);
  await logged(log, 'ValueError: caught');
  const fault = await faultOf(worker);
  worker.kill();
  assert.match(fault.message, /tells no reason: .*\(RuntimeError: Engine core initialization failed/);
});

test('running out of memory in an earlier chunk is not the reason of a later death', async () => {
  const log = join(folder, 'memory.log');
  const worker = startFake(
    `read request; echo 'CUDA out of memory' >&2; echo '${RESULT}'; read request; exit 1`,
    { log },
  );
  await worker.request(CHUNK);
  await logged(log, 'CUDA out of memory');
  assert.equal((await faultOf(worker)).kind, 'died');
});

test('its last words leave out progress bars', async () => {
  const bar = 'Running requests:  50%|#####     | 5/10';
  const worker = startFake(
    `read request; printf 'RuntimeError: no\\n${bar.replace('%', '%%')}\\r' >&2; exit 1`,
  );
  assert.match((await faultOf(worker)).message, /: RuntimeError: no$/);
});

test('a program that is not there is a worker that died, with the reason', async () => {
  const fault = await faultOf(startFake('', { python: join(folder, 'none') }));
  assert.equal(fault.kind, 'died');
  assert.match(fault.message, /ENOENT/);
});

/** For what would wait for ten minutes. */
const NO_HANG = { timeout: 120_000 };

test('a child that holds its pipes does not hide that a worker has ended', NO_HANG, async () => {
  const worker = startFake('read request; sleep 600 & exit 5');
  assert.match((await faultOf(worker)).message, /ended with code 5/);
});

test('nor does one that has left its group', NO_HANG, async () => {
  const left = join(folder, 'left');
  const worker = startFake(
    `read request; setsid sh -c 'echo $$ > ${left}; exec sleep 600' & until [ -s ${left} ]; do sleep 0.02; done; exit 5`,
  );
  assert.match((await faultOf(worker)).message, /ended with code 5/);
  const child = readFileSync(left, 'utf8').trim();
  assert.ok(isRunning(child), 'it holds the pipes still');
  process.kill(Number(child), 'SIGKILL');
});

const PREPARED = '{"type":"prepared","protocol":1,"versions":{}}';
const PREPARE: WorkerRequest = { type: 'prepare', includePaths: [], seed: 1 };

test('a chunk without a sign of life is stalled after the timeout, and the group is killed', async () => {
  const worker = startFake(
    `read request; sleep 600 & echo $! > ${folder}/sleeper; echo '${PREPARED}'; read request; sleep 600`,
    { stallTimeout: 400 },
  );
  await worker.request(PREPARE);
  const fault = await faultOf(worker);
  assert.deepEqual([fault.kind, fault.message], ['stalled', 'no sign of life for 0 s']);
  const sleeper = readFileSync(join(folder, 'sleeper'), 'utf8').trim();
  assert.ok(await within(60, () => !isRunning(sleeper)));
});

test('progress is a sign of life', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const cue = join(folder, 'cue');
  const step = (what: string) => `until rm ${cue} 2> /dev/null; do sleep 0.02; done; echo '${what}'`;
  const worker = startFake(
    `read request; ${[PROGRESS, PROGRESS, PROGRESS, RESULT].map(step).join('; ')}; read shutdown`,
    { stallTimeout: 900 },
  );
  // Two thirds of what it may be silent, four times.
  const next = () => {
    context.mock.timers.tick(600);
    writeFileSync(cue, '');
  };
  const answer = worker.request(CHUNK, next);
  next();
  assert.equal((await answer).type, 'result');
  await worker.shutdown();
});

test('loading may be silent for longer than a chunk', async () => {
  const worker = startFake(`read request; sleep 0.6; echo '${PREPARED}'; read shutdown`, {
    stallTimeout: 200,
  });
  const answer = await worker.request(PREPARE);
  assert.equal(answer.type, 'prepared');
  await worker.shutdown();
});

test('a worker that has ended answers nothing more, with the same fault', async () => {
  const worker = startFake('read request; exit 9');
  const first = await faultOf(worker);
  assert.equal(await faultOf(worker), first);
});

test('aborting kills it whatever it is doing', async () => {
  const controller = new AbortController();
  const worker = startFake('read request; sleep 600', { signal: controller.signal });
  const fault = faultOf(worker);
  controller.abort();
  assert.match((await fault).message, /killed by SIGKILL/);
});

test('one that is started after the abort is killed at once', async () => {
  const worker = startFake('sleep 600', { signal: AbortSignal.abort() });
  assert.match((await faultOf(worker)).message, /killed by SIGKILL/);
});

test('one that does not care about a shutdown is killed', NO_HANG, async () => {
  const worker = startFake(`read request; echo '${RESULT}'; sleep 600`);
  await worker.request(CHUNK);
  await worker.shutdown();
});

/**
 * A launcher that is a fake, as srun is one: what it starts is in a group of its own, as a step on another machine, and is
 * told to end when the launcher is.
 */
function fakeLauncher(name: string, onTerm: string): { launcher: string[]; remote: () => string } {
  const [program, pid] = [join(folder, name), join(folder, `${name}.pid`)];
  const script = `#!/bin/sh
    setsid "$@" < /dev/zero &
    trap '${onTerm}' TERM
    echo $! > ${pid}
    while :; do wait; done`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  return { launcher: [program], remote: () => (existsSync(pid) ? readFileSync(pid, 'utf8').trim() : '') };
}
test('a launcher is told to end what it started elsewhere before it is killed itself', async () => {
  const { launcher, remote } = fakeLauncher('srun', 'kill $!; exit 143');
  const worker = startFake('exec sleep 600', { launcher });
  const fault = faultOf(worker);
  assert.ok(await within(60, () => remote() !== '' && isRunning(remote())));
  worker.kill();
  assert.equal((await fault).kind, 'died');
  assert.ok(await within(60, () => !isRunning(remote())));
});

test('a launcher that does not end when told to is killed a moment later', NO_HANG, async () => {
  const { launcher, remote } = fakeLauncher('deaf', ':');
  const worker = startFake('exec sleep 600', { launcher });
  const fault = faultOf(worker);
  assert.ok(await within(60, () => remote() !== ''));
  const begun = performance.now();
  worker.kill();
  assert.match((await fault).message, /SIGKILL/);
  assert.ok(performance.now() - begun > 2000, 'it has that moment');
  process.kill(Number(remote()), 'SIGKILL');
});

const together = (chunk: string): WorkerRequest => ({ ...CHUNK, chunk, together: true });
const resultOf = (chunk: string) => RESULT.replace('"c"', `"${chunk}"`);
const progressOf = (chunk: string) => PROGRESS.replace('"c"', `"${chunk}"`);

test('several chunks may be asked together: each gets its own answer, whatever their order', async () => {
  const lines = [progressOf('b'), resultOf('b'), progressOf('a'), resultOf('a')].map(
    (line) => `echo '${line}'`,
  );
  const worker = startFake(`read a; read b; ${lines.join('; ')}; read shutdown`);
  const seen: string[] = [];
  const answers = await Promise.all(
    ['a', 'b'].map((chunk) =>
      worker.request(together(chunk), (progress) => seen.push(`${chunk} ${progress.chunk}`)),
    ),
  );
  assert.deepEqual(
    answers.map((answer) => answer.type === 'result' && answer.chunk),
    ['a', 'b'],
  );
  assert.deepEqual(seen, ['b b', 'a a']);
  await worker.shutdown();
});

test('what may not be asked together with a chunk is refused while that is open', async () => {
  const worker = startFake(`read a; echo '${resultOf('a')}'; read shutdown`);
  const open = worker.request(together('a'));
  assert.throws(() => worker.request(CHUNK), /one request at a time/);
  assert.throws(() => worker.request({ type: 'expand', name: 't' }), /one request at a time/);
  await open;
  await worker.shutdown();
});

/** What two chunks that were asked together end with. */
async function faultsTogether(script: string, options: Partial<WorkerOptions> = {}): Promise<WorkerFault[]> {
  const worker = startFake(`read a; read b; ${script}`, options);
  const faults = await Promise.all(['a', 'b'].map((chunk) => faultOf(worker, together(chunk))));
  worker.kill();
  return faults;
}

const ERROR = '{"type":"error","kind":"oom","message":"out of memory","chunk":"a"}';
const TOGETHER: [string, string, FaultKind][] = [
  ['dies', 'kill -9 $$', 'died'],
  ['says nothing', 'sleep 600', 'stalled'],
  ['runs out of memory at one of them', `echo '${ERROR}'; read more`, 'oom'],
  ['prints garbage', 'echo Loading; sleep 600', 'garbage'],
  ['answers for one that it was not asked', `echo '${resultOf('x')}'; sleep 600`, 'garbage'],
];
for (const [what, script, kind] of TOGETHER)
  test(`a worker that ${what} has one and the same fault for all that it was asked together`, async () => {
    const [a, b] = await faultsTogether(script, kind === 'stalled' ? { stallTimeout: 500 } : {});
    assert.equal(a!.kind, kind);
    assert.equal(a, b);
  });

test('a chunk whose task is at fault says nothing of those beside it', async () => {
  const failed = ERROR.replace('oom', 'internal');
  const worker = startFake(`read a; read b; echo '${failed}'; echo '${resultOf('b')}'; read shutdown`);
  const [a, b] = await Promise.allSettled(['a', 'b'].map((chunk) => worker.request(together(chunk))));
  assert.deepEqual([a!.status, b!.status], ['rejected', 'fulfilled']);
  await worker.shutdown();
});
