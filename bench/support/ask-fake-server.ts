/**
 * What asking costs us: answers of 16 kB from a program (named fake) that gives them at once, in a process of its own.
 *
 *   node ask-fake-server.mjs PROGRAM COUNT
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askQuestions, DEFAULT_RETRY_POLICY } from '../../src/harness/livebench/answer/answer.ts';
import { launchServer } from '../../src/serving/launch.ts';
import { keepHeapSmall } from '../../src/system/process/small-heap.ts';
import { makeQuestions } from './own-questions.ts';

keepHeapSmall();
const [program = '', count = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-ask-fake-'));
const { signal } = new AbortController();
const port = 20_000 + (process.pid % 20_000);
const say = (text: string) => process.stdout.write(`${text}\n`);
try {
  const server = await launchServer({
    kind: 'transformers',
    command: [process.execPath, program, 'good', String(port), 'x'.repeat(16_000)],
    python: 'python3',
    environment: { PATH: process.env.PATH ?? '', SOS_BENCH_SERVER_KEY: 'key' },
    port,
    key: 'key',
    model: 'fake',
    versions: {},
    log: join(folder, 'fake.log'),
    readyTimeout: 60_000,
    signal,
    note: () => undefined,
  });
  const usage = process.cpuUsage();
  const started = performance.now();
  const { answers, failures, stopped } = await askQuestions({
    questions: makeQuestions(Number(count)),
    server,
    displayName: 'ours',
    file: join(folder, 'answers.jsonl'),
    parallel: 16,
    maxTokens: 32,
    retryPolicy: DEFAULT_RETRY_POLICY,
    signal,
    now: () => new Date(),
  });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(usage);
  await server.stop();
  assert.deepEqual([answers.length, failures, stopped], [Number(count), [], null]);
  say(
    `${count} answers of 16 kB from a fake server that answers at once: ${seconds.toFixed(1)} s, ` +
      `${((user + system) / 1000 / answers.length).toFixed(2)} ms of our processor time a question; ` +
      `peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB (to be under 150 MB)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
