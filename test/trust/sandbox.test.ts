import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findSandbox } from '../../src/system/sandbox/find.ts';
import { temporaryFolder } from '../support/folder.ts';
import { machinePython } from '../support/livebench.ts';
import { marked, startProcess, within } from '../support/process.ts';

// A graded answer is a program: what it gets at of the machine that grades it. As root the kernel's settings are its own
// by their owner alone, so most of this says little where a plain user runs it.

const MB = 2 ** 20;
const folder = temporaryFolder();
const limits = {
  wallMs: 60_000,
  silenceMs: 60_000,
  cpuSeconds: 30,
  addressSpace: 1024 * MB,
  memory: 512 * MB,
  processes: 20,
  fileSize: MB,
  scratchSize: 16 * MB,
};

/** Starts `script` in a sandbox, from a process that runs `first` before. */
async function start(
  kind: 'bubblewrap' | 'namespaces',
  script: string,
  mark: string = randomUUID(),
  first: readonly string[] = [],
) {
  const sandbox = await findSandbox(machinePython, process.env, [kind]);
  if (sandbox.kind === 'none') return { skipped: sandbox.detail };
  const input = join(folder, mark);
  mkdirSync(input);
  const job = {
    input,
    command: [machinePython, '-I', '-c', script],
    ...{ readOnly: [], hidden: [], environment: { MARK: mark }, watch: ['*.json'], limits },
    scratchParent: folder,
  };
  const described = join(folder, `${mark}.json`);
  writeFileSync(described, JSON.stringify({ sandbox, job }));
  const program = join(import.meta.dirname, '..', 'support', 'run-in-sandbox.ts');
  const run = startProcess([...first, process.execPath, program, described], { environment: process.env });
  return { run, sandbox };
}

async function seenBy(
  kind: 'bubblewrap' | 'namespaces',
  script: string,
  first: readonly string[] = [],
): Promise<{ seen: Record<string, unknown>; skipped?: string }> {
  const started = await start(kind, script, randomUUID(), first);
  if (started.run === undefined) return { seen: {}, skipped: started.skipped };
  const { stdout, stderr } = await started.run.result;
  const text = JSON.parse(stdout || '{}')['seen.json'];
  assert.ok(text !== undefined, stderr);
  return { seen: JSON.parse(text) };
}

const OPENS = `
import json, os
found, tried = [], 0
for name in ("sys", "irq", "bus", "fs", "sysrq-trigger", "acpi", "driver", "pressure"):
    top = "/proc/" + name
    files = [os.path.join(f, n) for f, _, names in os.walk(top) for n in names] or [top]
    for path in files:
        for flags in (os.O_WRONLY, os.O_RDWR):
            try:
                file = os.open(path, flags | os.O_NONBLOCK)
            except OSError:
                continue
            finally:
                tried += 1
            if os.fstat(file).st_rdev != os.stat("/dev/null").st_rdev:
                found.append(path)
            os.close(file)
json.dump({"found": found, "tried": tried}, open("seen.json", "w"))
`;

/** Puts a key into the session keyring, then becomes the command it is given. */
const WITH_A_KEY = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
keyctl, add_key = {"x86_64": (250, 248), "aarch64": (219, 217)}[os.uname().machine]
libc.syscall(keyctl, 1, None)
made = libc.syscall(add_key, b"user", b"a-secret-of-the-runner", b"secret", 6, -3)
if made < 0:
    sys.exit("no keys on this machine")
os.execv(sys.argv[1], sys.argv[1:])
`;

const SEEKS_KEYS = `
import contextlib, ctypes, json, os
libc = ctypes.CDLL(None, use_errno=True)
named = []
for path in ("/proc/keys", "/proc/key-users"):
    with contextlib.suppress(OSError):
        named += open(path)
