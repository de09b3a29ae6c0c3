/** Backend `auto`: what settles it, in which order, and the line that says so. The real vLLM is asked in test/nightly/vllm.test.ts. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { settleBackend } from '../../../src/evaluate/backend/settle-backend.ts';
import { Journal } from '../../../src/evaluate/journal/journal.ts';
import { openRunState, type RunState, TERMINAL } from '../../../src/evaluate/journal/run-state.ts';
import { digestWithAdapter } from '../../../src/evaluate/model.ts';
import type { EvaluationContext, EvaluationRequest } from '../../../src/evaluate/request.ts';
import type { PlannedBackend } from '../../../src/suite/plan/plan.ts';
import { workerEnvironment } from '../../../src/system/process/child-environment.ts';
import { fakeDriver } from '../../support/fake-driver.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { smallPlan } from '../../support/results.ts';

const folder = temporaryFolder();
const now = () => new Date(Date.UTC(2026, 0, 1));
const model = join(folder, 'model');
mkdirSync(model);
writeFileSync(join(model, 'config.json'), JSON.stringify({ architectures: ['LlamaForCausalLM'] }));
const modelDigest = await digestWithAdapter(model, {});
const plan = smallPlan();

const NO_GPU = { PATH: '/nowhere' };
const gpu = { ...fakeDriver(join(folder, 'driver'), 'echo "0, GPU-1, NVIDIA H100, 81559, 81000"') };

interface Asked {
  backend?: string;
  planned?: PlannedBackend;
  journal?: string | null;
  baseline?: string | null;
  state?: RunState;
  request?: Partial<EvaluationRequest>;
  environment?: Record<string, string>;
}

async function settle(asked: Asked): Promise<{ backend: string; notes: string[] }> {
  const notes: string[] = [];
  const request = {
    backend: asked.backend ?? 'auto',
    model,
    modelArgs: {},
    devices: { kind: 'auto' },
    device: null,
    launcher: [],
    shard: null,
    fresh: false,
    python: 'managed',
    ...asked.request,
  } as unknown as EvaluationRequest;
  const context = {
    cwd: folder,
    environment: workerEnvironment({
      HOME: folder,
      SOS_BENCH_CACHE: folder,
      ...(asked.environment ?? NO_GPU),
    }),
    progress: { note: (text: string) => void notes.push(text) },
    signal: new AbortController().signal,
    baselineBackend: asked.baseline ?? null,
    ...(asked.state && { state: asked.state }),
  } as unknown as EvaluationContext;
  const stored = asked.planned === undefined ? null : { ...plan, backend: asked.planned };
  const { backend } = await settleBackend(request, context, { stored, journal: asked.journal ?? null });
  return { backend, notes };
}

/** A journal that an evaluation with a backend began. */
async function begun(backend: string, of: { digest?: string; root?: string; run?: string } = {}) {
  const path = join(folder, `journal-${places++}`, 'journal.ndjson');
  mkdirSync(join(path, '..'));
  const identity = { planHash: plan.planHash, modelDigest: of.digest ?? modelDigest, protocol: { backend } };
  const state = openRunState({
    attempt: { run: of.run ?? 'o/r-1', number: 1, since: 1 },
    root: of.root ?? null,
    now,
  });
  const options = { journal: path, identity, shard: null, plan, fresh: false, note: () => undefined };
  const copy = await state.begin(options);
  const { journal } = await Journal.open(path, identity, { fresh: false, now, copy });
  await journal.append({ type: 'fault', chunk: 'c', kind: 'died', message: '', seconds: 1, batchSize: '1' });
  await journal.close();
  return path;
}
let places = 0;
const later = (root: string, run = 'o/r-1') =>
  openRunState({ attempt: { run, number: 2, since: 1 }, root, now });

const journal = await begun('vllm');

test('a backend that is named stays, and nothing is said', async () => {
  const { backend, notes } = await settle({ backend: 'sglang', planned: 'hf', baseline: 'vllm' });
  assert.deepEqual([backend, notes], ['sglang', []]);
});

