/**
 * The real vLLM, in the environment that `python: managed` builds (which takes minutes the first time), on a processor with a tiny model: as
 * backend and as LiveBench's server, from nothing to a record; killed and resumed; its faults. LiveBench is a fake.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readJournal } from '../../src/evaluate/journal/journal.ts';
import { recordPaths } from '../../src/record/paths.ts';
import { readRecord } from '../../src/record/read.ts';
import { launchServer } from '../../src/serving/launch.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { vllmEnvironment } from '../../src/system/python/environment-spec.ts';
import { managedPython } from '../../src/system/python/managed.ts';
import { startCli } from '../support/cli.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { fakeDriver } from '../support/fake-driver.ts';
import { temporaryFolder } from '../support/folder.ts';
import { cacheWithFakeLiveBench, fakeLiveBench } from '../support/livebench.ts';
import { endAfterTests, processesWith, type RunningProcess, within } from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const ours = await managedPython({
  cache: cacheRoot(process.env),
  environment: process.env,
  note: (text) => void process.stderr.write(`${text}\n`),
  spec: vllmEnvironment('cpu'),
});
const environment = await cacheWithFakeLiveBench(folder);
const checkout = fakeLiveBench(folder).checkout.folder;
const model = await makeTinyModel(await testPython(), join(folder, 'tiny'));
writeFileSync(
  join(model, 'chat_template.jinja'),
  "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant: ",
);
/** Its tokens are characters. */
function changeConfig(path: string, change: object): void {
  const config = join(path, 'config.json');
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), ...change }));
}
// The same weights as one head of 64: kernels for processors take none of 16.
const oneHead = { num_attention_heads: 1, num_key_value_heads: 1, head_dim: 64 };
const small = join(folder, 'small');
cpSync(model, small, { recursive: true });
changeConfig(model, { max_position_embeddings: 16_384, ...oneHead });

const CACHE = 'kv_cache_memory_bytes=134217728';
const runs: RunningProcess[] = [];
endAfterTests(runs);

interface Asked {
  output: string;
  model?: string;
  backend?: string;
  args?: string;
  python?: string;
}

function start(command: string, asked: Asked, ...more: string[]): RunningProcess {
  const args = `dtype=float32,${asked.args ?? CACHE}`;
  const run = startCli(
    [
      [command, '--model', asked.model ?? model, '--backend', asked.backend ?? 'vllm', '--model-args', args],
      ['--devices', 'cpu:1', '--suite', 'mini', '--max-gen-toks', '8'],
      ['--livebench-dir', checkout, '--output', join(folder, asked.output), ...more],
      asked.python === undefined ? [] : ['--python', asked.python],
    ].flat(),
    { environment },
  );
  runs.push(run);
  const watching = setInterval(() => noteGroups(run), 500);
  void run.result.finally(() => clearInterval(watching));
  return run;
}

/** Process group of a process that runs; null for one that has ended. */
function groupOf(pid: number | string): number | null {
  try {
    const [state, , group] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return state === 'Z' ? null : Number(group);
  } catch {
    return null;
  }
}

/** vLLM's processes give themselves a title where their environment was, and with it the mark: they are told by their group. */
function inGroups(groups: ReadonlySet<number>): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && groups.has(groupOf(name) ?? -1))
    .map((name) => `${name} ${readFileSync(`/proc/${name}/comm`, 'utf8').trim()}`);
}

/** Groups of all that runs have started so far, but for our own. */
const groups = new Set<number>();
function noteGroups(run: RunningProcess): void {
  for (const { pid } of run.descendants()) {
    const group = groupOf(pid);
    if (group !== null && group !== groupOf(process.pid)) groups.add(group);
  }
}
after(() => {
  for (const group of groups) if (inGroups(new Set([group])).length > 0) process.kill(-group, 'SIGKILL');
});

/** What a run had started, graders in their sandbox too, which have another environment. */
const left = (run: RunningProcess) => [
  ...run.descendants(),
  ...processesWith(checkout).filter((line) => !line.includes('bin.ts')),
  ...inGroups(groups),
];

async function assertNothingLeft(run: RunningProcess): Promise<void> {
  assert.ok(await within(60, () => left(run).length === 0), JSON.stringify(left(run)));
}

type Items = Awaited<ReturnType<typeof readRecord>>['items'];
const LM_EVAL = ['--stages', 'lm-eval', '--benchmarks', 'bbq,xstest'];

test('doctor looks at the engine before it is used: memory and architecture', async () => {
  const { stdout } = await start('doctor', { output: 'doctor' }, '--server', 'vllm').result;
  assert.match(stdout, /^ok +python +Python 3/m);
  assert.match(stdout, /^ok +backend +vllm 0\.32\.0\+cpu/m);
  assert.match(stdout, /^ok +vllm-memory +vLLM takes about/m);
  assert.match(stdout, /^ok +vllm-architecture +vLLM knows LlamaForCausalLM/m);
  assert.match(stdout, /^ok +server +vLLM 0\.32\.0\+cpu would be started/m);
});

