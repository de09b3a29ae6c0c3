import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../error.ts';
import { moduleArguments } from '../system/python/python-command.ts';
import { processorArguments, processorVariables } from '../system/vllm-arguments.ts';
import { chooseProgram } from './choose-program.ts';
import { givenServer, isAddress } from './given-server.ts';
import { launchServer } from './launch.ts';
import type { ModelServer, ServerOptions } from './model-server.ts';
import { plainWeights } from './plain-weights.ts';
import { requireServable } from './plan-server.ts';
import { type ServerArguments, serverArguments } from './server-arguments.ts';

/** What a server of ours calls its model: it says nothing, so that nothing in LiveBench takes it for another. */
const MODEL = 'model';
const PORT_TRIES = 3;
/** The largest ranks of adapters that vLLM can be told; 16 unless told. */
const VLLM_LORA_RANKS = [16, 32, 64, 128, 256, 320, 512];

/**
 * A server for a model: the one given, or one of our own that has answered a request. Our own listens on loopback
 * under a random key, and ends with us whatever happens. One that ended may be opened again.
 *
 * @throws SosBenchError `usage`, `model-unservable`, `server-failed`, `server-unusable`, `python-missing`,
 *   `interrupted`, `disk-full`, `permission-denied`.
 */
export async function openServer(options: ServerOptions): Promise<ModelServer> {
  const { server, key, model, readyTimeout, signal, note } = options;
  if (isAddress(server)) {
    return await givenServer({ url: server, key, name: model.name, readyTimeout, signal, note });
  }
  const { kind, versions: installed } = await chooseProgram(options);
  const onProcessor = kind === 'vllm' && options.devices.length === 0;
  const more = onProcessor ? processorArguments(model.args, options.environment) : {};
  const translated = serverArguments(kind, { ...model.args, ...more });
  const path = await servablePath(kind, options);
  const command = kind === 'vllm' ? vllmCommand : transformersCommand;
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const secret = randomBytes(32).toString('base64url');
    note(
      `Starting ${kind === 'vllm' ? `vLLM ${installed.vllm}` : 'transformers serve'} on ${where(options)}`,
    );
    try {
      return await launchServer({
        kind,
        command: await command(path, port, translated, options),
        python: options.python,
        environment: {
          ...(onProcessor ? processorVariables(1, availableParallelism(), options.environment) : {}),
          ...serverEnvironment(options),
          [kind === 'vllm' ? 'VLLM_API_KEY' : 'SOS_BENCH_SERVER_KEY']: secret,
        },
        port,
        key: secret,
        model: MODEL,
        versions: installed,
        log: options.log,
        readyTimeout,
        signal,
        note,
      });
    } catch (error) {
      // Between our choosing it and the server's taking it somebody else may have taken the port.
      const portTaken = error instanceof SosBenchError && /address already in use/i.test(error.message);
      if (!portTaken || attempt === PORT_TRIES) throw error;
    }
  }
}

/** The folder to serve, checked as far as files tell. */
async function servablePath(kind: 'vllm' | 'transformers', options: ServerOptions): Promise<string> {
  const { python, cache, signal, note } = options;
  const { args, path: folder, digest } = options.model;
  const file = args.gguf_file;
  const path =
    typeof file === 'string'
      ? await plainWeights({
          python,
          path: folder,
          file,
          digest,
          cache,
          environment: serverEnvironment(options),
          signal,
          note,
        })
      : folder;
  await requireServable(kind, path, args);
  return path;
}

function transformersCommand(
  path: string,
  port: number,
  { flags, adapter }: ServerArguments,
  { python, devices, atATime = 1 }: ServerOptions,
): string[] {
  const device = devices.length === 0 ? 'cpu' : devices.length === 1 ? 'cuda:0' : 'auto';
  return [
    [python, ...moduleArguments(python, 'sosbench_worker.serve')],
    [path, '--port', String(port), '--name', MODEL],
    ['--device', device, ...(atATime > 1 ? ['--at-a-time', String(atATime)] : [])],
    [...flags, ...(adapter === null ? [] : ['--peft', adapter])],
  ].flat();
}

async function vllmCommand(
  path: string,
  port: number,
  { flags, adapter }: ServerArguments,
  { python, model, tensorParallel }: ServerOptions,
): Promise<string[]> {
  const parallel = tensorParallel ?? Number(model.args.tensor_parallel_size ?? 1);
  return [
    [python, ...moduleArguments(python, 'vllm.entrypoints.openai.api_server'), '--model', path],
    ['--host', '127.0.0.1', '--port', String(port), '--tensor-parallel-size', String(parallel)],
    ['--served-model-name', adapter === null ? MODEL : `${MODEL}-without-adapter`],
    flags,
    adapter === null ? [] : await loraFlags(adapter, flags),
  ].flat();
}

const AdapterSchema = z.object({
  r: z.number(),
  /** Ranks of single layers. */
  rank_pattern: z.record(z.string(), z.number()).nullish(),
});

async function loraFlags(adapter: string, flags: readonly string[]): Promise<string[]> {
  const modules = ['--enable-lora', '--lora-modules', JSON.stringify({ name: MODEL, path: adapter })];
  if (flags.includes('--max-lora-rank')) return modules;
  try {
    const { r, rank_pattern: others } = AdapterSchema.parse(
      JSON.parse(await readFile(join(adapter, 'adapter_config.json'), 'utf8')),
    );
    const largest = Math.max(r, ...Object.values(others ?? {}));
    const rank = VLLM_LORA_RANKS.find((most) => most >= largest);
    return rank === undefined ? modules : [...modules, '--max-lora-rank', String(rank)];
  } catch {
    // vLLM says what is wrong with it.
    return modules;
  }
}

function serverEnvironment({ environment, devices, threads }: ServerOptions): Record<string, string> {
  return {
    // Threads that spin long while they wait make a shared processor many times slower.
    GOMP_SPINCOUNT: '20000',
    ...environment,
    ...(threads === null ? {} : { OMP_NUM_THREADS: String(threads) }),
    // Numbers are those of nvidia-smi.
    CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
    CUDA_VISIBLE_DEVICES: devices.join(),
    HF_HUB_OFFLINE: '1',
    TRANSFORMERS_OFFLINE: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
    DO_NOT_TRACK: '1',
    VLLM_NO_USAGE_STATS: '1',
  };
}

function where({ devices }: ServerOptions): string {
  if (devices.length === 0) return 'the processor';
  return `GPU${devices.length > 1 ? 's' : ''} ${devices.join()}`;
}

/** A port of loopback that nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
