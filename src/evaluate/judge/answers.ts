import { plural } from '../../count.ts';
import { DEFAULT_RETRY_POLICY } from '../../harness/livebench/answer/answer.ts';
import type { Answer, AnswerStore } from '../../harness/livebench/answer/answer-file.ts';
import type { LiveBenchQuestion } from '../../harness/livebench/question.ts';
import type { KeptAnswers } from '../../judge/texts/answers-dir.ts';
import type { QuestionText } from '../../judge/texts/read-texts.ts';
import type { RetryPolicy } from '../../serving/chat/completion.ts';
import { isAddress } from '../../serving/given-server.ts';
import type { JournalServer } from '../journal/entry.ts';
import { type Collected, collectAnswers } from '../livebench/answers.ts';
import { endOfReasoning } from '../livebench/end-of-reasoning.ts';
import type { ServerSlot } from '../livebench/server-slots.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import type { ReadyJudge } from './prepare.ts';

export interface AnsweringOptions {
  ready: Pick<ReadyJudge, 'questions' | 'manner'>;
  kept: KeptAnswers;
  request: Pick<EvaluationRequest, 'serverParallel'>;
  context: Pick<EvaluationContext, 'progress' | 'signal' | 'now'>;
  serverSlots: readonly ServerSlot[];
  /** How long a server is waited for, and how often it is asked again; as LiveBench's where left out. */
  retryPolicy?: Partial<RetryPolicy>;
  onServer: (server: JournalServer, seconds: number) => Promise<void>;
}

/**
 * Has the model's own server answer the judge's questions, as it answers LiveBench's. What is kept is not asked again.
 *
 * @throws SosBenchError as keeping answers does; a server that cannot be had is a reason in `failures`.
 */
export async function answerQuestions(options: AnsweringOptions): Promise<Collected> {
  const { ready, kept, request, context, serverSlots, onServer } = options;
  const { questions, manner } = ready;
  const answers = new Map([...kept.answers].map(([id, text]) => [id, asAnswer(id, text)]));
  const store: AnswerStore = {
    async append(answer) {
      await kept.append(answer.questionId, answer.turns[0]!);
      answers.set(answer.questionId, answer);
    },
    close: async () => {},
  };
  const before = answers.size;
  const { progress, signal, now } = context;
  return await collectAnswers({
    questions: questions.map(asQuestion),
    serverSlots,
    folder: { store, answers },
    asker: 'Judge',
    parallel: request.serverParallel,
    maxTokens: manner.maxTokens,
    // Who says nothing must not be judged on the rest alone.
    takesEmpty: true,
    thinking: {
      enabled: manner.enableThinking,
      end: await endOfReasoning(manner.reasoningEnd, serverSlots[0]?.model.path ?? ''),
      inRequest: isAddress(serverSlots[0]?.server ?? ''),
    },
    retryPolicy: { ...DEFAULT_RETRY_POLICY, ...options.retryPolicy },
    signal,
    now,
    note: (text) => progress.note(text),
    onServer,
    onAnswer: () =>
      progress.update({
        fraction: answers.size / questions.length,
        eta: null,
        label: `judge: ${answers.size} of ${plural(questions.length, 'answer')}${before > 0 ? ` (${before} kept)` : ''}`,
      }),
  });
}

/** A question of a judge as LiveBench's part asks it: one message, always answered alike. */
function asQuestion({ id, question, category }: QuestionText): LiveBenchQuestion {
  return { id, category: category ?? 'judge', task: 'judge', turns: [question], temperature: 0, raw: {} };
}

function asAnswer(questionId: string, text: string): Answer {
  return { questionId, turns: [text], promptTokens: null, outputTokens: null, seconds: 0 };
}
