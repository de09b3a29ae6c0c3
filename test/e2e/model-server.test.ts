/** The real `transformers serve` with a tiny model: it answers, dies half way, is started again, and leaves nothing. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { execa } from 'execa';
import { askQuestions, DEFAULT_RETRY_POLICY } from '../../src/harness/livebench/answer/answer.ts';
import type { LiveBenchQuestion } from '../../src/harness/livebench/question.ts';
import { sendRequest } from '../../src/serving/http.ts';
import type { ModelServer } from '../../src/serving/model-server.ts';
import { openServer } from '../../src/serving/open-server.ts';
import { workerEnvironment } from '../../src/system/process/child-environment.ts';
import { makeTinyModel } from '../support/datasets.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  endAfterTests,
  marked,
  ONE_THREAD,
  type RunningProcess,
  startProcess,
  within,
} from '../support/process.ts';
import { testPython } from '../support/python.ts';
import { inE2e, inNightly } from '../support/tier.ts';

const folder = temporaryFolder();
const python = await testPython();
const model = await makeTinyModel(python, join(folder, 'tiny'));
writeFileSync(
  join(model, 'chat_template.jinja'),
  "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant: ",
);
const mark = `sos-bench-model-server-${process.pid}`;
const controller = new AbortController();
after(() => controller.abort());
const log = join(folder, 'server.log');
const settings = {
  server: 'auto',
  python,
  model: { path: model, args: { dtype: 'float32' }, digest: 'sha256:tiny', name: null },
  environment: { ...workerEnvironment(process.env), ...ONE_THREAD, RUNNER_TRACKING_ID: mark },
  devices: [],
  threads: 1,
  tensorParallel: null,
  cache: join(folder, 'cache'),
  log,
  readyTimeout: 120_000,
  key: null,
};

const questions: LiveBenchQuestion[] = Array.from({ length: 8 }, (_, n) => ({
  id: `q${n}`,
  category: 'math',
  task: 'olympiad',
  turns: n === 2 ? ['Say one.', 'Say two.'] : [`How much is ${n} and ${n}?`],
  temperature: 0,
  raw: {},
}));
const ask = (server: ModelServer, file: string, onAnswer: () => void = () => undefined) =>
  askQuestions({
    questions,
    server,
    displayName: 'tiny',
    file: join(folder, file),
    parallel: 2,
    maxTokens: 24,
    retryPolicy: DEFAULT_RETRY_POLICY,
    signal: controller.signal,
    now: () => new Date(),
    onAnswer,
  });

const turnsOf = ({ answers }: Awaited<ReturnType<typeof ask>>) =>
  answers.map(({ questionId, turns }) => ({ questionId, turns }));

const server = await openServer({ ...settings, signal: controller.signal, note: () => undefined });
let undisturbed: ReturnType<typeof turnsOf>;

inE2e('it answers every question, turn by turn, and counts tokens', async () => {
  const asked = await ask(server, 'undisturbed.jsonl');
  assert.deepEqual([asked.failures, asked.stopped], [[], null]);
  undisturbed = turnsOf(asked);
  assert.deepEqual(
    undisturbed.map(({ turns }) => turns.length),
    [1, 1, 2, 1, 1, 1, 1, 1],
  );
  assert.equal(
    new Set(undisturbed.map(({ turns }) => turns[0])).size,
    8,
    'different answers to different questions',
  );
  assert.ok(asked.answers.every(({ promptTokens, outputTokens }) => promptTokens! > 20 && outputTokens! > 0));
  assert.equal(server.kind, 'transformers');
  assert.match(server.versions.transformers!, /^\d/);
});

const send = (body: Record<string, unknown>, key: string | null = server.key) =>
  sendRequest(`${server.url}/chat/completions`, {
    method: 'POST',
    key,
    body: { model: server.model, max_tokens: 16, ...body },
    timeout: 60_000,
    signal: controller.signal,
  });
const says = (content: string) => [{ role: 'user', content }];

inE2e('nobody else may ask: requests without the key, or with another, are refused', async () => {
  for (const key of [null, 'wrong']) assert.equal((await send({ messages: says('hi') }, key)).status, 401);
  const models = await sendRequest(`${server.url}/models`, {
    method: 'GET',
    key: null,
    timeout: 5000,
    signal: controller.signal,
  });
  assert.equal(models.status, 401);
  assert.ok(!readFileSync(log, 'utf8').includes(server.key!));
});

inE2e(
  'a prompt beyond the context of 1,024 tokens is refused; an answer ends where the context does',
  async () => {
    const { status, text } = await send({ messages: says('x'.repeat(1100)) });
    assert.equal(status, 400);
    assert.match(text, /maximum context length is 1024 tokens; the prompt has 11\d\d/);
    const nearly = await send({ messages: says('x'.repeat(990)), max_tokens: 4096 });
    const { usage } = JSON.parse(nearly.text);
    assert.ok(usage.total_tokens <= 1024, JSON.stringify(usage));
  },
);

inE2e('a temperature above 0 samples', async () => {
  const texts = [];
  for (let n = 0; n < 3; n++) texts.push((await send({ messages: says('hi'), temperature: 1 })).text);
  const contents = texts.map((text) => JSON.parse(text).choices[0].message.content);
  assert.ok(new Set(contents).size > 1, JSON.stringify(contents));
});

inE2e('killed half way: asking stops; what was answered is kept, and nothing is left running', async () => {
  let answered = 0;
  const kill = () => {
    if (++answered !== 3) return;
    const [serving] = marked(mark).filter(({ command }) => /launch\.py sosbench_worker\.serve/.test(command));
    process.kill(serving!.pid, 'SIGKILL');
  };
  const { stopped, answers } = await ask(server, 'disturbed.jsonl', kill);
  assert.equal(stopped?.kind, 'server');
  assert.match((await server.ended).message, /^the server was killed by SIGKILL/);
  assert.ok(answers.length >= 3 && answers.length < 8, String(answers.length));
  assert.ok(await within(60, () => marked(mark).length === 0));
});

const runs: RunningProcess[] = [];
endAfterTests(runs);

inE2e(
  'a second server goes on to the same answers; killed outright (kill -9), our process leaves nothing',
  async () => {
    const script = join(import.meta.dirname, '../support/start-server-and-wait.ts');
    const run = startProcess([process.execPath, script, 'open', JSON.stringify(settings)], {
      environment: process.env,
    });
    runs.push(run);
    await run.said('}\n');
    const second = JSON.parse(/ready (.*)/.exec(run.heard())![1]!);
    const asked = await ask({ ...second, ended: new Promise(() => undefined) }, 'disturbed.jsonl');
    assert.equal(asked.stopped, null);
    assert.deepEqual(turnsOf(asked), undisturbed);

    assert.ok(run.descendants().some(({ command }) => command.includes('sosbench_worker.serve')));
    run.kill('SIGKILL');
    await run.result;
    assert.ok(await within(60, () => run.descendants().length === 0), JSON.stringify(run.descendants()));
  },
);

/** A server that is told to take several questions at a time. */
const openForSeveral = (path: string, more: { log?: string } = {}) =>
  openServer({
    ...{ ...settings, ...more, atATime: 4, signal: controller.signal, note: () => undefined },
    model: { ...settings.model, path },
  });

