import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import {
  type AskingOptions,
  askQuestions,
  LIVEBENCH_MAX_TOKENS,
} from '../../../src/harness/livebench/answer/answer.ts';
import type { LiveBenchQuestion } from '../../../src/harness/livebench/question.ts';
import type { ServerFault } from '../../../src/serving/model-server.ts';
import {
  type Asked,
  type FakeChatOptions,
  type FakeChatServer,
  onceAreWaiting,
  type Reaction,
  startFakeChatServer,
} from '../../support/fake-chat-server.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { within } from '../../support/process.ts';

const folder = temporaryFolder();
let files = 0;
const newFile = () => join(folder, `answers-${files++}.jsonl`);
const never = new Promise<never>(() => undefined);

const servers: FakeChatServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function fake(
  react: (asked: Asked) => Reaction,
  options: FakeChatOptions = {},
): Promise<FakeChatServer> {
  const server = await startFakeChatServer(react, options);
  servers.push(server);
  return server;
}

function question(id: string, more: Partial<LiveBenchQuestion> = {}): LiveBenchQuestion {
  return {
    id,
    category: 'math',
    task: 'olympiad',
    turns: [`question ${id}`],
    temperature: 0,
    raw: {},
    ...more,
  };
}
const questions = (count: number) => Array.from({ length: count }, (_, n) => question(`q${n}`));

function ask(server: FakeChatServer, options: Partial<AskingOptions> = {}) {
  return askQuestions({
    questions: [question('q0')],
    server: { url: server.url, key: 'k', model: 'fake', ended: never },
    displayName: 'org__model',
    file: newFile(),
    parallel: 4,
    maxTokens: LIVEBENCH_MAX_TOKENS,
    retryPolicy: { requestTimeout: 60_000, backoff: [1, 1] },
    signal: new AbortController().signal,
    now: () => new Date('2026-01-02T03:04:05Z'),
    ...options,
  });
}
const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

describe('what is asked, beside gen_api_answer.py at 555b35d', () => {
  test('a single turn: one user message, temperature 0, max_tokens, no stream, nothing else', async () => {
    const server = await fake(() => ({ says: ' 42\n' }));
    const { answers } = await ask(server);
    assert.deepEqual(
      server.asked.map(({ body }) => body),
      [
        {
          model: 'fake',
          messages: [{ role: 'user', content: 'question q0' }],
          temperature: 0,
          max_tokens: 4096,
          stream: false,
        },
      ],
    );
    assert.deepEqual(answers[0]!.turns, [' 42\n'], 'nothing is stripped');
    assert.equal(server.asked[0]!.headers.authorization, 'Bearer k');
  });

  test("several turns: the system prompt first, and each answer as it came in the next turn's messages", async () => {
    const server = await fake(({ prompt }) => ({ says: `to ${prompt}` }));
    const turns = ['one', 'two', 'three'];
    const { answers } = await ask(server, {
      questions: [question('q', { turns, systemPrompt: 'Be brief.', temperature: 0.7 })],
    });
    assert.deepEqual(answers[0]!.turns, ['to one', 'to two', 'to three']);
    assert.deepEqual(
      [answers[0]!.promptTokens, answers[0]!.outputTokens],
      [9, 15],
      'tokens are summed over the turns',
    );
    const last = server.asked.at(-1)!.body;
    assert.equal(last.temperature, 0.7);
    assert.deepEqual(
      last.messages.map(({ role, content }) => `${role}: ${content}`),
      [
        'system: Be brief.',
        ...['user: one', 'assistant: to one', 'user: two', 'assistant: to two', 'user: three'],
      ],
    );
  });

  test('a model with "gpt" in its name gets max_completion_tokens', async () => {
    const server = await fake(() => ({ says: 'x' }));
    await ask(server, { server: { url: server.url, key: null, model: 'my-gpt', ended: never } });
    const { body, headers } = server.asked[0]!;
    assert.deepEqual([body.max_completion_tokens, body.max_tokens], [4096, undefined]);
    assert.equal(headers.authorization, undefined);
  });

  test('reasoning tokens count as LiveBench counts them; a server that counts nothing gives null', async () => {
    const usages = {
      'question q0': {
        prompt_tokens: 1,
        completion_tokens: 5,
        completion_tokens_details: { reasoning_tokens: 7 },
      },
      'question q1': null,
    };
    const server = await fake(({ prompt }) => ({ says: 'x', usage: usages[prompt as keyof typeof usages] }));
    const { answers } = await ask(server, { questions: questions(2) });
    assert.deepEqual(
      answers.map(({ outputTokens }) => outputTokens),
      [12, null],
    );
  });

  test('never more requests at a time than asked for, and as many', async () => {
    const server = await fake(onceAreWaiting(5));
    const { answers } = await ask(server, { questions: questions(20), parallel: 5 });
    assert.equal(answers.length, 20);
    assert.equal(server.most(), 5);
  });
});

