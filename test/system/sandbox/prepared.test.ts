import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findSandbox } from '../../../src/system/sandbox/find.ts';
import { type PreparedRun, PreparedSandbox } from '../../../src/system/sandbox/prepared.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { machinePython } from '../../support/livebench.ts';
import { leftRunning, marked, within } from '../../support/process.ts';
import { rejectsWith } from '../../support/reject.ts';

const MB = 2 ** 20;
const folder = temporaryFolder();

/** A program whose import costs time, and that does what its argument says. */
const PROGRAM = `
import json, os, sys, time
LOADED = time.time()
if __name__ == "__main__":
    what = sys.argv[1]
    result = {"argument": what, "files": sorted(os.listdir(".")), "others": sorted(os.listdir("/tmp")), "loaded": LOADED}
    exec(what)
    with open("result.json", "w") as file:
        json.dump(result, file)
`;

async function open(
  kinds: ('bubblewrap' | 'namespaces')[],
  rest: { signal?: AbortSignal; program?: string } = {},
) {
  const sandbox = await findSandbox(machinePython, process.env, kinds);
  if (kinds.length > 0 && sandbox.kind === 'none') return { skipped: sandbox.detail };
  const programs = join(folder, randomUUID());
  mkdirSync(programs);
  writeFileSync(join(programs, 'program.py'), rest.program ?? PROGRAM);
  const mark = randomUUID();
  const prepared = await PreparedSandbox.open(sandbox, {
    program: join(programs, 'program.py'),
    readOnly: [programs],
    hidden: [],
    environment: { MARK: mark },
    limits: {
      wallMs: 120_000,
      cpuSeconds: 10,
      addressSpace: 1024 * MB,
      memory: 256 * MB,
      processes: 20,
      fileSize: 10 * MB,
      scratchSize: 32 * MB,
    },
    inputSize: MB,
    scratchParent: folder,
    signal: rest.signal,
  });
  assert.ok(prepared instanceof PreparedSandbox, JSON.stringify(prepared));
  return { prepared, mark };
}

function run(what: string, rest: Partial<PreparedRun> = {}): PreparedRun {
  return { files: [], folders: [], arguments: [what], timeout: 120_000, result: 'result.json', ...rest };
}

for (const kinds of [['bubblewrap'], ['namespaces'], []] as ('bubblewrap' | 'namespaces')[][]) {
  const name = kinds[0] ?? 'none';

  test(`${name}: each run has its own files and nothing of the one before, whatever that left`, async (context) => {
    const { prepared, mark, skipped } = await open(kinds);
    if (prepared === undefined) return context.skip(skipped);
    try {
      const mess = [
        'os.makedirs("a/b/c")',
        'open("a/b/file", "w").write("x")',
        'os.chmod("a/b", 0)',
        'os.symlink("/", "link")',
        'os.mkfifo("pipe")',
        ...(kinds.length > 0
          ? ['open("/tmp/left", "w").write("x")', 'open("/dev/shm/left", "w").write("x")']
          : []),
        'os.chmod(".", 0o500) if os.getuid() else None',
        'os.fork() or (os.setsid(), os.fork() or time.sleep(3600))',
        'os.chmod(".", 0o700)',
      ].join('\n');
      const first = await prepared.run(
        run(mess, { files: [['data/given.txt', 'given']], folders: ['empty'] }),
      );
      assert.equal(first.exitCode, 0, first.printed);
      assert.ok(await within(60, () => marked(mark).every(({ command }) => !command.includes('sleep'))));
      const second = JSON.parse((await prepared.run(run(''))).result!);
      assert.deepEqual(second.files, []);
      assert.ok(kinds.length === 0 || !second.others.includes('left'));
      const third = JSON.parse(
        (await prepared.run(run('result["processes"] = sum(name.isdigit() for name in os.listdir("/proc"))')))
          .result!,
      );
      if (kinds.length > 0) assert.equal(third.processes, 2, 'a process of an earlier run is still there');
    } finally {
      await prepared.close();
    }
    assert.deepEqual(await leftRunning(mark), []);
    assert.deepEqual(
      readdirSync(folder).filter((entry) => entry.startsWith('.scratch-')),
      [],
    );
  });

  const ends: Record<string, { what: string; result: object; limit?: number }> = {
    'ends by itself': {
      what: 'sys.exit(3)',
      result: { exitCode: 3, stopped: null, died: false, result: null },
    },
    'kills itself': {
      what: 'os.kill(os.getpid(), 9)',
      result: { exitCode: 137, stopped: null, died: false, result: null },
    },
    'writes its result and never ends': {
      what: 'open("result.json", "w").write("1"); time.sleep(3600)',
      limit: 1500,
      result: { exitCode: null, stopped: 'silence', died: false, result: null },
    },
    'wants too much memory': {
      what: 'open("result.json", "w").write("1")\nkept = [b"x" * 20_000_000 for _ in range(20)]; time.sleep(3600)',
      result: { exitCode: null, stopped: 'memory', died: false, result: null },
    },
    'makes its result a pipe without an end': {
      what: 'os.mkfifo("result.json"); sys.stdout.flush(); os._exit(0)',
      result: { exitCode: 0, stopped: null, died: false, result: null },
    },
    'makes its result a link': {
      what: 'os.symlink("/proc/self/environ", "result.json"); os._exit(0)',
      result: { exitCode: 0, stopped: null, died: false, result: null },
    },
  };
  for (const [title, { what, result, limit }] of Object.entries(ends)) {
    test(`${name}: a run that ${title} has no result, and the next one is run`, async (context) => {
      const { prepared, skipped } = await open(kinds);
      if (prepared === undefined) return context.skip(skipped);
      try {
        const {
          printed,
          full: _,
          late: __,
          ...rest
        } = await prepared.run(run(what, limit === undefined ? {} : { timeout: limit }));
        assert.deepEqual(rest, result, printed);
        assert.equal((await prepared.run(run(''))).exitCode, 0);
      } finally {
        await prepared.close();
      }
    });
  }
}

