import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Check } from '../../src/doctor/check.ts';
import { checkData } from '../../src/doctor/data/check-data.ts';
import { checkHub } from '../../src/doctor/data/check-hub.ts';
import { checkEphemeral, checkRunner } from '../../src/doctor/github/check-runner.ts';
import { checkDevices } from '../../src/doctor/machine/check-devices.ts';
import { checkDisk } from '../../src/doctor/machine/check-disk.ts';
import { checkNode } from '../../src/doctor/machine/check-node.ts';
import { checkPythonSide } from '../../src/doctor/machine/check-python.ts';
import { checkAnswerRoom, checkContext } from '../../src/doctor/model/check-context.ts';
import { checkModel } from '../../src/doctor/model/check-model.ts';
import { deviceList } from '../../src/settings/value-types.ts';
import type { Suite } from '../../src/suite/plan/plan.ts';
import { selectBenchmarks } from '../../src/suite/select.ts';
import type { Gpu, GpuListing } from '../../src/system/gpus.ts';
import type { GpuProcess } from '../../src/system/process/gpu-processes.ts';
import { writeQuestions, xstestQuestions } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { safetensors } from '../support/model-folders.ts';

const folder = temporaryFolder();

type Expected = [status: Check['status'], message: RegExp, hint?: RegExp];

/** Whether one of the checks says that, with a remedy where it is not ok. */
function assertSays(checks: readonly Check[], [status, message, hint]: Expected): void {
  const found = checks.find((check) => check.status === status && message.test(check.message));
  assert.ok(found, JSON.stringify(checks, null, 1));
  if (status === 'ok') assert.equal(found.hint, null);
  else assert.match(found.hint ?? '', hint ?? /./);
}

function table(cases: [string, () => Promise<readonly Check[]> | readonly Check[], Expected][]): void {
  for (const [what, look, expected] of cases)
    test(`${what}: ${expected[0]}`, async () => assertSays(await look(), expected));
}

// Node and runner

const github = { GITHUB_ACTIONS: 'true' };

/** Processes 30 <- 20 <- 10, the middle one a runner's. */
function runner(bin: string, node: string): string {
  const root = join(folder, `runner-${bin}-${node}`);
  const processes = join(root, 'proc');
  mkdirSync(join(root, 'externals', node), { recursive: true });
  mkdirSync(join(root, bin), { recursive: true });
  writeFileSync(join(root, bin, 'Runner.Worker'), '');
  for (const [pid, parent, program] of [
    ['30', '20', '/usr/bin/node'],
    ['20', '10', join(root, bin, 'Runner.Worker')],
    ['10', '1', '/bin/bash'],
  ] as const) {
    mkdirSync(join(processes, pid), { recursive: true });
    symlinkSync(program, join(processes, pid, 'exe'));
    writeFileSync(join(processes, pid, 'stat'), `${pid} (a name) S ${parent} 1 1`);
  }
  return processes;
}
const under = (bin: string, node: string) =>
  checkRunner({ environment: github, pid: 30, processes: runner(bin, node) });

table([
  ['Node 24', () => [checkNode('24.1.0')], ['ok', /Node 24/]],
  ['Node 20.19', () => [checkNode('20.19.0')], ['ok', /20.19/]],
  ['Node 20.18', () => [checkNode('20.18.3')], ['fail', /too old/, /20.19/]],
  ['Node 18', () => [checkNode('18.20.0')], ['fail', /too old/, /20.19/]],
  ['a runner that knows node24', () => under('bin.2.330.0', 'node24'), ['ok', /runner 2.330.0/]],
  ['a runner before 2.327.1', () => under('bin.2.326.0', 'node20'), ['fail', /2.326.0 does not/, /2.327.1/]],
  ['a runner of unknown version with node24', () => under('bin', 'node24'), ['ok', /the runner knows/]],
  ['a runner of unknown version without', () => under('bin', 'node20'), ['fail', /does not know/, /2.327.1/]],
  [
    'a runner that cannot be found',
    () => checkRunner({ environment: github, pid: 30, processes: join(folder, 'none') }),
    ['warn', /cannot be found/],
  ],
]);

