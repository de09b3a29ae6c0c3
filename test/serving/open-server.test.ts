import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { sendRequest } from '../../src/serving/http.ts';
import type { ModelServer, ServerOptions } from '../../src/serving/model-server.ts';
import { openServer } from '../../src/serving/open-server.ts';
import { CPU_CACHE_BYTES } from '../../src/system/vllm-arguments.ts';
import { makeFakePython } from '../support/fake-python.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
const model = join(folder, 'model');
mkdirSync(model);
writeFileSync(join(model, 'chat_template.jinja'), '{{ messages }}');
const SERVING = { transformers: '5', torch: '2', fastapi: '1', uvicorn: '1', openai: '1' };
const controller = new AbortController();
after(() => controller.abort());

interface Change extends Partial<Omit<ServerOptions, 'model'>> {
  args?: Record<string, unknown>;
  path?: string;
}

function open(packages: Record<string, string>, { args = {}, path = model, ...more }: Change, mode?: string) {
  return openServer({
    server: 'auto',
    python: makeFakePython(folder, packages, mode),
    model: { path, args, digest: 'sha256:x', name: null },
    environment: { PATH: process.env.PATH ?? '' },
    devices: [],
    threads: null,
    tensorParallel: null,
    cache: join(folder, 'cache'),
    log: join(folder, 'server.log'),
    readyTimeout: 120_000,
    key: null,
    signal: controller.signal,
    note: () => undefined,
    ...more,
  });
}

/** The command the fake was started with, without its own part and the port. */
async function commandOf(server: ModelServer): Promise<string> {
  const { text } = await sendRequest(`${server.url}/chat/completions`, {
    method: 'POST',
    key: server.key,
    body: { messages: [{ content: 'which command?' }] },
    timeout: 60_000,
    signal: controller.signal,
  });
  const command: string = JSON.parse(text).choices[0].message.content;
  assert.ok(!command.includes(server.key!), 'the key is not in the command line');
  await server.stop();
  return command.replace(/^.*launch\.py /, '').replace(/--port \d+/, '--port N');
}

describe('which program is started, and how', { concurrency: 2 }, () => {
  const adapter = join(folder, 'adapter');
  mkdirSync(adapter);
  writeFileSync(join(adapter, 'adapter_config.json'), '{"r": 8, "rank_pattern": {"q_proj": 24}}');
  const both = { ...SERVING, vllm: '0.20' };
  const transformers = `sosbench_worker.serve ${model} --port N --name model`;
  const vllm = `vllm.entrypoints.openai.api_server --model ${model} --host 127.0.0.1 --port N`;
  const cases: [title: string, packages: Record<string, string>, change: Change, command: string][] = [
    ['auto without a GPU: transformers, on the processor', both, {}, `${transformers} --device cpu`],
    [
      'auto with a GPU and vLLM: vLLM',
      both,
      { devices: ['1'] },
      `${vllm} --tensor-parallel-size 1 --served-model-name model`,
    ],
    [
      'auto with a GPU and no vLLM: transformers',
      SERVING,
      { devices: ['1'] },
      `${transformers} --device cuda:0`,
    ],
    [
      'transformers over several GPUs',
      both,
      { server: 'transformers', devices: ['0', '1'], args: { dtype: 'float16', peft: adapter } },
      `${transformers} --device auto --dtype float16 --peft ${adapter}`,
    ],
    [
      "auto with a GPU and vLLM's build for processors: transformers",
      { ...SERVING, vllm: '0.32.0+cpu' },
      { devices: ['1'] },
      `${transformers} --device cuda:0`,
    ],
    [
      "vLLM's build for processors, on one",
      { ...SERVING, vllm: '0.32.0+cpu' },
      { server: 'vllm' },
      `${vllm} --tensor-parallel-size 1 --served-model-name model --enforce-eager --kv-cache-memory-bytes ${CPU_CACHE_BYTES}`,
    ],
    [
      'vLLM over two GPUs, with an adapter of rank 24',
      both,
      { server: 'vllm', devices: ['2', '3'], tensorParallel: 2, args: { peft: adapter } },
      `${vllm} --tensor-parallel-size 2 --served-model-name model-without-adapter --enable-lora ` +
        `--lora-modules {"name":"model","path":"${adapter}"} --max-lora-rank 32`,
    ],
  ];
  for (const [title, packages, change, command] of cases) {
    test(title, async () => assert.equal(await commandOf(await open(packages, change)), command));
  }
});

describe('what cannot be served is told before anything is started', () => {
  const bare = join(folder, 'bare');
  mkdirSync(bare);
  const cases: [string, Record<string, string>, Change, Parameters<typeof rejectsWith>[1], string[]][] = [
    ['a model without chat template', SERVING, { path: bare }, 'model-unservable', ['no chat template']],
    [
      'an argument without a word',
      SERVING,
      { args: { delta: 'x' } },
      'model-unservable',
      ['model-args has delta'],
    ],
    ['a path with @', SERVING, { path: join(folder, 'a@b') }, 'model-unservable', ["takes '@' in a path"]],
    [
      "vLLM's build for GPUs, without one",
      { ...SERVING, vllm: '1' },
      { server: 'vllm' },
      'server-failed',
      ['vLLM 1 is built for GPUs, and this run has none', 'python: managed'],
    ],
    [
      "vLLM's build for processors, on a GPU",
      { ...SERVING, vllm: '1+cpu' },
      { server: 'vllm', devices: ['0'] },
      'server-failed',
      ['vLLM 1+cpu is built for processors, and this run is on GPU 0', '--devices cpu:1'],
    ],
    [
      'vLLM that is not there',
      SERVING,
      { server: 'vllm', devices: ['0'] },
      'server-failed',
      ['has no vllm', 'pip install'],
    ],
    [
      'a Python without the serving packages',
      { transformers: '5', torch: '2' },
      {},
      'server-failed',
      ['has no fastapi, uvicorn, openai', 'transformers[serving]'],
    ],
    [
      'a program nobody knows',
      SERVING,
      { server: 'ollama' },
      'usage',
      ["'ollama' is not a server", 'auto, vllm'],
    ],
    ['no Python', SERVING, { python: '/no/such/python' }, 'python-missing', ['/no/such/python']],
  ];
  for (const [title, packages, change, code, texts] of cases) {
    test(title, async () => {
      await rejectsWith(() => open(packages, change), code, ...texts);
    });
  }
});

test('a port that somebody else took in between: another one is tried, three in all', async () => {
  const log = join(folder, 'taken.log');
  await rejectsWith(() => open(SERVING, { log }, 'port-taken'), 'server-failed', 'address already in use');
  assert.equal(readFileSync(log, 'utf8').split('already in use').length - 1, 3);
});