const driver = fakeDriver(join(folder, 'driver'), 'echo "0, GPU-1, NVIDIA H100, 81559, 81000"').PATH;
const withGpu = { ...environment, PATH: `${driver.split(':')[0]}:${process.env.PATH}` };
const unnamed = join(folder, 'unnamed');
cpSync(model, unnamed, { recursive: true });
changeConfig(unnamed, { architectures: null });
const strange = join(folder, 'strange');
cpSync(model, strange, { recursive: true });
changeConfig(strange, { architectures: ['TeamFormerForCausalLM'] });

const CHOICES: [what: string, model: string, python: () => string | Promise<string>, told: RegExp][] = [
  [
    'that vLLM knows',
    model,
    () => ours,
    /auto takes vllm, .*: there is a GPU, and vLLM knows LlamaForCausalLM$/,
  ],
  [
    'that it does not know',
    strange,
    () => ours,
    /auto takes hf, .*: vLLM does not know the architecture TeamFormer/,
  ],
  [
    'that is not named',
    unnamed,
    () => ours,
    /auto takes vllm if vLLM knows the architecture of the model, else hf$/,
  ],
  ['and a Python without vLLM', model, testPython, /auto takes hf, .*: there is no vLLM in this Python/],
];
for (const [what, model, python, told] of CHOICES)
  test(`doctor says what backend auto will take, of a GPU and an architecture ${what}`, async () => {
    const words = [
      'doctor',
      '--model',
      model,
      '--python',
      await python(),
      '--suite',
      'mini',
      '--stages',
      'lm-eval',
    ];
    // The one test of a probe would be of a GPU that is a fake.
    const { stdout } = await startCli([...words, '--benchmarks', 'ifeval'], { environment: withGpu }).result;
    assert.match(/^\w+ +backend-auto +(.*)$/m.exec(stdout)?.[1] ?? stdout, told);
  });

test('as backend and as server, one command makes a record of both stages, and leaves nothing running', async () => {
  const benchmarks = 'bbq,xstest,livebench-reasoning,livebench-math';
  const run = start(
    'run',
    { output: 'both' },
    '--server',
    'vllm',
    '--stages',
    'lm-eval,livebench',
    '--benchmarks',
    benchmarks,
  );
  const { exitCode, stderr } = await run.result;
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /Starting vLLM 0\.32\.0\+cpu on the processor/);
  const { record } = await readRecord(join(folder, 'both'));
  for (const { id, status, n } of record.benchmarks.filter(({ id }) => benchmarks.includes(id)))
    assert.deepEqual([id, status, n > 0], [id, 'done', true]);
  const { entries } = (await readJournal(recordPaths(join(folder, 'both')).journal))!;
  const hello = entries.find(({ type }) => type === 'hello');
  const said = JSON.stringify(hello);
  assert.match(said, /"engine":"shared"/);
  assert.match(said, /"dtype":"float32"/);
  assert.match(said, /"vllm":"0\.32\.0\+cpu"/);
  await assertNothingLeft(run);
});

test('questions are answered as by hf', async () => {
  const run = start('run', { output: 'hf', backend: 'hf', args: 'max_length=16384' }, ...LM_EVAL);
  const { exitCode, stderr } = await run.result;
  assert.equal(exitCode, 0, stderr);
  const [vllm, hf] = await Promise.all(['both', 'hf'].map((name) => readRecord(join(folder, name))));
  const answered = (items: Items) =>
    new Map(
      items
        .filter(({ benchmark }) => benchmark === 'bbq' || benchmark === 'xstest')
        .map((item) => [`${item.task} ${item.docId}`, item]),
    );
  const [ours, theirs] = [answered(vllm!.items), answered(hf!.items)];
  assert.equal(ours.size, theirs.size);
  for (const [id, item] of theirs) {
    const other = ours.get(id)!;
    assert.ok(Math.abs(item.margin! - other.margin!) < 1e-3, `${id}: ${item.margin}, ${other.margin}`);
    if (Math.abs(item.margin!) > 1e-3) assert.equal(other.score, item.score, id);
  }
});

test('killed outright while it evaluates: nothing is left running, and the same command goes on', async () => {
  const first = start('run', { output: 'killed' }, ...LM_EVAL);
  await first.said('Model loaded');
  noteGroups(first);
  assert.ok(
    inGroups(groups).some((line) => line.includes('VLLM')),
    'there is an engine to be left',
  );
  first.kill('SIGKILL');
  await first.result;
  await assertNothingLeft(first);
  const second = start('run', { output: 'killed' }, ...LM_EVAL);
  const { exitCode, stderr } = await second.result;
  assert.equal(exitCode, 0, stderr);
  assert.deepEqual(await scoresOf('killed'), await scoresOf('both'));
  await assertNothingLeft(second);
});