/** What is said of a runner of one's own with these settings; a null file is none. */
function kept(name: string, settings: string | null) {
  const processes = runner(`bin.2.330.0-${name}`, 'node24');
  if (settings !== null) writeFileSync(join(processes, '..', '.runner'), settings);
  return checkEphemeral({
    environment: { ...github, RUNNER_ENVIRONMENT: 'self-hosted' },
    pid: 30,
    processes,
  });
}
const HINTS = /made for one job \(ephemeral\), or a runner group of their own/;

table([
  [
    'a runner that is made for one job, its file with a byte order mark',
    () => kept('once', '\uFEFF{"agentName":"a","ephemeral":true}'),
    ['ok', /this one job/],
  ],
  ['a runner that stays', () => kept('stays', '{"agentName":"a"}'), ['warn', /takes many jobs/, HINTS]],
  [
    'a runner that says it is not',
    () => kept('no', '{"ephemeral":false}'),
    ['warn', /takes many jobs/, HINTS],
  ],
  ['a runner without a file', () => kept('none', null), ['warn', /does not say whether/, HINTS]],
  ['a runner with a broken file', () => kept('broken', '{'), ['warn', /does not say whether/, HINTS]],
]);

test("nothing is said of whether GitHub's own runners stay", () => {
  const environment = { ...github, RUNNER_ENVIRONMENT: 'github-hosted' };
  assert.deepEqual(checkEphemeral({ environment, pid: 30 }), []);
});

test('outside of GitHub Actions nothing is said of a runner', () => {
  assert.deepEqual(checkRunner({ environment: {}, pid: 30 }), []);
});

// Python

let pythons = 0;
const FULL = {
  lm_eval: '0.4.13',
  torch: '2.9',
  transformers: '5',
  datasets: '5',
  peft: '1',
  langdetect: '1',
  immutabledict: '1',
  nltk: '3',
  sympy: '1',
  'antlr4-python3-runtime': '4.11',
  'math-verify': '1',
  vllm: null,
  sglang: null,
};