const LATE: Record<string, { what: string; result: string | null; late: boolean }> = {
  'come in time': {
    what: 'file.write("a\\n"); pause(0.3); file.write("b\\n")',
    result: 'a\nb\n',
    late: false,
  },
  'come late': { what: 'file.write("a\\n"); pause(600); file.write("b\\n")', result: null, late: true },
  'come late while others are written over': {
    what: 'file.write("a\\n"); [pause(0.4) or file.seek(0) or file.write("c\\n") for _ in range(400)]',
    result: null,
    late: true,
  },
  'are written early and put right afterwards': {
    what: 'file.write("x\\nx\\n"); pause(5); file.seek(0); file.write("a\\nb\\n")',
    result: 'x\nx\n',
    late: false,
  },
  'are cut off and written again': {
    what: 'file.write("x\\nx\\n"); pause(5); file.truncate(0); file.seek(0); file.write("a\\nb\\nc\\n")',
    result: 'x\nx\nc\n',
    late: false,
  },
};
for (const [title, { what, result, late }] of Object.entries(LATE))
  test(`lines of a result that ${title}`, async (context) => {
    const { prepared, skipped } = await open(['namespaces']);
    if (prepared === undefined) return context.skip(skipped);
    try {
      const first = 'file = open("lines", "w", buffering=1); pause = time.sleep; ';
      const given = await prepared.run(
        run(`${first}${what}`, { result: 'lines', lines: { count: 2, timeout: late ? 4000 : 60_000 } }),
      );
      assert.deepEqual({ result: given.result, late: given.late }, { result, late }, given.printed);
      assert.equal((await prepared.run(run(''))).exitCode, 0);
    } finally {
      await prepared.close();
    }
  });

test('a program that is loaded once is not loaded again, and one that fails to load says so in a run', async (context) => {
  const slow = await open(['namespaces'], {
    program: `import time\nif __name__ != "__main__": time.sleep(1)\n${PROGRAM}`,
  });
  if (slow.prepared === undefined) return context.skip(slow.skipped);
  const began = performance.now();
  for (let n = 0; n < 3; n++) assert.equal((await slow.prepared.run(run(''))).exitCode, 0);
  context.diagnostic(`three runs: ${Math.round(performance.now() - began)} ms`);
  await slow.prepared.close();
  const broken = await open(['namespaces'], { program: 'import a_module_that_is_not_there\n' });
  assert.match(broken.prepared!.trouble, /a_module_that_is_not_there/);
  const { exitCode, printed } = await broken.prepared!.run(run(''));
  assert.equal(exitCode, 1);
  assert.match(printed, /ModuleNotFoundError/);
  await broken.prepared!.close();
});

test('an interrupted run ends at once and leaves nothing', async (context) => {
  const stop = new AbortController();
  const { prepared, mark, skipped } = await open(['namespaces'], { signal: stop.signal });
  if (prepared === undefined) return context.skip(skipped);
  setTimeout(() => stop.abort(), 500);
  await rejectsWith(() => prepared.run(run('time.sleep(3600)')), 'interrupted');
  await prepared.close();
  assert.deepEqual(await leftRunning(mark), []);
});