/** Of the questions that all runs here ask. */
async function scoresOf(output: string): Promise<string[]> {
  const { items } = await readRecord(join(folder, output));
  return items
    .filter(({ benchmark }) => benchmark === 'bbq' || benchmark === 'xstest')
    .map(({ task, docId, score }) => `${task} ${docId} ${score}`)
    .sort();
}

/** As a runner cleans up after a job: what has its mark is killed, all at once. vLLM's engines have none to be seen. */
function cleanUp(run: RunningProcess): void {
  noteGroups(run);
  const pids = [run.pid, ...run.descendants().map(({ pid }) => pid)];
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}
const engines = () => inGroups(groups).filter((line) => line.includes('VLLM'));

test('an engine killed outright while its worker goes on: the chunk is tried again in a new one, and the log says why', async () => {
  const run = start('run', { output: 'engine-killed' }, ...LM_EVAL);
  await run.said('Model loaded');
  noteGroups(run);
  const killed = engines();
  assert.ok(killed.length > 0, 'there is an engine to be killed');
  for (const line of killed) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
  const { exitCode, stderr } = await run.result;
  assert.equal(exitCode, 0, stderr);
  assert.match(
    stderr,
    /try 1: \w+: a process of the engine ended, and its log tells no reason: something else may have killed it/,
  );
  assert.deepEqual(await scoresOf('engine-killed'), await scoresOf('both'));
  await assertNothingLeft(run);
});

test('program and worker killed outright at once, as a runner cleans up: no engine is left', async () => {
  const run = start('run', { output: 'cleaned' }, ...LM_EVAL);
  await run.said('Model loaded');
  noteGroups(run);
  assert.ok(engines().length > 0, 'there is an engine to be left');
  cleanUp(run);
  await run.result;
  await assertNothingLeft(run);
});

test("program, guard and LiveBench's server killed outright at once: no engine is left", async () => {
  const livebench = ['--stages', 'livebench', '--benchmarks', 'livebench-math', '--server', 'vllm'];
  const run = start('run', { output: 'cleaned-server', backend: 'hf' }, ...livebench);
  await run.said('Starting vLLM');
  assert.ok(await within(600, () => engines().length > 0));
  cleanUp(run);
  await run.result;
  await assertNothingLeft(run);
});

test('a port that is taken: one line with what to do, nothing left running', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as AddressInfo;
  const log = join(folder, 'taken.log');
  const command = [
    [ours, '-m', 'vllm.entrypoints.openai.api_server', '--model', model, '--host', '127.0.0.1'],
    ['--port', String(port), '--enforce-eager', '--dtype', 'float32', '--kv-cache-memory-bytes', '134217728'],
  ].flat();
  const launch = {
    ...{ kind: 'vllm' as const, command, python: ours, port, key: 'key', model: 'model', versions: {}, log },
    ...{ environment: { PATH: process.env.PATH ?? '' }, readyTimeout: 600_000, note: () => undefined },
    signal: new AbortController().signal,
  };
  await rejectsWith(() => launchServer(launch), 'server-failed', 'a port that vLLM wanted is taken', log);
  holder.close();
  assert.ok(await within(60, () => processesWith(`--port ${port}`).length === 0));
});

mkdirSync(join(folder, 'faults'));

const FAULTS: [fault: string, asked: Asked, told: RegExp, hint: RegExp][] = [
  [
    'more memory than the machine has',
    { output: 'faults/memory', args: 'gpu_memory_utilization=0.999' },
    /the model could not be loaded: vLLM would take [\d.]+ GiB of the machine's [\d.]+, and [\d.]+ are free \[worker-failed\]/,
    /gpu_memory_utilization=0\.5/,
  ],
  [
    'too little memory for one question',
    { output: 'faults/question', args: 'kv_cache_memory_bytes=4194304' },
    /the model could not be loaded: one question of 16384 tokens needs [\d.]+ GiB of keys and values, and vLLM has [\d.]+/,
    /max_model_len/,
  ],
  [
    'heads that vLLM does not take on a processor',
    { output: 'faults/heads', model: small },
    /the model could not be loaded: vLLM's attention on a processor does not take heads of 16 numbers/,
    /use backend hf/,
  ],
  [
    'an architecture that nobody knows',
    { output: 'faults/architecture', model: strange },
    /the model could not be loaded: vLLM does not know the architecture TeamFormerForCausalLM \[model-unreadable\]/,
    /use backend hf/,
  ],
];
const BUILDS: typeof FAULTS = [
  [
    'a Python without vLLM',
    { output: 'faults/build', python: await testPython() },
    /the model could not be loaded: there is no vLLM in this Python \[worker-failed\]/,
    /python: managed/,
  ],
];
for (const [fault, asked, told, hint] of [...FAULTS, ...BUILDS])
  test(`${fault}: one line with what to do, exit 2, nothing left running`, async () => {
    const run = start('run', asked, ...LM_EVAL);
    const { exitCode, stderr } = await run.result;
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, told);
    assert.match(/^hint: .*$/m.exec(stderr)?.[0] ?? '', hint);
    await assertNothingLeft(run);
  });
