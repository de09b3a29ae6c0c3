/**
 * LiveBench's answers: what asking costs us, at a fake server that answers at once; a real server's start to its first
 * answer; questions a minute at 1, 4 and 16 requests at a time; and all that beside LiveBench's own driver
 * (`gen_api_answer.py`), whose requests and answers have to be the same.
 *
 *   node bench/livebench-server.ts [--model FOLDER] [--gguf FILE] [--questions 16] [--max-tokens 32] [--parallel 1,4,16]
 *     [--threads N] [--livebench-dir DIR --livebench-python PYTHON]
 *
 * LiveBench's Python needs what its driver imports: openai, httpx, tenacity, shortuuid, tqdm, pyyaml, rich,
 * python-dotenv and more; the LiveBench stage's own environment has it.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { build } from 'rolldown';
import { askQuestions, DEFAULT_RETRY_POLICY } from '../src/harness/livebench/answer/answer.ts';
import type { LiveBenchQuestion } from '../src/harness/livebench/question.ts';
import type { Endpoint } from '../src/serving/chat/completion.ts';
import { sendRequest } from '../src/serving/http.ts';
import { openServer } from '../src/serving/open-server.ts';
import { cacheRoot, packageRoot } from '../src/system/paths.ts';
import { workerEnvironment } from '../src/system/process/child-environment.ts';
import { managedPython } from '../src/system/python/managed.ts';
import { startFakeChatServer } from '../test/support/fake-chat-server.ts';
import { makeQuestions, toQuestion } from './support/own-questions.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: join(cacheRoot(process.env), 'demo-models', 'smollm2-135m', 'model') },
    gguf: { type: 'string' },
    questions: { type: 'string', default: '16' },
    'max-tokens': { type: 'string', default: '32' },
    parallel: { type: 'string', default: '1,4,16' },
    threads: { type: 'string' },
    'livebench-dir': { type: 'string' },
    'livebench-python': { type: 'string' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-livebench-server-'));
const signal = new AbortController().signal;
const maxTokens = Number(values['max-tokens']);
const driver =
  values['livebench-dir'] === undefined || values['livebench-python'] === undefined
    ? null
    : { checkout: resolve(values['livebench-dir']), python: values['livebench-python'] };

try {
  await askFake(1000);
  if (driver !== null) await compareRequests();
  await askReal();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Asks all questions; seconds, and each question's texts. */
async function ask(
  questions: readonly LiveBenchQuestion[],
  server: Endpoint,
  parallel: number,
): Promise<{ seconds: number; texts: Map<string, string[]> }> {
  const file = join(folder, 'answers.jsonl');
  rmSync(file, { force: true });
  const started = performance.now();
  const { answers, failures, stopped } = await askQuestions({
    questions,
    server: { ...server, ended: new Promise(() => undefined) },
    displayName: 'ours',
    file,
    parallel,
    maxTokens,
    retryPolicy: DEFAULT_RETRY_POLICY,
    signal,
    now: () => new Date(),
  });
  const seconds = (performance.now() - started) / 1000;
  assert.deepEqual([failures, stopped], [[], null]);
  return { seconds, texts: new Map(answers.map(({ questionId, turns }) => [questionId, turns])) };
}

/** LiveBench's own driver on the same questions, in a folder of its own: the checkout is not written to. */
async function askByDriver(
  questions: readonly LiveBenchQuestion[],
  server: Endpoint,
  parallel: number,
): Promise<{ seconds: number; texts: Map<string, string[]> }> {
  const { checkout, python } = driver!;
  const work = mkdtempSync(join(folder, 'driver-'));
  const file = join(work, 'data/live_bench/math/own/question.jsonl');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, questions.map(({ raw }) => `${JSON.stringify(raw)}\n`).join(''));
  const started = performance.now();
  await execa(
    python,
    [
      ['-u', join(checkout, 'livebench/gen_api_answer.py'), '--model', server.model],
      ['--model-display-name', 'theirs', '--bench-name', 'live_bench', '--question-source', 'jsonl'],
      ['--livebench-release-option', '2024-07-26', '--api-base', server.url, '--max-tokens', `${maxTokens}`],
      ['--parallel', `${parallel}`],
    ].flat(),
    {
      cwd: work,
      env: {
        ...workerEnvironment(process.env),
        LIVEBENCH_API_KEY: server.key ?? 'none',
        PYTHONPATH: checkout,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      extendEnv: false,
      stdin: 'ignore',
    },
  );
  const seconds = (performance.now() - started) / 1000;
  const answers = join(work, 'data/live_bench/math/own/model_answer/theirs.jsonl');
  const lines = existsSync(answers) ? readFileSync(answers, 'utf8').split('\n').filter(Boolean) : [];
  const parsed = lines.map((line) => JSON.parse(line));
  return {
    seconds,
    texts: new Map(parsed.map(({ question_id, choices }) => [question_id, choices[0].turns])),
  };
}