const ORDER: [what: string, asked: Asked, told: string][] = [
  ['the plan first', { planned: 'sglang', journal, baseline: 'hf' }, 'Backend sglang: the plan says so'],
  ['then what the run began with', { journal, baseline: 'hf' }, 'Backend vllm: this run began with it'],
  ['then the baseline', { baseline: 'vllm' }, 'Backend vllm: the baseline was evaluated with it'],
  ['fresh: not what was begun', { journal, request: { fresh: true } }, 'Backend hf: there is no NVIDIA GPU'],
  [
    'a journal that is not there yet',
    { journal: join(folder, 'none') },
    'Backend hf: there is no NVIDIA GPU',
  ],
  [
    "a baseline's server is not followed",
    { baseline: 'local-completions' },
    'Backend hf: there is no NVIDIA GPU',
  ],
  ['an import that does not tell', { baseline: null }, 'Backend hf: there is no NVIDIA GPU'],
  [
    'a shard whose plan names none, where vLLM could be',
    { environment: gpu, request: { shard: { index: 1, of: 2 } } },
    'Backend hf: neither backend nor the plan names one, and shards have to choose alike',
  ],
  [
    'a GPU, and no Python to build an environment with',
    { environment: { ...gpu, PATH: gpu.PATH.split(':')[0]! } },
    'Backend hf: vLLM cannot be had: ',
  ],
];
for (const [what, asked, told] of ORDER)
  test(what, async () => {
    const { backend, notes } = await settle(asked);
    assert.equal(notes.length, 1, notes.join('\n'));
    assert.ok(notes[0]!.startsWith(told), notes[0]);
    assert.equal(backend, told.split(/[ :]/)[1]);
  });

test('a later attempt on another machine takes the backend that the first began with', async () => {
  const root = join(folder, 'state');
  await begun('vllm', { root });
  assert.equal((await settle({ state: later(root), baseline: 'hf' })).backend, 'vllm');
});

test('what earlier attempts began of another model does not count', async () => {
  const root = join(folder, 'state-of-others');
  await begun('vllm', { root, digest: 'sha256:other' });
  assert.equal((await settle({ state: later(root) })).backend, 'hf');
  await begun('hf', { root, digest: 'sha256:other' });
  assert.equal((await settle({ state: later(root), request: { model: 'org/name' } })).backend, 'hf');
});

test('a terminal has no attempts: what it began of models that have to be fetched does not count', async () => {
  const root = join(folder, 'state-of-terminal');
  await begun('vllm', { root, run: TERMINAL });
  const asked = (model: string) => settle({ state: later(root, TERMINAL), request: { model } });
  assert.equal((await asked('org/name')).backend, 'hf');
  assert.equal((await asked(model)).backend, 'vllm');
});

test('what is asked of the artifact of an earlier attempt is asked once, and told where it is used', async () => {
  const content = await begun('vllm');
  let asked = 0;
  const state = openRunState({
    attempt: { run: 'o/r-1', number: 2, since: 1 },
    root: null,
    now,
    fetch: async (_shard, note) => {
      asked++;
      note('looked');
      return { attempt: 1, path: 'artifact', journal: readFileSync(content), isSigned: true };
    },
  });
  const settled = await settle({ state });
  assert.deepEqual([settled.backend, settled.notes], ['vllm', ['Backend vllm: this run began with it']]);
  const notes: string[] = [];
  const identity = { planHash: plan.planHash, modelDigest, protocol: { backend: 'vllm' } };
  const path = join(folder, 'again', 'journal.ndjson');
  await state.begin({
    journal: path,
    identity,
    shard: null,
    plan,
    fresh: false,
    note: (text) => void notes.push(text),
  });
  assert.equal(asked, 1);
  assert.equal(notes[0], 'looked');
  assert.match(notes[1]!, /^Resumed from attempt 1/);
});
