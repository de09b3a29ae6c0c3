/**
 * A judge that is a real model in the real vLLM, on a processor: SmolLM2-135M-Instruct on 5 questions with answers of 500 characters. It is no
 * judge, and has to be found out. On this device `auto` would take Transformers, so that the backend is named here.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { prepareDemoModels } from '../../src/demo/models.ts';
import { type LocalJudgeOptions, withLocalJudge } from '../../src/evaluate/local-judge/local-judge.ts';
import {
  type HeadToHeadOutcome,
  planHeadToHead,
  runHeadToHead,
} from '../../src/judge/ask/head-to-head-run.ts';
import type { JudgeMode } from '../../src/judge/ask/judge.ts';
import { cacheRoot } from '../../src/system/paths.ts';
import { createProgress } from '../../src/system/progress.ts';
import { vllmEnvironment } from '../../src/system/python/environment-spec.ts';
import { managedPython } from '../../src/system/python/managed.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type MiniFiles, writeMiniAnswers } from '../support/mini-answers.ts';
import { testPython } from '../support/python.ts';

const QUESTIONS = 5;

describe('SmolLM2-135M-Instruct in vLLM as judge', () => {
  const folder = temporaryFolder();
  const notes: string[] = [];
  const { signal } = new AbortController();
  let model: string;
  let files: MiniFiles;

  before(async () => {
    const cache = cacheRoot(process.env);
    const note = (text: string) => void process.stderr.write(`${text}\n`);
    await managedPython({ cache, environment: process.env, note, spec: vllmEnvironment('cpu') });
    const { main } = await prepareDemoModels({
      ...{ python: await testPython(), cache, environment: process.env, note, signal },
    });
    model = main;
    files = writeMiniAnswers(folder, QUESTIONS, 500);
  });

  async function judge(mode: JudgeMode): Promise<HeadToHeadOutcome> {
    const budget = { maxTokens: null, maxCost: null, prices: null };
    const planned = await planHeadToHead(files, {
      ...{ mode, prompt: null, verdictTokens: 64, repeat: false, budget },
    });
    const options: LocalJudgeOptions & { backend: string; server: string } = {
      ...{ model, mode, manner: planned.manner, concurrency: 2, folder: join(folder, mode) },
      modelArgs: { dtype: 'float32', kv_cache_memory_bytes: 268_435_456, max_model_len: 4096 },
      ...{
        backend: 'vllm',
        server: 'vllm',
        python: 'managed',
        device: null,
        devices: { kind: 'cpu', workers: 1 },
      },
      ...{ tensorParallel: null, stallTimeout: 1800 },
    };
    const progress = createProgress({ write: (text) => notes.push(text) });
    const context = {
      ...{ cwd: folder, environment: process.env, now: () => new Date(), progress, signal },
      origin: { commit: null, branch: null, event: null },
    };
    return await withLocalJudge(options, context, (asked) =>
      runHeadToHead(planned, {
        ...{ judge: asked, benchmark: 'judge-mini', folder: join(folder, mode), concurrency: 2 },
        ...{ budget, signal, onGame: () => undefined },
      }),
    );
  }

  test('choice: every game gets a verdict, and the position rule rejects this judge', async () => {
    const { result, stopped, board } = await judge('choice');
    assert.equal(stopped, null, notes.join(''));
    assert.equal(board.games.length, 2 * QUESTIONS);
    assert.ok(board.games.every(({ verdict }) => verdict !== null));
    assert.match(result.reason ?? '', /^judge decides by position: /);
  });

  test('verdict: held to the schema it writes one in every game, and the position rule rejects this judge', async () => {
    const { result, stopped, unread } = await judge('verdict');
    assert.equal(stopped, null, notes.join(''));
    assert.match(notes.join(''), /Starting vLLM /);
    assert.deepEqual([...unread], []);
    assert.match(result.reason ?? '', /^judge decides by position: /);
  });
});
