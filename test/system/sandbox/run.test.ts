import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findSandbox } from '../../../src/system/sandbox/find.ts';
import { runInSandbox } from '../../../src/system/sandbox/run.ts';
import type { Limits, SandboxJob } from '../../../src/system/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { machinePython } from '../../support/livebench.ts';
import { leftRunning, marked, startProcess, within } from '../../support/process.ts';
import { rejectsWith } from '../../support/reject.ts';

const MB = 2 ** 20;
const LIMITS: Limits = {
  wallMs: 120_000,
  silenceMs: 120_000,
  cpuSeconds: 10,
  addressSpace: 1024 * MB,
  memory: 256 * MB,
  processes: 20,
  fileSize: 10 * MB,
  scratchSize: 32 * MB,
};

const folder = temporaryFolder();
const secrets = { ...process.env, HF_TOKEN: 'hf_secret', AWS_SECRET_ACCESS_KEY: 'secret' };
let connections = 0;
const server = createServer((socket) => {
  connections++;
  socket.destroy();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());
const address = server.address();
const port = address !== null && typeof address === 'object' ? address.port : 0;

function input(): string {
  const path = join(folder, randomUUID());
  mkdirSync(path);
  copyFileSync(join(import.meta.dirname, '..', '..', 'support', 'hostile.py'), join(path, 'hostile.py'));
  writeFileSync(join(path, 'given.txt'), 'given');
  return path;
}

function job(script: string, mark: string, rest: Partial<SandboxJob> = {}): SandboxJob {
  return {
    input: input(),
    command: [machinePython, '-I', '-c', script],
    readOnly: [],
    hidden: [],
    environment: { MARK: mark },
    watch: ['*.json', 'out/*.txt'],
    limits: LIMITS,
    scratchParent: folder,
    ...rest,
  };
}

const isolated = await Promise.all(
  (['bubblewrap', 'namespaces'] as const).map(async (kind) => ({
    kind,
    sandbox: await findSandbox(machinePython, secrets, [kind]),
  })),
);
const none = { kind: 'none' as const, sandbox: await findSandbox(machinePython, secrets, []) };

for (const { kind, sandbox } of isolated) {
  const skip = sandbox.kind === 'none' && `not on this machine: ${sandbox.detail}`;

  test(`${kind}: what a hostile program can see and do`, { skip }, async () => {
    const mark = randomUUID();
    const { files, printed } = await runInSandbox(
      sandbox,
      job('', mark, {
        command: [machinePython, '-I', 'hostile.py', String(port), homedir(), String(process.pid)],
        environment: { MARK: mark, PATH: '/usr/bin' },
      }),
    );
    assert.ok(files, printed);
    const seen = JSON.parse(files.get('seen.json')!);
    assert.deepEqual(
      seen.environment.filter((name: string) => !['LC_CTYPE', 'PWD'].includes(name)),
      ['HOME', 'MARK', 'PATH', 'TMPDIR'],
    );
    const expected = {
      user: 1000,
      capabilities: '0000000000000000',
      'capabilities it could get': '0000000000000000',
      'no new privileges': '1',
      shadow: 'FileNotFoundError: No such file or directory',
      loopback: 'OSError: Address family not supported by protocol',
      internet: 'OSError: Address family not supported by protocol',
      strangers: 0,
      'write /usr': 'OSError: Read-only file system',
      'write /': 'OSError: Read-only file system',
      'write /dev': /Read-only file system|Permission denied/,
      'write /etc': /Read-only file system|Permission denied/,
      'write the input': 'OSError: Read-only file system',
      'mount over /usr': 'PermissionError: Operation not permitted',
      'remount /usr': 'PermissionError: Operation not permitted',
      'nested namespaces': 'OSError: No space left on device',
      add_key: 'OSError: Function not implemented',
      request_key: 'OSError: Function not implemented',
      keyctl: 'OSError: Function not implemented',
      io_uring_setup: 'OSError: Function not implemented',
      io_uring_enter: 'OSError: Function not implemented',
      io_uring_register: 'OSError: Function not implemented',
      userfaultfd: 'OSError: Function not implemented',
      mq_open: 'OSError: Function not implemented',
      'keyctl in the numbers of 32 bits': 'OSError: Function not implemented',
      'keyctl in the numbers of x32': 'OSError: Function not implemented',
      keys: /^$|Permission denied/,
      'memory in a file without a name': 'OSError: Function not implemented',
      'memory of System V': 'OSError: Function not implemented',
      'messages of System V': 'OSError: Function not implemented',
      'memory to share': 'OSError: Function not implemented',
      'memory of /dev/zero': /No such device|No such file|Permission denied/,
      'large file': 'OSError: File too large',
    };
    for (const [name, what] of Object.entries(expected)) {
      if (what instanceof RegExp) assert.match(String(seen[name]), what, name);
      else assert.equal(seen[name], what, name);
    }
    assert.deepEqual(seen['settings of the kernel'], [], 'files of the machine that open for writing');
    assert.deepEqual(seen['make settings writable'], []);
    const AF_UNIX = 1;
    assert.deepEqual(seen['families of sockets'], [AF_UNIX]);
    // The Python may stand in the home folder; nothing else of it is there.
    if (Array.isArray(seen.home)) assert.deepEqual(seen.home, ['.pyenv']);
    // The runner, whose stdout we read, and itself.
    assert.equal(seen.processes, 2);
    assert.deepEqual(seen['other processes'], { 1: [] });
    const written = { scratch: seen['fill scratch'], tmp: seen['fill /tmp'], memory: seen['fill /dev/shm'] };
    assert.ok(written.scratch > 20e6 && written.scratch <= 32 * MB, JSON.stringify(written));
    assert.ok(written.tmp > 20e6 && written.tmp <= 32 * MB, JSON.stringify(written));
    assert.ok(written.memory <= 64 * MB, JSON.stringify(written));
    assert.equal(connections, 0);
    for (const name of ['home', 'run', 'var', 'mnt', 'sys', 'boot'])
      assert.ok(!seen.root.includes(name), `it sees /${name}`);
    assert.ok(!seen.etc.includes('passwd'));
    assert.deepEqual(await leftRunning(mark), []);
  });

  test(`${kind}: a file that its starter has open stays out of its reach`, { skip }, async () => {
    const mark = randomUUID();
    const outside = join(folder, `outside-${mark}`);
    mkdirSync(outside);
    const script = [
      'import contextlib, glob, json, time',
      'found = [path for path in glob.glob("/proc/[0-9]*/fd/40")]',
      'for path in ["/proc/1/fd/40", *found]:',
      '  with contextlib.suppress(OSError):',
      '    open(path + "/was-here", "w").write("was here")',
      'json.dump(found, open("found.json", "w"))',
      // Long enough to be seen.
      'time.sleep(5)',
    ].join('\n');
    const described = join(folder, `${mark}.json`);
    writeFileSync(described, JSON.stringify({ sandbox, job: job(script, mark) }));
    const program = join(import.meta.dirname, '..', '..', 'support', 'run-in-sandbox.ts');
    const run = startProcess(
      ['bash', '-c', 'exec 40<"$0"; exec "$@"', outside, process.execPath, program, described],
      { environment: {} },
    );
    const holds = ({ pid }: { pid: number }) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === outside);
      } catch {
        // It has ended.
        return false;
      }
    };
    assert.ok(await within(60, () => marked(mark).some(({ command }) => !command.includes('runner.py'))));
    assert.deepEqual(marked(mark).filter(holds), []);
    const { stdout } = await run.result;
    assert.deepEqual(readdirSync(outside), [], 'it wrote there');
    assert.equal(JSON.parse(stdout)['found.json'], '[]');
  });
}