/** A Python that is a fake: it answers what a real one would. */
function fakePython(
  packages: Record<string, string | null>,
  { punkt = true, harness = '0.4.13' } = {},
): string {
  const path = join(folder, `python-${pythons++}`);
  const facts = JSON.stringify({ python: '3.12.1', packages: { ...FULL, ...packages }, gpus: 0, punkt });
  const script = [
    'while [ "$1" != -c ]; do shift; done',
    'case "$2" in',
    '  *sys.executable*) echo "$0"; echo 3.12.1;;',
    `  *version*lm_eval*) echo ${harness};;`,
    `  *) echo '${facts}';;`,
    'esac',
  ].join('\n');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function python(path: string, backend = 'hf', environment = { PATH: process.env.PATH ?? '' }) {
  const wanted = { python: path, backend, cache: join(folder, 'no-cache'), environment };
  return (await checkPythonSide(wanted)).checks;
}

table([
  ['a whole environment', () => python(fakePython({})), ['ok', /lm_eval 0.4.13, torch 2.9/]],
  ['no such Python', () => python('/nowhere/python'), ['fail', /not a Python that runs/, /managed/]],
  [
    'another harness version',
    () => python(fakePython({}, { harness: '0.4.2' })),
    ['fail', /lm-eval 0.4.2/, /pip install/],
  ],
  ['no torch', () => python(fakePython({ torch: null })), ['fail', /missing: torch/, /lm_eval\[hf\]/]],
  ['no math extra', () => python(fakePython({ sympy: null })), ['warn', /MATH cannot.*sympy/, /\[math\]/]],
  [
    'no ifeval extra',
    () => python(fakePython({ langdetect: null })),
    ['warn', /IFEval cannot/, /\[ifeval\]/],
  ],
  ['no NLTK data', () => python(fakePython({}, { punkt: false })), ['warn', /punkt_tab/, /nltk.downloader/]],
  [
    'vllm asked for and missing',
    () => python(fakePython({}), 'vllm'),
    ['fail', /vllm is not/, /install vllm/],
  ],
  ['vllm asked for and there', () => python(fakePython({ vllm: '0.18' }), 'vllm'), ['ok', /vllm 0.18/]],
  ['managed, not built', () => python('managed'), ['warn', /not built yet/, /first run/]],
  [
    'managed without any Python',
    () => python('managed', 'hf', { PATH: folder }),
    ['fail', /no Python/, /install/],
  ],
]);

// Devices

const gpu = (index: number, free = 80_000): Gpu => ({
  index: String(index),
  uuid: `GPU-${index}`,
  name: 'NVIDIA A100',
  memoryTotal: 81_920,
  memoryFree: free,
});
interface Devices {
  devices?: string;
  backend?: string;
  tensorParallel?: number | null;
  modelArgs?: Record<string, unknown>;
  launcher?: string[];
  gpus?: Gpu[];
  driver?: GpuListing['driver'];
  faults?: string[];
  environment?: Record<string, string>;
  torch?: number | null;
  weights?: number | null;
  processes?: GpuProcess[];
}
function devices({ gpus = [], torch = null, weights = null, processes = [], ...wanted }: Devices) {
  const { faults = [], environment = {}, driver = gpus.length > 0 ? 'answers' : 'none' } = wanted;
  return checkDevices(
    {
      devices: deviceList.parse(wanted.devices ?? 'auto'),
      device: null,
      backend: wanted.backend ?? 'hf',
      tensorParallel: wanted.tensorParallel ?? null,
      modelArgs: wanted.modelArgs ?? {},
      launcher: wanted.launcher ?? [],
    },
    { gpus, driver, faults, cores: 8, environment },
    { torchGpus: torch, weights, processes },
  );
}

table([
  ['two free GPUs', () => devices({ gpus: [gpu(0), gpu(1)], torch: 2 }), ['ok', /2 workers on NVIDIA A100/]],
  ['no GPU', () => devices({}), ['warn', /processor \(8 cores\)/, /days/]],
  ['the processor, as asked', () => devices({ devices: 'cpu:2' }), ['ok', /2 workers on 8 cores/]],
  ['a GPU that is not there', () => devices({ devices: '0,5', gpus: [gpu(0)] }), ['fail', /no GPU 5/, /-L/]],
  ['PyTorch without CUDA', () => devices({ gpus: [gpu(0)], torch: 0 }), ['fail', /sees none/, /PyTorch/]],
  [
    'a GPU that others use, who do not show in a container',
    () => devices({ gpus: [gpu(0, 9000)] }),
    ['warn', /8.8 of 80.0 GiB free: other processes use it/, /nvidia-smi/],
  ],
  [
    'a GPU that others use, by name',
    () =>
      devices({
        gpus: [gpu(0, 9000), gpu(1)],
        processes: [
          { uuid: 'GPU-0', pid: 4711, name: 'python3', memory: 71_680 },
          { uuid: 'GPU-0', pid: 9, name: 'Xorg', memory: null },
        ],
      }),
    [
      'warn',
      /8.8 of 80.0 GiB free: used by python3 \(process 4711, 70.0 GiB\), Xorg \(process 9\)/,
      /end them/,
    ],
  ],
  [
    'a GPU with room beside another process',
    () => devices({ gpus: [gpu(0)], processes: [{ uuid: 'GPU-0', pid: 9, name: 'python3', memory: 900 }] }),
    ['ok', /GiB free; used by python3 \(process 9, 0.9 GiB\)/],
  ],
  [
    'a model larger than what is free',
    () => devices({ gpus: [gpu(0, 30_000)], weights: 30e9 }),
    ['warn', /others|other/],
  ],
  [
    'a model larger than the GPU',
    () => devices({ gpus: [gpu(0)], weights: 140e9 }),
    ['warn', /needs about/, /tensor-parallel/],
  ],
  [
    'settings that contradict',
    () => devices({ gpus: [gpu(0)], tensorParallel: 2 }),
    ['fail', /cannot do/, /vllm/],
  ],
  [
    'one GPU for a model split over two',
    () => devices({ gpus: [gpu(0)], backend: 'vllm', tensorParallel: 2 }),
    ['fail', /needs 2 devices, but there are 1/, /lower/],
  ],
  [
    'a GPU whose memory is not told',
    () => devices({ gpus: [{ ...gpu(0), memoryTotal: null, memoryFree: null }], weights: 140e9 }),
    ['ok', /GPU 0 \(NVIDIA A100\): the driver does not tell its memory/],
  ],
  [
    'a large model spread over all GPUs by model-args',
    () => devices({ gpus: [gpu(0), gpu(1)], weights: 100e9, modelArgs: { parallelize: true } }),
    ['ok', /GPU 1 .*80.0 GiB free$/],
  ],
  [
    'a large model in pipeline stages by model-args',
    () =>
      devices({
        gpus: [gpu(0), gpu(1)],
        weights: 100e9,
        backend: 'vllm',
        modelArgs: { pipeline_parallel_size: 2 },
      }),
    ['ok', /GPU 1 .*80.0 GiB free$/],
  ],
  [
    'a GPU that is not there in CUDA_VISIBLE_DEVICES',
    () =>
      devices({
        gpus: [gpu(0), gpu(1)],
        environment: { CUDA_VISIBLE_DEVICES: '9' },
        faults: ['CUDA_VISIBLE_DEVICES names 9, and there is no such GPU that works'],
      }),
    ['fail', /no GPU can be had: CUDA_VISIBLE_DEVICES names 9/, /cpu:1/],
  ],
  [
    'GPUs that were not allotted to the job',
    () => devices({ gpus: [gpu(0), gpu(1)], devices: '0', environment: { CUDA_VISIBLE_DEVICES: '1' } }),
    ['fail', /names GPU 0, and CUDA_VISIBLE_DEVICES allots 1/, /all that are allotted/],
  ],
  [
    'a driver that fails',
    () => devices({ driver: 'failing', faults: ['nvidia-smi: no answer'] }),
    ['fail', /no GPU can be had: nvidia-smi: no answer/, /cpu:1/],
  ],
  [
    'a broken GPU beside others',
    () => devices({ gpus: [gpu(0)], faults: ['GPU 1 does not work'] }),
    ['warn', /GPU 1 does not work/, /reset/],
  ],
  [
    'a container that may only compute',
    () => devices({ driver: 'untold' }),
    ['warn', /no nvidia-smi/, /utility/],
  ],
  [
    'workers that a launcher starts elsewhere',
    () => devices({ devices: '0,1,2', launcher: ['srun'] }),
    ['ok', /3 workers, on what srun gives them/],
  ],
  ['a server', () => devices({ backend: 'local-completions' }), ['ok', /server/]],
]);

// Disk

const room = { id: 'disk-cache', least: 1e9, comfortable: 12e9 };
const disk = async (path: string, free: number) => [await checkDisk({ ...room, path }, async () => free)];
const here = join(folder, 'not', 'yet', 'there');
table([
  ['much room', () => disk(here, 50e9), ['ok', /50.0 GB free/]],
  ['little room', () => disk(here, 5e9), ['warn', /5.0 GB/, /SOS_BENCH_CACHE/]],
  ['no room', () => disk(here, 1e6), ['fail', /0.0 GB/, /SOS_BENCH_CACHE/]],
  [
    'a place where nobody can write',
    () => disk('/proc/none/x', 50e9),
    ['fail', /cannot be written/, /another folder/],
  ],
]);

// Hub

const [gated, open] = ['strongreject', 'wmdp'].map((id) => selectBenchmarks([id])[0]!.dataset);
const server = createServer((request, response) => {
  const token = request.headers.authorization;
  const granted = token === 'Bearer good';
  if (request.url?.startsWith('/api/whoami')) response.statusCode = granted ? 200 : 401;
  else if (request.url?.includes('none')) response.statusCode = 404;
  else if (request.url?.endsWith('/auth-check')) response.statusCode = granted ? 200 : 403;
  response.end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
after(() => server.close());
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const filled = join(folder, 'hub-home');
for (const { id, revision } of [gated!, open!])
  mkdirSync(join(filled, 'hub', `datasets--${id.replace('/', '--')}`, 'snapshots', revision!), {
    recursive: true,
  });

const hub = (environment: Record<string, string>, model: string | null = null) =>
  checkHub({
    environment: { HF_HOME: join(folder, 'empty'), HF_ENDPOINT: endpoint, ...environment },
    datasets: [gated!, open!],
    model,
  });
let logins = 0;
/** What `hf auth login` leaves. */
function loggedIn(token: string): string {
  const home = join(folder, `login-${logins++}`);
  mkdirSync(home);
  writeFileSync(join(home, 'token'), `${token}\n`);
  return home;
}
const away = { HF_ENDPOINT: 'http://127.0.0.1:9' };
table([
  ['nothing needed', () => checkHub({ environment: away, datasets: [], model: null }), ['ok', /nothing/]],
  ['the Hub answers', () => hub({}), ['ok', /answers; 0 of 2/]],
  ['gated without a token', () => hub({}), ['warn', /StrongREJECT is gated/, /ask for access.*HF_TOKEN/]],
  ['gated with access', () => hub({ HF_TOKEN: 'good' }), ['ok', /access granted/]],
  ['gated with access by hf auth login', () => hub({ HF_HOME: loggedIn('good') }), ['ok', /access granted/]],
  [
    'gated with access by a file that is named',
    () => hub({ HF_TOKEN_PATH: join(loggedIn('good'), 'token') }),
    ['ok', /access granted/],
  ],
  [
    'a token of hf auth login that is not accepted',
    () => hub({ HF_HOME: loggedIn('old') }),
    ['fail', /not accept the token in .*token$/, /new one/],
  ],
  ['gated, in the cache', () => hub({ HF_HOME: filled }), ['ok', /2 of 2/]],
  ['a token that is not accepted', () => hub({ HF_TOKEN: 'bad' }), ['fail', /not accept/, /new one/]],
  ['a model that may be read', () => hub({ HF_TOKEN: 'good' }, 'team/model'), ['ok', /may be read/]],
  [
    'a model that is not there',
    () => hub({ HF_TOKEN: 'good' }, 'team/none'),
    ['fail', /not on the Hub/, /name/],
  ],
  ['no network, nothing in the cache', () => hub(away), ['fail', /does not answer, and 2/, /prefetch/]],
  ['no network, all in the cache', () => hub({ ...away, HF_HOME: filled }), ['warn', /all data sets are/]],
]);

test('a token is in no message', async () => {
  const told = JSON.stringify(await hub({ HF_TOKEN: 'bad-secret' }, 'team/none'));
  assert.doesNotMatch(told, /bad-secret/);
});

// Data and model

const rows = selectBenchmarks(['xstest', 'cdna']);
const [whole, part, wrong] = ['whole', 'part', 'wrong'].map((name) => join(folder, name));
for (const path of [whole!, part!]) writeQuestions(path, 'xstest/test', xstestQuestions(1));
writeQuestions(whole!, 'cdna/train', []);
writeQuestions(part!, 'xtest/test', []);
writeQuestions(wrong!, 'questions/test', []);
const look = async (path: string, args = {}) => [
  (await checkModel(path, folder, { args, allowPickle: false })).check,
];
mkdirSync(join(folder, 'model'));
writeFileSync(join(folder, 'model', 'config.json'), '{}');
mkdirSync(join(folder, 'whole-model'));
for (const [name, text] of [
  ['config.json', '{}'],
  ['model.safetensors', safetensors()],
] as const)
  writeFileSync(join(folder, 'whole-model', name), text);

table([
  [
    'a datasets-dir with all benchmarks',
    () => checkData(whole!, rows),
    ['ok', /all that is asked for: 2 benchmarks/],
  ],
  [
    'a datasets-dir that lacks a benchmark',
    () => checkData(part!, rows),
    ['warn', /lacks files of cdna/, /<subset>/],
  ],
  [
    'a folder that no benchmark reads',
    () => checkData(part!, rows),
    ['warn', /no benchmark reads .*xtest/, /'xstest'/],
  ],
  [
    'a datasets-dir of another layout',
    () => checkData(wrong!, rows),
    ['fail', /no benchmark that/, /<benchmark>/],
  ],
  ['no datasets-dir', () => checkData(join(folder, 'gone'), rows), ['fail', /no folder/, /<benchmark>/]],
  ['a model', () => look('whole-model'), ['ok', /safetensors, 0.00 GB/]],
  ['a model without weights', () => look('model'), ['fail', /no weights/, /saving/]],
  ['no model', () => look('no/such/model/here'), ['fail', /no model at/, /config.json/]],
  ['a model on the Hub', () => look('hf:team/tiny'), ['ok', /team\/tiny on the Hub/]],
]);

// Context length

const rowsOf = (...ids: string[]) => selectBenchmarks(ids);
let models = 0;
/** The check of a model whose folder has these files. */
async function context(
  files: Record<string, object | string>,
  { rows = rowsOf('mmlu-pro', 'bbq'), args = {}, suite = 'full' as Suite } = {},
): Promise<Check[]> {
  const path = join(folder, `context-${models++}`);
  mkdirSync(path);
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
  const check = await checkContext({ folder: path, args }, suite, rows);
  return check === null ? [] : [check];
}
const llama = (length: number) => ({ 'config.json': { max_position_embeddings: length } });
const SHORT: Expected = ['warn', /reads 2048 tokens.*mmlu-pro 4096\)/, /leave them out.*max_length/];
table([
  [
    'a model that reads enough',
    () => context(llama(8192)),
    ['ok', /8192 tokens; the benchmarks need up to 4096/],
  ],
  ['a model that reads too little for a benchmark', () => context(llama(2048)), SHORT],
  ['the same in the spelling of GPT-2', () => context({ 'config.json': { n_positions: 2048 } }), SHORT],
  [
    'the same in a model of text and images',
    () => context({ 'config.json': { text_config: { max_position_embeddings: 2048 } } }),
    SHORT,
  ],
  [
    'the same, told by the tokenizer only',
    () => context({ 'config.json': {}, 'tokenizer_config.json': { model_max_length: 2048 } }),
    SHORT,
  ],
  ['the same, by model-args', () => context(llama(8192), { args: { max_length: 2048 } }), SHORT],
  [
    'benchmarks with short questions',
    () => context(llama(1024), { rows: rowsOf('bbq') }),
    ['ok', /up to 512/],
  ],
  ['the mini suite', () => context(llama(1024), { suite: 'mini' }), ['ok', /up to 1024/]],
]);

const answerRoom = async (
  length: number,
  { suite = 'full' as Suite, maxGenToks = null as number | null } = {},
) => {
  const path = join(folder, `context-${models++}`);
  mkdirSync(path);
  writeFileSync(join(path, 'config.json'), JSON.stringify({ max_position_embeddings: length }));
  return checkAnswerRoom(path, { modelArgs: {}, suite, maxGenToks });
};
table([
  ['room for LiveBench', () => answerRoom(8192), ['ok', /prompts take up to about 3072 and answers 4096/]],
  ['no room for its answers', () => answerRoom(4096), ['warn', /vLLM refuses/, /max-gen-toks to 1024/]],
  ['room for shorter ones', () => answerRoom(4096, { maxGenToks: 1024 }), ['ok', /answers 1024/]],
  ['no room for its prompts', () => answerRoom(2048), ['warn', /vLLM refuses/, /leave them out/]],
  ['the mini suite of it', () => answerRoom(2048, { suite: 'mini' }), ['ok', /answers 64/]],
]);

const UNTOLD: [string, Record<string, object | string>][] = [
  ['no configuration', {}],
  ['a configuration that is not JSON', { 'config.json': '{' }],
  ['a tokenizer without a limit', { 'config.json': {}, 'tokenizer_config.json': { model_max_length: 1e30 } }],
];
for (const [what, files] of UNTOLD)
  test(`${what}: nothing is said of the context`, async () => assert.deepEqual(await context(files), []));
