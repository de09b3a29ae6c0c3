import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { type AskingOutcome, askQuestions } from '../../harness/livebench/answer/answer.ts';
import type { Answer, AnswerStore } from '../../harness/livebench/answer/answer-file.ts';
import { AnswerFile, MODEL } from '../../harness/livebench/answer/answer-file.ts';
import type { LiveBenchQuestion } from '../../harness/livebench/question.ts';
import type { RetryPolicy } from '../../serving/chat/completion.ts';
import type { Thinking } from '../../serving/chat/reasoning.ts';
import { type ModelServer, REQUESTS_AT_A_TIME } from '../../serving/model-server.ts';
import { openServer } from '../../serving/open-server.ts';
import type { JournalServer } from '../journal/entry.ts';
import type { ServerSlot } from './server-slots.ts';

export interface CollectOptions {
  questions: readonly LiveBenchQuestion[];
  /** Where servers are started, one each; one slot for a server that is given. */
  serverSlots: readonly ServerSlot[];
  /** Folder the answers are kept in, as texts, or where else they are kept; they stay on this machine. */
  folder: string | { store: AnswerStore; answers: ReadonlyMap<string, Answer> };
  /** What is said to be asking; LiveBench where left out. */
  asker?: string;
  /** Questions to ask a server at a time; null for as many as it takes. */
  parallel: number | null;
  maxTokens: number;
  thinking?: Thinking;
  /** Whether an empty answer is one. */
  takesEmpty?: boolean;
  retryPolicy: RetryPolicy;
  signal: AbortSignal;
  now: () => Date;
  note: (text: string) => void;
  /** A server has answered its first request after so many seconds. */
  onServer: (server: JournalServer, seconds: number) => Promise<void>;
  onAnswer: (questionId: string) => void;
}

export interface Collected {
  answers: Map<string, Answer>;
  /** Why a question has no answer, by its id. */
  failures: Map<string, string>;
  /** Questions that a server was asked at a time. */
  atATime: number;
  interrupted: boolean;
}

const STARTS = 2;

/**
 * Has servers answer questions, each its share. A server that ends is started once more; what is unanswered then has no
 * answer, with the reason. Answers that are kept already are not asked for again.
 *
 * @throws SosBenchError as keeping answers does; a server that cannot be had is a reason, no error.
 */
export async function collectAnswers(options: CollectOptions): Promise<Collected> {
  const { questions, serverSlots } = options;
  const collected: Collected = { answers: new Map(), failures: new Map(), atATime: 1, interrupted: false };
  const left = await takeKept(options.folder, questions, collected);
  const shares = serverSlots.map((_, slot) => left.filter((_, n) => n % serverSlots.length === slot));
  const asking = shares.map((share, slot) => askAtSlot(slot, share, collected, options));
  await Promise.allSettled(asking);
  await Promise.all(asking);
  collected.interrupted = options.signal.aborted;
  return collected;
}

async function askAtSlot(
  slot: number,
  share: LiveBenchQuestion[],
  collected: Collected,
  options: CollectOptions,
): Promise<void> {
  const { folder, parallel, maxTokens, thinking, retryPolicy, signal, now, onServer, onAnswer } = options;
  const note = (text: string) => options.note(`${options.asker ?? 'LiveBench'}: ${text}`);
  const file =
    typeof folder === 'string'
      ? join(folder, slot === 0 ? 'answers.jsonl' : `answers-${slot}.jsonl`)
      : { store: keptOpen(folder.store), answers: folder.answers };
  let left = share;
  for (let start = 1; left.length > 0 && !signal.aborted; start++) {
    let server: ModelServer;
    try {
      server = await openServer({
        ...options.serverSlots[slot]!,
        ...askedAtATime(left, options, start),
        signal,
        note: options.note,
      });
    } catch (error) {
      if (!(error instanceof SosBenchError) || signal.aborted) throw error;
      for (const { id } of left) collected.failures.set(id, error.message);
      note(error.message);
      return;
    }
    if (server.takes?.reason != null)
      note(`the server is asked one question at a time: ${server.takes.reason}`);
    const atATime = parallel ?? server.takes?.atATime ?? REQUESTS_AT_A_TIME;
    collected.atATime = Math.max(collected.atATime, atATime);
    let outcome: AskingOutcome;
    try {
      const { kind, versions } = server;
      await onServer({ kind, versions, model: kind === 'given' ? server.model : null }, server.seconds);
      outcome = await askQuestions({
        questions: left,
        server,
        displayName: MODEL,
        file,
        parallel: atATime,
        maxTokens,
        ...(thinking && { thinking }),
        ...(options.takesEmpty && { takesEmpty: true }),
        retryPolicy,
        signal,
        now,
        onAnswer: ({ questionId }) => onAnswer(questionId),
      });
    } finally {
      await server.stop();
    }
    for (const answer of outcome.answers) collected.answers.set(answer.questionId, answer);
    for (const { questionId, reason } of outcome.failures) collected.failures.set(questionId, reason);
    if (outcome.stopped === null || outcome.stopped.kind === 'interrupted') return;
    const { kind, message } = outcome.stopped;
    note(message);
    left = left.filter(({ id }) => !collected.answers.has(id));
    if (kind === 'server' && start < STARTS) {
      // A server on its way out fails at what the next one may manage.
      for (const { id } of left) collected.failures.delete(id);
      continue;
    }
    for (const { id } of left) if (!collected.failures.has(id)) collected.failures.set(id, message);
    return;
  }
}

/** What a server of ours is told to take at a time: where answers are drawn, or one has ended over several, one. */
function askedAtATime(
  questions: readonly LiveBenchQuestion[],
  { parallel }: Pick<CollectOptions, 'parallel'>,
  start: number,
): { atATime: number } {
  const isDrawn = questions.some(({ temperature }) => temperature > 0);
  return { atATime: isDrawn || start > 1 ? 1 : (parallel ?? REQUESTS_AT_A_TIME) };
}

/**
 * Takes the answers that earlier attempts kept, whichever slot they asked at: with other devices, or fewer questions
 * open, the shares are others.
 *
 * @returns what has no answer yet.
 */
async function takeKept(
  folder: CollectOptions['folder'],
  questions: readonly LiveBenchQuestion[],
  collected: Collected,
): Promise<LiveBenchQuestion[]> {
  const kept = typeof folder === 'string' ? await readFolder(folder) : folder.answers;
  return questions.filter((question) => {
    const answer = kept.get(question.id);
    if (answer === undefined || answer.turns.length !== question.turns.length) return true;
    collected.answers.set(question.id, answer);
    return false;
  });
}

async function readFolder(folder: string): Promise<Map<string, Answer>> {
  const kept = new Map<string, Answer>();
  const names = (await readdir(folder)).filter((name) => /^answers(-\d+)?\.jsonl$/.test(name)).sort();
  for (const name of names) {
    const { file, answers } = await AnswerFile.open(join(folder, name));
    await file.close();
    for (const [id, answer] of answers) kept.set(id, answer);
  }
  return kept;
}

/** The same, which several slots write to: whoever opened it closes it. */
function keptOpen(store: AnswerStore): AnswerStore {
  return { append: (answer, names, now) => store.append(answer, names, now), close: async () => {} };
}
