import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { CATALOGUE } from '../src/suite/catalogue.ts';
import { GPUS, type GpuModel } from '../src/suite/cost/estimate.ts';
import { packageRoot } from '../src/system/paths.ts';

/** Tokens that the model reads for one question. */
interface Reading {
  /** By the harness's class for `hf`. */
  harness: number;
  /** By its class for `vllm`: once for each option. */
  vllm: number;
  /** Those that are different: every shared beginning once. */
  shared: number;
  /** Whether both were counted on real questions; else they are assumed, see docs/cost.md. */
  counted?: true;
  /** The most tokens of an answer. */
  written?: number;
}

/** What a question of the small sets shares with the others of its task, counted on XSTest. */
const TEMPLATE = 14;
const once = (prompt: number, options: number): Reading => ({
  harness: prompt,
  vllm: options * prompt,
  shared: prompt - TEMPLATE,
});

const READING: Readonly<Record<string, Reading>> = {
  'mmlu-pro': { harness: 1006, vllm: 9519, shared: 195, counted: true },
  bbh: { harness: 2554, vllm: 2660, shared: 171, counted: true },
  gpqa: { harness: 4 * 250, vllm: 4 * 250, shared: 250 + 4 * 2 },
  musr: { harness: 2664, vllm: 2876, shared: 921, counted: true },
  // Answers that are written begin with the whole prompt each.
  math: { harness: 760, vllm: 760, shared: 760, written: 1024 },
  ifeval: { harness: 47, vllm: 47, shared: 47, counted: true, written: 1280 },
  beavertails: once(40, 2),
  cdna: once(40, 2),
  dttoxicity: once(55, 2),
  jailbreakhub: once(440, 2),
  bbq: { harness: 338, vllm: 344, shared: 92, counted: true },
  wmdp: once(120, 4),
  xstest: { harness: 42, vllm: 87, shared: 28, counted: true },
  wildguardtest: { harness: 2 * 150, vllm: 2 * 150, shared: 150 - TEMPLATE + 4 },
  toxigen: once(50, 2),
  strongreject: once(60, 2),
  sgxstest: once(42, 2),
  saladbench: once(200, 3),
};

/** A model of a size, shaped as models of that size are. */
interface Model {
  name: string;
  parameters: number;
  layers: number;
  /** Bytes of a token's keys and values in bfloat16. */
  keysValues: number;
}

const MODELS: readonly Model[] = [
  { name: '1 billion', parameters: 1e9, layers: 16, keysValues: 16 * 8 * 64 * 4 },
  { name: '3 billion', parameters: 3e9, layers: 28, keysValues: 28 * 8 * 128 * 4 },
  { name: '8 billion', parameters: 8e9, layers: 32, keysValues: 32 * 8 * 128 * 4 },
  { name: '14 billion', parameters: 14e9, layers: 48, keysValues: 48 * 8 * 128 * 4 },
  { name: '32 billion', parameters: 32e9, layers: 64, keysValues: 64 * 8 * 128 * 4 },
  { name: '70 billion', parameters: 70e9, layers: 80, keysValues: 80 * 8 * 128 * 4 },
];

/** Dense bfloat16 arithmetic by the makers' data sheets, in FLOP a second. */
const ARITHMETIC: Readonly<Record<string, number>> = {
  'a100-40gb': 312e12,
  'a100-80gb': 312e12,
  h100: 989e12,
  h200: 989e12,
  l40s: 362e12,
  a10: 125e12,
};

/** Shares of what the data sheets say that are reached; assumed. Batches of a few requests leave more of a device idle. */
const ARITHMETIC_SHARE = { harness: 0.25, shared: 0.35 };
const BANDWIDTH_SHARE = 0.7;
/** Seconds that transformers takes for a layer of a step, however fast the device; assumed. */
const LAYER_SECONDS = 0.8e-3;
/** Seconds of Python for a question; measured, see docs/cost.md. */
const QUESTION_SECONDS = 0.002;
const BYTES = 2;
const ROOM = 1.1;
const HARNESS_ROWS = 8;
/** Questions of a chunk whose answers are written: no batch is larger. */
const CHUNK = 64;
/** What goes through the model for a token that is different, and beside it for a request of vLLM; bounds of bench/engine.ts. */
const OVERHEAD = { hf: 1.15, vllmRequest: 16 };
/** A step's keys and values are copied as the new ones are appended, and read. */
const CACHE_PASSES = 3;
/** What several GPUs together do of what they could; assumed. */
const SCALING = 0.8;