/** Our own cost, as it is shipped: bundled, since reading TypeScript takes memory of its own. */
async function askFake(count: number): Promise<void> {
  // Within the package, whose parts it looks for.
  const file = join(packageRoot(), '.work', 'ask-fake-server.mjs');
  await build({
    input: join(import.meta.dirname, 'support/ask-fake-server.ts'),
    platform: 'node',
    output: { file, format: 'esm' },
  });
  const program = join(import.meta.dirname, '../test/support/fake-server-program.ts');
  try {
    say((await execa(process.execPath, [file, program, String(count)])).stdout);
  } finally {
    rmSync(file);
  }
}

/** The requests themselves: system prompt, several turns, a temperature, characters of all kinds. */
async function compareRequests(): Promise<void> {
  const questions = [
    toQuestion('q1', ['One turn.'], {}),
    toQuestion('q2', ['First.', 'Second: naïve \u2028 \u{1f600}', 'Third.'], { system_prompt: 'Be brief.' }),
    toQuestion('q3', ['Warm.'], { required_temperature: 0.7 }),
  ];
  const server = await startFakeChatServer(({ prompt }) => ({ says: ` to ${prompt}\n` }));
  const endpoint = { url: server.url, key: 'k', model: 'Model-A' };
  const bodies = () => server.asked.splice(0).map(({ body }) => body);
  const ours = await ask(questions, endpoint, 1);
  const oursAsked = bodies();
  const theirs = await askByDriver(questions, endpoint, 1);
  const theirsAsked = bodies();
  server.close();
  assert.deepEqual(oursAsked, theirsAsked);
  assert.deepEqual(ours.texts, theirs.texts);
  say(`${oursAsked.length} requests and their answers: the same as LiveBench's own driver's, field by field`);
}

async function askReal(): Promise<void> {
  const cache = cacheRoot(process.env);
  const python = await managedPython({ cache, environment: process.env, note: say });
  const { model, gguf } = values;
  const digest = `bench:${resolve(model)}`;
  const server = await openServer({
    server: 'auto',
    python,
    model: { path: resolve(model), args: gguf === undefined ? {} : { gguf_file: gguf }, digest, name: null },
    environment: workerEnvironment(process.env),
    devices: [],
    threads: values.threads === undefined ? null : Number(values.threads),
    tensorParallel: null,
    cache,
    log: join(folder, 'server.log'),
    readyTimeout: 600_000,
    key: null,
    signal,
    note: say,
  });
  try {
    const { url, key } = server;
    const started = performance.now();
    const body = { model: server.model, messages: [{ role: 'user', content: 'Hello.' }], max_tokens: 1 };
    await sendRequest(`${url}/chat/completions`, { method: 'POST', key, body, timeout: 60_000, signal });
    const one = (performance.now() - started) / 1000;
    say(
      `${server.kind}: ${server.seconds.toFixed(1)} s from its start to its first answer; then ${one.toFixed(2)} s for one token`,
    );
    const questions = makeQuestions(Number(values.questions));
    const importing = driver === null ? 0 : (await askByDriver([], server, 1)).seconds;
    for (const parallel of values.parallel.split(',').map(Number)) {
      const ours = await ask(questions, server, parallel);
      const pace = (60 * questions.length) / ours.seconds;
      say(
        `${questions.length} questions, ${parallel} at a time: ${ours.seconds.toFixed(1)} s, ${pace.toFixed(0)} a minute`,
      );
      if (driver === null) continue;
      const theirs = await askByDriver(questions, server, parallel);
      const same = questions.filter(({ id }) => ours.texts.get(id)?.join() === theirs.texts.get(id)?.join());
      const ratio = ours.seconds / (theirs.seconds - importing);
      say(
        `  LiveBench's own driver: ${theirs.seconds.toFixed(1)} s, ${importing.toFixed(1)} s of it to start; ` +
          `ratio ${ratio.toFixed(2)} without its start (to be at most 1.05), ` +
          `${(ours.seconds / theirs.seconds).toFixed(2)} with it; ${same.length} of ${questions.length} answers the same`,
      );
    }
  } finally {
    await server.stop();
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