keyctl, add_key, request_key = {"x86_64": (250, 248, 249), "aarch64": (219, 217, 218)}[os.uname().machine]
seen = {
    "found": libc.syscall(keyctl, 10, -3, b"user", b"a-secret-of-the-runner", 0),
    "requested": libc.syscall(request_key, b"user", b"a-secret-of-the-runner", None, 0),
    "added": libc.syscall(add_key, b"user", b"left", b"x", 1, -3),
    "named": named,
}
json.dump(seen, open("seen.json", "w"))
`;

const ASKS_THE_HOST = `
import ctypes, json, socket
libc = ctypes.CDLL(None, use_errno=True)
made = [family for family in range(64) if libc.socket(family, 1, 0) >= 0 or libc.socket(family, 2, 0) >= 0]
rings = [libc.syscall(number, 1, ctypes.create_string_buffer(256)) for number in (425, 426, 427)]
json.dump({"families": made, "rings": rings, "vsock": int(socket.AF_VSOCK)}, open("seen.json", "w"))
`;

const ASKS_WHAT_IS_IN_MEMORY = `
import ctypes, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
file = os.open(sys.executable, os.O_RDONLY)
numbers = {"x86_64": (27, 221, 327, 451), "aarch64": (232, 223, 286, 451)}[os.uname().machine]
answers = []
for number in numbers:
    made = libc.syscall(number, file, None, 0, 0, 0, 8)
    answers.append(os.strerror(ctypes.get_errno()) if made < 0 else "made")
json.dump({"answers": answers, "read": os.preadv(file, [bytearray(4)], 0)}, open("seen.json", "w"))
`;

for (const kind of ['bubblewrap', 'namespaces'] as const) {
  test(`${kind}: an answer opens no setting of the kernel for writing`, async (context) => {
    const { seen, skipped } = await seenBy(kind, OPENS);
    if (skipped) return context.skip(skipped);
    assert.ok(Number(seen.tried) > 100, `only ${seen.tried} files were tried`);
    assert.deepEqual(seen.found, []);
  });

  test(`${kind}: an answer reads no key of whoever started its grader, and leaves none`, async (context) => {
    const { seen, skipped } = await seenBy(kind, SEEKS_KEYS, [machinePython, '-I', '-c', WITH_A_KEY]);
    if (skipped) return context.skip(skipped);
    assert.deepEqual(seen, { found: -1, requested: -1, added: -1, named: [] });
  });

  test(`${kind}: an answer makes no socket but one of its own files, and no io_uring`, async (context) => {
    const { seen, skipped } = await seenBy(kind, ASKS_THE_HOST);
    if (skipped) return context.skip(skipped);
    assert.deepEqual(seen, { families: [1], rings: [-1, -1, -1], vsock: 40 });
  });

  test(`${kind}: an answer does not see what is in memory of files that other answers read too`, async (context) => {
    const { seen, skipped } = await seenBy(kind, ASKS_WHAT_IS_IN_MEMORY);
    if (skipped !== undefined) return context.skip(skipped);
    assert.deepEqual(seen, { answers: Array(4).fill('Function not implemented'), read: 4 });
  });

  test(`${kind}: an answer started by root is nobody outside`, async (context) => {
    if (process.getuid!() !== 0) return context.skip('a plain user can only be itself');
    const mark = randomUUID();
    const { run, sandbox, skipped } = await start(kind, 'import time; time.sleep(3600)', mark);
    if (run === undefined) return context.skip(skipped);
    if (!sandbox.asNobody) return context.skip(sandbox.lacks.join());
    const answer = () =>
      marked(mark).find(({ command }) => command.startsWith(`${machinePython} -I -c import time`));
    try {
      assert.ok(await within(60, () => answer() !== undefined), 'it never started');
      const { pid } = answer()!;
      const identities = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^[UG]id:.*$/gm);
      const nobody = '65534\t65534\t65534\t65534';
      assert.deepEqual(identities, [`Uid:\t${nobody}`, `Gid:\t${nobody}`]);
    } finally {
      run.kill('SIGKILL');
      await run.result;
    }
    assert.ok(await within(60, () => marked(mark).length === 0), 'it outlived whoever started it');
  });
}