type Items = ReadonlyMap<string, number>;
type Backend = 'hf' | 'vllm';
type Way = 'harness' | 'shared';

/** The tables of docs/cost.md that are computed, by name: the same for the same code. */
export function costTables(): Record<string, string> {
  const { full, pr } = suiteItems();
  return {
    reading: readingTable(full, pr),
    'hours-hf': hoursTable(full, pr, 'hf'),
    'hours-vllm': hoursTable(full, pr, 'vllm'),
    check: checkTable(full),
  };
}

/** Items of each benchmark that lm-eval runs: of a full run, and of suite `pr`. */
function suiteItems(): Record<'full' | 'pr', Items> {
  const rows = CATALOGUE.filter(({ harness }) => harness === 'lm-eval');
  const argv = ['src/cli/bin.ts', 'plan', '--estimate', '--json', '--stages', 'lm-eval'];
  const { benchmarks } = JSON.parse(
    execFileSync(process.execPath, [join(packageRoot(), argv[0]!), ...argv.slice(1)], { encoding: 'utf8' }),
  ) as { benchmarks: { id: string; items: number }[] };
  return {
    full: new Map(rows.map(({ id, items }) => [id, items])),
    pr: new Map(benchmarks.map(({ id, items }) => [id, items])),
  };
}

function readingTable(full: Items, pr: Items): string {
  const rows = [...full].map(([id, items]) => {
    const { harness, vllm, shared, counted } = READING[id]!;
    return [
      id,
      items.toLocaleString('en-US'),
      (pr.get(id) ?? 0).toLocaleString('en-US'),
      ...[harness, vllm, shared].map((tokens) => tokens.toLocaleString('en-US')),
      counted ? 'counted' : 'assumed',
    ];
  });
  const million = (items: Items, key: 'harness' | 'vllm' | 'shared') =>
    `${(sumOf(items, (id) => READING[id]![key]) / 1e6).toFixed(items === full ? 0 : 1)} million`;
  const totals = (name: string, items: Items) => [
    name,
    ...(items === full ? [count(items), ''] : ['', count(items)]),
    ...(['harness', 'vllm', 'shared'] as const).map((key) => million(items, key)),
    '',
  ];
  return markdownTable(
    [
      ['Benchmark', 'Full', '`pr`', 'Harness, `hf`', 'Harness, `vllm`', 'Different', ''],
      ...rows,
      totals('full run', full),
      totals('`pr`', pr),
    ],
    { align: ['l', 'r', 'r', 'r', 'r', 'r', 'l'] },
  );
}

/** Hours before and after, for each size of model and GPU; for models that need several, with how many. */
function hoursTable(full: Items, pr: Items, backend: Backend): string {
  const gpus = Object.entries(GPUS);
  const cell = (items: Items, model: Model, id: string, gpu: GpuModel) => {
    const devices = Math.ceil((model.parameters * BYTES * ROOM) / (gpu.memory * 1e9));
    // hf computes on one GPU at a time of those it is spread over, and in the harness's way: there is nothing to gain.
    if (devices > 8 || (backend === 'hf' && devices > 1)) return '–';
    const pair = (['harness', 'shared'] as const).map((way) =>
      hours(hoursOf(items, model, { ...gpu, id }, { backend, way, devices })),
    );
    return `${pair.join(' → ')}${devices > 1 ? ` (${devices})` : ''}`;
  };
  const rows = MODELS.flatMap((model) =>
    (['full', 'pr'] as const).map((suite) => [
      model.name,
      suite === 'full' ? 'full' : '`pr`',
      ...gpus.map(([id, gpu]) => cell(suite === 'full' ? full : pr, model, id, gpu)),
    ]),
  ).filter((row) => row.slice(2).some((text) => text !== '–'));
  return markdownTable([['Parameters', 'Suite', ...gpus.map(([, { name }]) => name)], ...rows], {
    align: ['l', 'l', ...gpus.map(() => 'r')],
  });
}

