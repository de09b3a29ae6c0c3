import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { askQuestions } from '../../../src/harness/livebench/answer/answer.ts';
import { AnswerFile } from '../../../src/harness/livebench/answer/answer-file.ts';
import type { Thinking } from '../../../src/serving/chat/reasoning.ts';
import { type FakeChatServer, type Reaction, startFakeChatServer } from '../../support/fake-chat-server.ts';
import { temporaryFolder } from '../../support/folder.ts';

type Says = Omit<Extract<Reaction, { says: unknown }>, 'after'>;

const END: Thinking = { enabled: true, end: '</think>', inRequest: true };
const OFF: Thinking = { enabled: false, end: '</think>', inRequest: true };
const LIKES: Thinking = { enabled: null, end: '</think>', inRequest: true };
const NONE: Thinking = { enabled: null, end: null, inRequest: true };

/** What a server says to a question, and what is kept of it. */
const CASES: [title: string, says: Says, thinking: Thinking, kept: [string, boolean?, boolean?]][] = [
  ['an answer', { says: 'Paris' }, NONE, ['Paris', false]],
  ['an answer cut at the token limit', { says: 'Par', finish: 'length' }, NONE, ['Par', true]],
  ['an answer of a server that does not say why it ended', { says: 'Paris', finish: null }, NONE, ['Paris']],
  ['reasoning and an answer', { says: 'Rome?</think>\n\nParis' }, END, ['Paris', false, false]],
  ['reasoning, unasked for', { says: 'Rome?</think>Paris' }, LIKES, ['Paris', false, false]],
  ['two ends of reasoning', { says: 'a</think>b</think>Paris' }, END, ['Paris', false, false]],
  ['reasoning cut before its end', { says: 'Rome? The', finish: 'length' }, END, ['', true, true]],
  ['reasoning that begins and never ends', { says: '<think>Rome? Paris.' }, END, ['', false, true]],
  ['no reasoning', { says: 'Paris' }, END, ['Paris', false, true]],
  ['no reasoning, as was asked', { says: 'Par', finish: 'length' }, OFF, ['Par', true]],
  ['reasoning parted by the server', { says: 'Paris', reasoning: 'Rome?' }, END, ['Paris', false, false]],
  [
    'nothing but reasoning, parted by the server',
    { says: null, reasoning: 'Rome? The', finish: 'length' },
    END,
    ['', true, true],
  ],
];

describe('an answer to LiveBench', () => {
  const folder = temporaryFolder();
  let server: FakeChatServer;

  before(async () => {
    server = await startFakeChatServer(({ prompt }) => CASES[Number(prompt)]![1]);
  });
  after(() => server.close());

  for (const [index, [title, , thinking, [text, cut, unended]]] of CASES.entries())
    test(`${title}: kept as '${text}'`, async () => {
      const file = join(folder, `${index}.jsonl`);
      const { answers, failures } = await askQuestions({
        questions: [
          { id: 'q', category: 'math', task: 'olympiad', turns: [String(index)], temperature: 0, raw: {} },
        ],
        server: { url: server.url, key: 'k', model: 'fake', ended: new Promise<never>(() => undefined) },
        displayName: 'model',
        file,
        parallel: 1,
        maxTokens: 100,
        thinking,
        retryPolicy: { requestTimeout: 60_000, backoff: [] },
        signal: new AbortController().signal,
        now: () => new Date(),
        onAnswer: () => undefined,
      });
      assert.deepEqual(failures, []);
      const told = ({ turns, ...rest }: (typeof answers)[number]) => [turns[0], rest.cut, rest.unended];
      assert.deepEqual(told(answers[0]!), [text, cut, unended]);
      const again = await AnswerFile.open(file);
      await again.file.close();
      assert.deepEqual(told(again.answers.get('q')!), [text, cut, unended], 'and read again from its file');
      const { chat_template_kwargs: sent } = server.asked.at(-1)!.body;
      assert.deepEqual(
        sent,
        thinking.enabled === null ? undefined : { enable_thinking: thinking.enabled },
        'what the server is told',
      );
    });
});
