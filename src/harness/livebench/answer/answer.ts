import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { plural } from '../../../count.ts';
import {
  type Endpoint,
  type RateGate,
  RequestError,
  type RetryPolicy,
} from '../../../serving/chat/completion.ts';
import type { Thinking } from '../../../serving/chat/reasoning.ts';
import { runSlots } from '../../../serving/chat/run-slots.ts';
import { HttpFault } from '../../../serving/http.ts';
import type { ServerFault } from '../../../serving/model-server.ts';
import { abortWith } from '../../../system/process/abort-with.ts';
import type { LiveBenchQuestion } from '../question.ts';
import { type Answer, AnswerFile, type AnswerStore } from './answer-file.ts';
import { requestAnswer } from './answer-request.ts';

/** LiveBench's own limit of one answer, in tokens. */
export const LIVEBENCH_MAX_TOKENS = 4096;
/** LiveBench's own time for one request, and tries as many as it has and one more. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  requestTimeout: 2_400_000,
  backoff: [2000, 10_000, 30_000],
};

/** A question that got no answer: it counts as not evaluated, never as wrong. */
export interface AnswerFailure {
  questionId: string;
  reason: string;
}

export interface AskingProgress {
  /** Answered, those of earlier runs included. */
  answered: number;
  failed: number;
  total: number;
  /** Of this run. */
  outputTokens: number;
}

export interface AskingOptions {
  questions: readonly LiveBenchQuestion[];
  server: Endpoint & { ended: Promise<ServerFault> };
  /** LiveBench's name of the model. */
  displayName: string;
  /** Answers are kept here, one line each, or there; what is there is not asked again. */
  file: string | { store: AnswerStore; answers: ReadonlyMap<string, Answer> };
  /** Requests at a time. */
  parallel: number;
  /** Most tokens of one answer. */
  maxTokens: number;
  thinking?: Thinking;
  /** Whether an empty answer is one; else the server is asked again, and then it is a failure. */
  takesEmpty?: boolean;
  retryPolicy: RetryPolicy;
  /** Aborting it stops at once; what is answered is kept. */
  signal: AbortSignal;
  now: () => Date;
  /** Told of each new answer, after it is on the disk. */
  onAnswer?: (answer: Answer, progress: AskingProgress) => void;
  onFailure?: (failure: AnswerFailure, progress: AskingProgress) => void;
}

/**
 * Why questions were left unasked. `server`: it ended, or fails at everything; another start may help. `refused`: it
 * will not answer us at all.
 */
export type Stopped =
  | { kind: 'interrupted' }
  | { kind: 'server'; message: string }
  | { kind: 'refused'; message: string };

export interface AskingOutcome {
  /** In the order of the questions. */
  answers: Answer[];
  failures: AnswerFailure[];
  /** Null where every question was asked. */
  stopped: Stopped | null;
}

/** How long an ended server's end may take to be noticed, against a connection refused. */
const END_NOTICE_MS = 1000;
/** So many questions in a row that the server fails at are no coincidence. */
const MIN_IN_A_ROW = 10;

/**
 * Asks all questions that the file has no answer to. A question that cannot be answered is a failure with a reason,
 * never an answer; asking goes on. It stops when the server is gone or fails at everything.
 *
 * @throws SosBenchError `journal-invalid`, `disk-full`, `permission-denied`; what is answered is kept.
 */
export async function askQuestions(options: AskingOptions): Promise<AskingOutcome> {
  const { questions, server, signal, parallel } = options;
  const { file, answers: kept } = await openAnswers(options.file);
  const answers = new Map<string, Answer>();
  for (const { id, turns } of questions) {
    const answer = kept.get(id);
    if (answer !== undefined && answer.turns.length === turns.length) answers.set(id, answer);
  }
  const failures: AnswerFailure[] = [];
  const left = questions.filter(({ id }) => !answers.has(id));
  const end = new AbortController();
  const asking = end.signal;
  // As many listen as questions are asked at a time; Node 20 warns of more than ten.
  setMaxListeners(0, asking);
  abortWith(end, signal);
  const rateGate: RateGate = { notBefore: 0 };
  let stopped: Stopped | null = null;
  let failedInARow = 0;
  let outputTokens = 0;
  let next = 0;
  const stop = (why: Stopped) => {
    stopped ??= why;
    end.abort();
  };
  const progress = (): AskingProgress => ({
    answered: answers.size,
    failed: failures.length,
    total: questions.length,
    outputTokens,
  });

  const fail = async (question: LiveBenchQuestion, fault: RequestError): Promise<void> => {
    if (fault.kind === 'refused') return stop({ kind: 'refused', message: fault.message });
    if (fault.kind === 'gone') {
      // A server of ours says more about its end than a refused connection does.
      await Promise.race([server.ended, sleep(END_NOTICE_MS)]);
      return stop({ kind: 'server', message: `the server cannot be reached any more: ${fault.message}` });
    }
    const failure = { questionId: question.id, reason: fault.message };
    failures.push(failure);
    options.onFailure?.(failure, progress());
    if (fault.kind !== 'server') return;
    failedInARow++;
    if (failedInARow >= Math.max(MIN_IN_A_ROW, 2 * parallel)) {
      const message = `the server failed at ${plural(failedInARow, 'question')} in a row: ${fault.message}`;
      stop({ kind: 'server', message });
    }
  };

  const runSlot = async (): Promise<void> => {
    while (!asking.aborted) {
      const question = left[next++];
      if (question === undefined) return;
      try {
        const { retryPolicy, maxTokens, thinking, takesEmpty = false } = options;
        const answer = await requestAnswer(question, server, {
          ...{ ...retryPolicy, maxTokens, rateGate, signal: asking, takesEmpty },
          ...(thinking && { thinking }),
        });
        await file.append(answer, { displayName: options.displayName, apiName: server.model }, options.now());
        answers.set(question.id, answer);
        failedInARow = 0;
        outputTokens += answer.outputTokens ?? 0;
        options.onAnswer?.(answer, progress());
      } catch (error) {
        if (error instanceof RequestError) await fail(question, error);
        else if (!(error instanceof HttpFault && error.kind === 'aborted')) throw error;
      }
    }
  };

  const watching = new AbortController();
  void Promise.race([
    server.ended,
    sleep(2 ** 31 - 1, null, { signal: watching.signal }).catch(() => null),
  ]).then((fault) => {
    if (fault !== null && !watching.signal.aborted) stop({ kind: 'server', message: fault.message });
  });
  try {
    await runSlots(Math.min(parallel, left.length), runSlot, end);
  } finally {
    watching.abort();
    end.abort();
    await file.close();
  }
  if (signal.aborted && stopped === null && answers.size + failures.length < questions.length) {
    stopped = { kind: 'interrupted' };
  }
  const inOrder = questions.flatMap(({ id }) => answers.get(id) ?? []);
  return { answers: inOrder, failures, stopped };
}

async function openAnswers(
  file: AskingOptions['file'],
): Promise<{ file: AnswerStore; answers: ReadonlyMap<string, Answer> }> {
  return typeof file === 'string' ? await AnswerFile.open(file) : { file: file.store, answers: file.answers };
}