describe('the file', () => {
  test("holds a line of LiveBench's model_answer format for each answer, private", async () => {
    const server = await fake(() => ({ says: 'naïve \u2028 \u{1f600}' }));
    const file = newFile();
    await ask(server, { file });
    const { answer_id, total_time_s, ...line } = lines(file)[0];
    assert.deepEqual(line, {
      question_id: 'q0',
      model_id: 'org__model',
      choices: [{ index: 0, turns: ['naïve \u2028 \u{1f600}'] }],
      tstamp: 1767323045,
      total_output_tokens: 5,
      total_input_tokens: 3,
      api_info: { provider: 'local', api_name: 'fake', api_kwargs: null },
      sos_bench: { cut: false },
    });
    assert.match(answer_id, /^[0-9a-f]{22}$/);
    assert.ok(total_time_s >= 0);
    assert.ok(/^[\x20-\x7e\n]*$/.test(readFileSync(file, 'latin1')), 'ASCII only, in any locale');
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  test('is there, line for line, when an answer is told', async () => {
    const server = await fake(() => ({ says: 'x' }));
    const file = newFile();
    const seen: [number, number][] = [];
    await ask(server, {
      file,
      questions: questions(6),
      onAnswer: (_, { answered, total }) => seen.push([lines(file).length - answered, total]),
    });
    assert.equal(seen.length, 6);
    assert.ok(seen.every(([missing, total]) => missing >= 0 && total === 6));
  });

  test('what is in it is not asked again; answers come in the order of the questions', async () => {
    const server = await fake(({ prompt }) => ({ says: prompt }));
    const file = newFile();
    await ask(server, { file, questions: [question('q2'), question('q0')] });
    const { answers } = await ask(server, { file, questions: questions(4) });
    assert.equal(server.asked.length, 4);
    assert.deepEqual(
      answers.map(({ questionId }) => questionId),
      ['q0', 'q1', 'q2', 'q3'],
    );
    assert.equal(new Set(lines(file).map(({ answer_id }) => answer_id)).size, 4);
  });

  test('the same answer has the same id, in another run too', async () => {
    const server = await fake(() => ({ says: 'x' }));
    const [a, b] = [newFile(), newFile()];
    await ask(server, { file: a });
    await ask(server, { file: b });
    assert.equal(lines(a)[0].answer_id, lines(b)[0].answer_id);
  });
});

describe('a request that fails is tried again', () => {
  const passing: [string, Reaction][] = [
    ['status 429', { status: 429 }],
    ['status 500', { status: 500, body: 'Internal Server Error' }],
    ['status 502 with a page', { status: 502, body: '<html>bad gateway</html>' }],
    ['status 503', { status: 503, body: { error: 'loading' } }],
    ['a connection cut before the answer', 'cut'],
    ['a connection cut in the middle of it', 'half'],
    ['an answer of which the end is missing', 'torn'],
    ['an answer that is not a completion', { status: 200, body: { hello: 'world' } }],
    ['an answer without choices', { status: 200, body: { choices: [] } }],
    ['an empty answer', { says: '' }],
  ];
  for (const [title, reaction] of passing) {
    test(`${title}, twice: the third answer counts`, async () => {
      const server = await fake(({ time }) => (time < 3 ? reaction : { says: 'at last' }));
      const { answers, failures, stopped } = await ask(server);
      assert.deepEqual([answers[0]!.turns, failures, stopped], [['at last'], [], null]);
    });
  }

  const lasting: [string, Reaction, RegExp][] = [
    [
      'status 500',
      { status: 500, body: { error: { message: 'CUDA error' } } },
      /^status 500: CUDA error \(3 tries\)$/,
    ],
    ['status 502', { status: 502, body: '<html>\nbad' }, /^status 502 \(3 tries\)$/],
    ['a cut connection', 'cut', /^socket hang up \(3 tries\)$/],
    ['half of an answer', 'half', /^(aborted|the answer broke off|socket hang up) \(3 tries\)$/],
    ['torn JSON', 'torn', /^the answer is cut off or is not a chat completion \(3 tries\)$/],
    ['empty answers', { says: '' }, /^the answer is empty \(ended by 'stop', 5 tokens\) \(3 tries\)$/],
  ];
  for (const [title, reaction, reason] of lasting) {
    test(`${title}, always: a failure with its reason, no line in the file, and the others are asked`, async () => {
      const server = await fake(({ prompt }) => (prompt === 'question q1' ? reaction : { says: 'x' }));
      const file = newFile();
      const { answers, failures, stopped } = await ask(server, { questions: questions(3), file });
      assert.equal(stopped, null);
      assert.deepEqual(
        answers.map(({ questionId }) => questionId),
        ['q0', 'q2'],
      );
      assert.equal(failures.length, 1);
      assert.equal(failures[0]!.questionId, 'q1');
      assert.match(failures[0]!.reason, reason);
      assert.ok(!readFileSync(file, 'utf8').includes('q1'));
      assert.equal(server.asked.filter(({ prompt }) => prompt === 'question q1').length, 3);
    });
  }

  test('a server that says when (retry-after) is left alone by all until then', async () => {
    const moments: number[] = [];
    const server = await fake(({ prompt, time }) => {
      moments.push(performance.now());
      if (prompt === 'question q0' && time === 1) return { status: 429, headers: { 'retry-after': '0.4' } };
      return { says: 'x', after: 100 };
    });
    const { answers } = await ask(server, { questions: questions(6), parallel: 2 });
    assert.equal(answers.length, 6);
    const afterwards = moments.slice(2);
    assert.ok(
      afterwards.every((moment) => moment - moments[0]! >= 395),
      JSON.stringify(moments),
    );
  });

  test('silence: given up at the time limit, tried once more, then a failure', async () => {
    const server = await fake(() => 'silent');
    const { failures } = await ask(server, { retryPolicy: { requestTimeout: 150, backoff: [1, 1, 1] } });
    assert.match(failures[0]!.reason, /^no answer within 0 s \(2 tries\)$/);
  });

  test('a slow answer within the time limit is an answer', async () => {
    const server = await fake(() => ({ says: 'slowly', after: 300 }));
    const { answers } = await ask(server);
    assert.ok(answers[0]!.seconds >= 0.29);
  });
});

describe('a question that cannot be answered is a failure at once', () => {
  const cases: [string, number, unknown, RegExp][] = [
    [
      "vLLM's words for a prompt beyond the context",
      400,
      {
        error: {
          message:
            "This model's maximum context length is 2048 tokens. However, you requested 6144 tokens in the messages",
        },
      },
      /^longer than the model's context: status 400: This model's maximum context length is 2048/,
    ],
    [
      "our transformers server's",
      400,
      { detail: "This model's maximum context length is 8 tokens" },
      /longer than/,
    ],
    ['another 400', 400, { error: { message: 'invalid_prompt' } }, /^status 400: invalid_prompt$/],
    ['422', 422, { detail: 'unexpected field' }, /^status 422: unexpected field$/],
  ];
  for (const [title, status, body, reason] of cases) {
    test(title, async () => {
      const server = await fake(({ prompt }) =>
        prompt === 'question q0' ? { status, body } : { says: 'x' },
      );
      const { answers, failures } = await ask(server, { questions: questions(2) });
      assert.deepEqual(
        answers.map(({ questionId }) => questionId),
        ['q1'],
      );
      assert.match(failures[0]!.reason, reason);
      assert.equal(server.asked.length, 2, 'it is not asked again');
    });
  }

  test('a later turn that fails fails the question: half of a conversation is not an answer', async () => {
    const server = await fake(({ prompt }) => (prompt === 'two' ? { status: 400 } : { says: 'x' }));
    const { answers, failures } = await ask(server, {
      questions: [question('q', { turns: ['one', 'two'] })],
    });
    assert.deepEqual([answers.length, failures.length], [0, 1]);
  });
});

/** Where it does not stop it waits for ten minutes. */
const NO_HANG = { timeout: 120_000 };

describe('asking stops', () => {
  test(
    'when a server of ours has ended: with its last words, and without waiting for tries',
    NO_HANG,
    async () => {
      let die: (fault: ServerFault) => void = () => undefined;
      const ended = new Promise<ServerFault>((resolve) => {
        die = resolve;
      });
      const server = await fake(({ prompt }) => {
        if (prompt !== 'question q5') return { says: 'x' };
        setTimeout(() => die({ kind: 'died', message: 'the server was killed by SIGKILL' }), 20);
        return 'cut';
      });
      const result = await ask(server, {
        server: { url: server.url, key: null, model: 'fake', ended },
        questions: questions(40),
        parallel: 1,
        retryPolicy: { requestTimeout: 600_000, backoff: [600_000] },
      });
      assert.deepEqual(result.stopped, { kind: 'server', message: 'the server was killed by SIGKILL' });
      assert.deepEqual([result.answers.length, result.failures], [5, []]);
    },
  );

  test('when nobody listens any more; a second server goes on where the first stopped', async () => {
    const file = newFile();
    const server = await fake(({ prompt }) => {
      if (prompt === 'question q3') server.close();
      return { says: 'x' };
    });
    const first = await ask(server, { questions: questions(10), parallel: 1, file });
    assert.equal(first.stopped?.kind, 'server');
    assert.match(
      (first.stopped as { message: string }).message,
      /cannot be reached any more: .*ECONNREFUSED/,
    );
    assert.deepEqual(first.failures, []);
    const second = await fake(() => ({ says: 'x' }));
    const { answers, stopped } = await ask(second, { questions: questions(10), file });
    assert.deepEqual([answers.length, stopped], [10, null]);
    assert.equal(second.asked.length, 10 - first.answers.length);
  });

  test('when the server fails at everything, after ten questions in a row', async () => {
    const server = await fake(() => ({ status: 500, body: { error: 'no' } }));
    const { failures, stopped } = await ask(server, { questions: questions(100), parallel: 1 });
    assert.equal(failures.length, 10);
    assert.match((stopped as { message: string }).message, /failed at 10 questions in a row: status 500: no/);
  });

  test('but not for questions that are too long, however many, nor for empty answers', async () => {
    const server = await fake(({ prompt }) =>
      Number(prompt.slice(10)) % 2 ? { status: 400, body: { detail: 'context' } } : { says: '' },
    );
    const { failures, stopped } = await ask(server, { questions: questions(40) });
    assert.deepEqual([failures.length, stopped], [40, null]);
  });

  for (const status of [401, 403, 404]) {
    test(`when the server refuses us (status ${status})`, async () => {
      const server = await fake(() => ({ status, body: { error: { message: 'no' } } }));
      const { failures, stopped } = await ask(server, { questions: questions(50), parallel: 1 });
      assert.deepEqual([failures, server.asked.length], [[], 1]);
      assert.deepEqual(stopped, { kind: 'refused', message: `status ${status}: no` });
    });
  }

  test(
    'at an abort, at once: in mid-request and in mid-pause; what is answered is kept',
    NO_HANG,
    async () => {
      const controller = new AbortController();
      const file = newFile();
      const server = await fake(({ prompt }) => {
        if (prompt === 'question q0') return { says: 'x' };
        return prompt === 'question q1' ? 'silent' : { status: 500 };
      });
      const asking = ask(server, {
        file,
        questions: questions(9),
        parallel: 9,
        retryPolicy: { requestTimeout: 600_000, backoff: [600_000] },
        signal: controller.signal,
      });
      const isUnderWay = () => server.asked.length === 9 && existsSync(file) && lines(file).length === 1;
      assert.ok(await within(60, isUnderWay));
      controller.abort();
      const { answers, stopped } = await asking;
      assert.deepEqual([answers.length, stopped], [1, { kind: 'interrupted' }]);
      assert.equal(lines(file).length, 1);
    },
  );
});