for (const { kind, sandbox } of [...isolated, none]) {
  const skip = sandbox.kind === 'none' && kind !== 'none' && `not on this machine: ${sandbox.detail}`;

  test(`${kind}: a copy of the input is worked on, and what was watched comes back`, { skip }, async () => {
    const told: string[] = [];
    const script = [
      'import os',
      'os.mkdir("out")',
      'file = open("out/a.txt", "w")',
      'file.write("one\\ntw"); file.flush()',
      'file.write("o\\n"); file.write(open("given.txt").read()); file.close()',
      'open("given.txt", "w").write("changed")',
      'raise SystemExit(7)',
    ].join('\n');
    const wanted = job(script, 'copy', { onLines: (file, text) => told.push(`${file}: ${text}`) });
    const { exitCode, files, stopped } = await runInSandbox(sandbox, wanted);
    assert.deepEqual(
      { exitCode, stopped, files },
      {
        exitCode: 7,
        stopped: null,
        files: new Map([['out/a.txt', 'one\ntwo\ngiven']]),
      },
    );
    assert.ok(told[0]!.startsWith('out/a.txt: one\n'), told[0]);
    assert.equal(readFileSync(join(wanted.input, 'given.txt'), 'utf8'), 'given');
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('.scratch-')),
      [],
    );
  });

  test(`${kind}: whole lines of what is watched are told while it runs`, { skip }, async () => {
    const told: string[] = [];
    const stop = new AbortController();
    const script = [
      'import os, time',
      'os.mkdir("out")',
      'file = open("out/a.txt", "w"); file.write("one\\ntw"); file.flush()',
      'time.sleep(3600)',
    ].join('\n');
    const onLines = (_: string, text: string) => {
      told.push(text);
      stop.abort();
    };
    const running = runInSandbox(sandbox, job(script, 'lines', { onLines, signal: stop.signal }));
    await rejectsWith(() => running, 'interrupted');
    assert.deepEqual(told, ['one\n']);
  });

  const faults = {
    'a process that sleeps for ever': {
      script: 'import time; time.sleep(3600)',
      limits: { wallMs: 1500 },
      stopped: 'wall',
    },
    'one that gives no sign': {
      script: 'import time; time.sleep(3600)',
      limits: { silenceMs: 1500 },
      stopped: 'silence',
    },
    'a fork bomb': {
      script: 'import os, time\nfor _ in range(60):\n  os.fork() or time.sleep(3600)\ntime.sleep(3600)',
      limits: {},
      stopped: 'processes',
    },
    'too much memory': {
      script: 'import time\nkept = [b"x" * 20_000_000 for _ in range(20)]; time.sleep(3600)',
      limits: {},
      stopped: 'memory',
    },
    'one that computes for ever': {
      script: 'while True: pass',
      limits: { cpuSeconds: 1 },
      stopped: null,
      // SIGXCPU, or SIGKILL at the hard limit.
      exitCodes: [128 + 24, 128 + 9],
    },
    'too much address space at once': {
      script: 'bytes(2 * 1024 ** 3)',
      limits: {},
      stopped: null,
      exitCodes: [1],
    },
    'a daemon left behind': {
      script:
        'import subprocess, sys\nsubprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], start_new_session=True)',
      limits: {},
      stopped: null,
      exitCodes: [0],
    },
  };
  for (const [name, { script, limits, stopped, ...rest }] of Object.entries(faults)) {
    test(`${kind}: ${name} is ended, and nothing is left`, { skip }, async () => {
      const mark = randomUUID();
      const wanted = job(script, mark, { limits: { ...LIMITS, ...limits } });
      const result = await runInSandbox(sandbox, wanted);
      // Where the kernel counts a user's processes it refuses the next one, before we see too many.
      if (name === 'a fork bomb' && result.stopped === null)
        assert.match(result.printed, /Resource temporarily unavailable/);
      else assert.equal(result.stopped, stopped, result.printed);
      if ('exitCodes' in rest) assert.ok(rest.exitCodes.includes(result.exitCode!), `${result.exitCode}`);
      assert.ok(await within(60, () => marked(mark).length === 0), `${marked(mark)[0]?.command}`);
    });
  }

  test(`${kind}: there is room for the input, however large, and as much beside it`, { skip }, async () => {
    const wanted = job('import os; open("size.json", "w").write(str(os.path.getsize("large")))', 'large');
    writeFileSync(join(wanted.input, 'large'), Buffer.alloc(40 * MB));
    const { files, full, printed } = await runInSandbox(sandbox, wanted);
    assert.equal(files?.get('size.json'), String(40 * MB), printed);
    assert.equal(full, false);
  });

  test(`${kind}: what forks share counts once`, { skip }, async () => {
    const script = [
      'import os, time',
      'kept = b"x" * 150_000_000',
      'for _ in range(4):',
      '  if os.fork() == 0: time.sleep(1.5); os._exit(0)',
      'time.sleep(1)',
    ].join('\n');
    const { exitCode, stopped, printed } = await runInSandbox(sandbox, job(script, 'forks'));
    assert.deepEqual({ exitCode, stopped }, { exitCode: 0, stopped: null }, printed);
  });

  test(`${kind}: an interrupted one ends at once`, { skip }, async () => {
    const mark = randomUUID();
    const stop = AbortSignal.timeout(1500);
    await rejectsWith(
      () => runInSandbox(sandbox, job('import time; time.sleep(3600)', mark, { signal: stop })),
      'interrupted',
    );
    assert.deepEqual(await leftRunning(mark), []);
  });

  test(`${kind}: it ends with whoever started it, killed outright`, { skip }, async () => {
    const mark = randomUUID();
    const started = join(folder, `${mark}.json`);
    writeFileSync(started, JSON.stringify({ sandbox, job: job('import time; time.sleep(3600)', mark) }));
    const program = join(import.meta.dirname, '..', '..', 'support', 'run-in-sandbox.ts');
    const run = startProcess([process.execPath, program, started], { environment: {} });
    const isUp = () =>
      marked(mark).some(({ command }) => command.includes('time.sleep') && !command.includes('runner.py'));
    assert.ok(await within(60, isUp), 'it never started');
    run.kill('SIGKILL');
    await run.result;
    const isGone = await within(60, () => marked(mark).length === 0);
    assert.ok(isGone, marked(mark)[0]?.command);
  });
}