/** The published runs by the same formula: batches of 1 to 4, on an A100 with 40 GB. */
function checkTable(full: Items): string {
  const model = MODELS.find(({ parameters }) => parameters === 8e9)!;
  const gpu = { ...GPUS['a100-40gb']!, id: 'a100-40gb' };
  const cells = [1, 2, 4].map((rows) =>
    hours(hoursOf(full, model, gpu, { backend: 'hf', way: 'harness', devices: 1, rows })),
  );
  return markdownTable(
    [
      ['', 'Batches of 1', 'of 2', 'of 4', 'Published'],
      ['8 billion, A100 40 GB, full', ...cells, '11.0 h (5.9 to 17.1)'],
    ],
    { align: ['l', 'r', 'r', 'r', 'r'] },
  );
}

interface How {
  backend: Backend;
  way: Way;
  devices: number;
  /** Rows of a batch of answers that are written, where it is not the default. */
  rows?: number;
}

/**
 * Hours of a run without loading: reading by arithmetic, 2 FLOP a parameter and token; writing by memory, a step of a batch reading
 * all weights and the batch's keys and values; Python by questions.
 */
function hoursOf(items: Items, model: Model, gpu: GpuModel & { id: string }, how: How): number {
  const scale = how.devices === 1 ? 1 : how.devices * SCALING;
  const read = sumOf(items, (id) => tokensRead(READING[id]!, how));
  const arithmetic =
    ARITHMETIC[gpu.id]! * ARITHMETIC_SHARE[how.backend === 'vllm' ? 'shared' : how.way] * scale;
  const reading = (read * 2 * model.parameters) / arithmetic;
  const writing = sumOf(items, (id, n) =>
    n === 0 ? 0 : writingSeconds(READING[id]!, n, model, gpu, how, scale) / n,
  );
  return (reading + writing + total(items) * QUESTION_SECONDS) / 3600;
}

function tokensRead({ harness, vllm, shared, written }: Reading, { backend, way }: How): number {
  if (written !== undefined) return harness;
  if (way === 'harness') return backend === 'hf' ? harness : vllm;
  return backend === 'hf' ? shared * OVERHEAD.hf : shared + OVERHEAD.vllmRequest;
}

/** Answers are taken to be of any length up to the most, evenly: the longest of n is then n / (n + 1) of it. */
function writingSeconds(
  { harness: prompt, written }: Reading,
  answers: number,
  model: Model,
  gpu: GpuModel,
  { backend, way, devices, rows }: How,
  scale: number,
): number {
  if (written === undefined) return 0;
  const bandwidth = gpu.bandwidth * 1e9 * BANDWIDTH_SHARE * scale;
  const free = 0.9 * gpu.memory * 1e9 * devices - model.parameters * BYTES;
  const fit = Math.floor(free / (2 * model.keysValues * (prompt + written)));
  // vLLM takes new requests as others end: its batch is as good as full, whichever way questions are read.
  const isHarness = backend === 'hf' && way === 'harness';
  const batch = Math.min(answers, rows ?? (isHarness ? HARNESS_ROWS : Math.max(1, Math.min(CHUNK, fit))));
  const steps = (answers / batch) * written * (batch / (batch + 1));
  const held = (isHarness ? batch : batch / 2) * (prompt + written / 2) * model.keysValues;
  const passes = backend === 'hf' ? CACHE_PASSES : 1;
  const floor = backend === 'hf' ? LAYER_SECONDS * model.layers : 0;
  const step = Math.max(floor, (model.parameters * BYTES) / bandwidth) + (passes * held) / bandwidth;
  return steps * step;
}

/** The sum over all items of what one of a benchmark is. */
function sumOf(items: Items, each: (id: string, items: number) => number): number {
  return [...items].reduce((sum, [id, n]) => sum + n * each(id, n), 0);
}

function total(items: Items): number {
  return sumOf(items, () => 1);
}

function count(items: Items): string {
  return total(items).toLocaleString('en-US');
}

function hours(value: number): string {
  return value < 0.95 ? value.toFixed(2) : value.toFixed(1);
}