inE2e('several questions at a time: the answers of one at a time, and where the context ends', async () => {
  const several = await openForSeveral(model);
  try {
    assert.deepEqual(several.takes, { atATime: 4, reason: null });
    const asked = await ask(several, 'several.jsonl');
    assert.deepEqual([asked.failures, asked.stopped], [[], null]);
    assert.deepEqual(turnsOf(asked), undisturbed);
    assert.match(readFileSync(log, 'utf8'), /CB: True/);
    const body = (content: string, more: object) => ({
      ...{ method: 'POST' as const, key: several.key, timeout: 60_000, signal: controller.signal },
      body: { model: several.model, messages: says(content), ...more },
    });
    const url = `${several.url}/chat/completions`;
    const long = await sendRequest(url, body('x'.repeat(1100), { max_tokens: 8 }));
    assert.equal(long.status, 400);
    assert.match(long.text, /maximum context length is 1024 tokens; the prompt has 11\d\d/);
    const nearly = await sendRequest(url, body('x'.repeat(990), { max_tokens: 4096 }));
    assert.ok(JSON.parse(nearly.text).usage.total_tokens <= 1024, nearly.text);
    const drawn = await sendRequest(url, body('hi', { max_tokens: 8, temperature: 1 }));
    assert.equal(drawn.status, 400);
    assert.match(drawn.text, /at temperature 0 alone/);
  } finally {
    await several.stop();
  }
});

inNightly('generation settings that a batch cannot follow: one at a time, with the reason', async () => {
  const path = join(folder, 'repeats');
  cpSync(model, path, { recursive: true });
  writeFileSync(join(path, 'generation_config.json'), JSON.stringify({ no_repeat_ngram_size: 3 }));
  const one = await openForSeveral(path);
  try {
    assert.equal(one.takes?.atATime, 1);
    assert.match(one.takes?.reason ?? '', /what a batch cannot do \(NoRepeatNGramLogitsProcessor\)/);
    assert.deepEqual((await ask(one, 'repeats.jsonl')).failures, []);
  } finally {
    await one.stop();
  }
});

inNightly('a model with an adapter is served as the harness evaluates it', async () => {
  const script = join(import.meta.dirname, '../support/served_adapter.py');
  const { stdout } = await execa(python, [script, model, join(folder, 'adapter')], {
    env: { ...ONE_THREAD, PYTHONPATH: join(import.meta.dirname, '../../worker'), HF_HUB_OFFLINE: '1' },
  });
  const { harness, without } = JSON.parse(stdout.trim().split('\n').at(-1)!);
  assert.ok(harness < 1e-4 && without > 0.01, stdout);
});