for (const { kind, sandbox } of isolated) {
  const skip = sandbox.kind === 'none' && `not on this machine: ${sandbox.detail}`;

  for (const place of ['.', '/tmp']) {
    test(`${kind}: a program that fills ${place} is told from one that fails`, { skip }, async () => {
      const script = `for n in range(40): open(f"${place}/{n}", "wb").write(bytes(1_000_000))`;
      const { exitCode, full } = await runInSandbox(sandbox, job(script, 'full'));
      assert.deepEqual({ exitCode, full }, { exitCode: 1, full: true });
    });
  }
}

test('a line without an end from inside ends the job, not us', async (context) => {
  if (process.getuid!() !== 0)
    return context.skip('only root gets at the stdout of the runner, without a sandbox');
  const script = [
    'import ctypes, os, time',
    'pidfd_getfd = 438',
    'stdout = ctypes.CDLL(None).syscall(pidfd_getfd, os.pidfd_open(os.getppid()), 1, 0)',
    'with open(stdout, "w") as file:',
    '  for _ in range(40): file.write("x" * 1_000_000)',
    'time.sleep(3600)',
  ].join('\n');
  const { stopped, printed } = await runInSandbox(none.sandbox, job(script, 'line'));
  assert.equal(stopped, 'output', printed);
});

test('hidden files are empty inside, others of their folder are there', async (context) => {
  const { sandbox } = isolated[1]!;
  if (sandbox.kind === 'none') return context.skip(sandbox.detail);
  const code = join(folder, 'code');
  mkdirSync(code);
  writeFileSync(join(code, '.env'), 'KEY=secret');
  writeFileSync(join(code, 'program.py'), 'print(1)');
  const script = `import json, pathlib; json.dump([p.read_text() for p in sorted(pathlib.Path(${JSON.stringify(code)}).iterdir())], open("seen.json", "w"))`;
  const { files, printed } = await runInSandbox(
    sandbox,
    job(script, 'hidden', { readOnly: [code], hidden: [join(code, '.env'), join(code, 'absent')] }),
  );
  assert.equal(files?.get('seen.json'), '["", "print(1)"]', printed);
  assert.ok(!existsSync(join(code, 'absent')));
});

test('a machine without a sandbox says why', async () => {
  const { sandbox } = { sandbox: await findSandbox(machinePython, { PATH: '/nowhere' }, ['bubblewrap']) };
  assert.deepEqual([sandbox.kind, sandbox.detail], ['none', 'bubblewrap: not installed']);
});
