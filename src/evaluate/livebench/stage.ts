import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { noun } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import { DEFAULT_RETRY_POLICY } from '../../harness/livebench/answer/answer.ts';
import type { GradeResult } from '../../harness/livebench/grade/judgment.ts';
import { scoreAnswers } from '../../harness/livebench/grade/score.ts';
import type { LiveBenchQuestion } from '../../harness/livebench/question.ts';
import type { WorkerItem } from '../../harness/lm-eval/messages.ts';
import { judgeUnscored, type Unscored } from '../../record/results/unscored.ts';
import type { RetryPolicy } from '../../serving/chat/completion.ts';
import type { Chunk, Plan } from '../../suite/plan/plan.ts';
import { makeFolder } from '../../system/files/files.ts';
import type { JournalServer } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import { askedOf, type JournalState, keepChunk, withKnown } from '../journal/state.ts';
import { type LookStops, labelOfLook } from '../looks/look-stops.ts';
import type { EvaluationContext, EvaluationRequest } from '../request.ts';
import { Eta } from '../workers/eta.ts';
import type { ScheduleOutcome } from '../workers/scheduler.ts';
import { type Collected, collectAnswers } from './answers.ts';
import { endOfReasoning } from './end-of-reasoning.ts';
import type { LiveBenchInventory } from './inventory.ts';
import { isNothing, toWorkerItem } from './item.ts';
import type { ReadyLiveBench } from './prepare.ts';
import type { ServerSlot } from './server-slots.ts';

/** A grader may take so long for one question; a program that the model wrote has its own limits within that. */
const GRADING_MS = 600_000;

export interface LiveBenchRun {
  plan: Plan;
  /** The plan that this run does a part of. */
  fullPlan: Plan;
  /** LiveBench's chunks of the plan. */
  chunks: readonly Chunk[];
  inventory: LiveBenchInventory;
  state: JournalState;
  journal: Journal;
  request: EvaluationRequest;
  context: EvaluationContext;
  /** Where servers may be started. */
  serverSlots: readonly ServerSlot[];
  /** Folder the answers are kept in. */
  answers: string;
  /** Which chunks are not needed; null or left out where all of them are. */
  stops?: LookStops | null;
  /** How long a server is waited for, and how often it is asked again; LiveBench's own where left out. */
  retryPolicy?: Partial<RetryPolicy>;
  /** Milliseconds a grader gets for one question, and to start; ten and three minutes where left out. */
  grading?: { timeout: number; startTimeout?: number };
}

interface Planned {
  chunk: Chunk;
  docId: number;
  question: LiveBenchQuestion;
}

/**
 * The second stage: servers answer the questions of LiveBench's chunks, then LiveBench's own code scores them. Answers are
 * kept one by one, so that no question is asked twice; a chunk goes into the journal when it is scored.
 *
 * @throws SosBenchError as keeping answers does. A server or a scorer that cannot be had fails the benchmarks, not the run.
 */
export async function runLiveBench(run: LiveBenchRun): Promise<ScheduleOutcome> {
  const { inventory, state, context } = run;
  // What came to nothing in a benchmark that was given up for it is tried again.
  const givenUp = judgeUnscored(run.fullPlan, state.unscored);
  const isOpen = ({ id, benchmark }: Chunk) =>
    !state.results.has(id) || (givenUp.has(benchmark) && state.unscored.has(id));
  const open = run.chunks.filter(isOpen).map((chunk) => askedOf(chunk, state));
  const { aborted } = context.signal;
  if (open.length === 0 || inventory.ready === null || aborted)
    return { failed: new Map(), interrupted: aborted };
  try {
    return await askAndScore(run, inventory.ready, open);
  } catch (error) {
    // What fails because we are stopping is not a failure of its own.
    if (context.signal.aborted) return { failed: new Map(), interrupted: true };
    if (!(error instanceof SosBenchError) || error.code !== 'worker-failed') throw error;
    const { message } = error;
    return { failed: new Map(open.map(({ benchmark }) => [benchmark, message])), interrupted: false };
  }
}

async function askAndScore(
  run: LiveBenchRun,
  ready: ReadyLiveBench,
  open: readonly Chunk[],
): Promise<ScheduleOutcome> {
  const { inventory, state, context, request, serverSlots } = run;
  const { signal, progress, now } = context;
  const planned = open.flatMap((chunk) =>
    chunk.docIds.map(
      (docId): Planned => ({ chunk, docId, question: questionAt(inventory, chunk.task, docId) }),
    ),
  );
  await makeFolder(run.answers, 0o700);
  const shown = showProgress(run, planned);
  const collected = await collectAnswers({
    questions: planned.map(({ question }) => question),
    serverSlots,
    folder: run.answers,
    parallel: request.serverParallel,
    maxTokens: inventory.maxTokens,
    thinking: {
      enabled: request.enableThinking ?? null,
      end: await endOfReasoning(request.thinkEndToken ?? null, serverSlots[0]?.model.path ?? ''),
      inRequest: ready.server === 'given',
    },
    retryPolicy: { ...DEFAULT_RETRY_POLICY, ...run.retryPolicy },
    signal,
    now,
    note: (text) => progress.note(text),
    async onServer(server, seconds) {
      requireSameModel(state.server, server);
      await run.journal.append({ type: 'server', server, seconds });
      state.server = server;
      state.deviceSeconds += seconds;
      shown.start();
    },
    onAnswer: shown.answered,
  });
  if (collected.interrupted) return { failed: new Map(), interrupted: true };
  const scores = await scoreCollected(run, ready, planned, collected);
  if (signal.aborted) return { failed: new Map(), interrupted: true };
  await keepScores(run, open, planned, collected, scores);
  return { failed: new Map(), interrupted: false };
}

/**
 * Answers of two models do not make one record.
 *
 * @throws SosBenchError `journal-mismatch`.
 */
function requireSameModel(before: JournalServer | null, now: JournalServer): void {
  if (before === null || before.model === null || now.model === null || before.model === now.model) return;
  throw new SosBenchError(
    'journal-mismatch',
    `earlier questions were answered by the server's model '${before.model}', and now it is '${now.model}'`,
    { hint: 'say which with server-model, or use --fresh to ask all of them again' },
  );
}

function questionAt({ questions }: LiveBenchInventory, task: string, docId: number): LiveBenchQuestion {
  const question = questions.get(task)?.[docId];
  if (question === undefined)
    throw new Error(`the plan names question ${docId} of ${task}, which is not there`);
  return question;
}

/** One progress line over both stages: a chunk is as far as its questions are answered. */
function showProgress({ plan, state, context, stops = null }: LiveBenchRun, planned: readonly Planned[]) {
  const open = new Set(planned.map(({ chunk }) => chunk.id));
  const done = [...state.results.keys()].filter((id) => !open.has(id));
  const isDropped = (chunk: Chunk) => stops?.isDropped(chunk) ?? false;
  const eta = new Eta(plan.chunks, new Set(done), () => performance.now(), isDropped);
  const chunks = new Map(planned.map(({ question, chunk }) => [question.id, chunk]));
  const counts = new Map<string, number>();
  return {
    start: () => eta.start(),
    answered(questionId: string) {
      const chunk = chunks.get(questionId);
      if (chunk === undefined) return;
      const count = (counts.get(chunk.id) ?? 0) + 1;
      counts.set(chunk.id, count);
      eta.advance(chunk.id, count / chunk.docIds.length);
      const label = labelOfLook(stops, chunk.benchmark);
      context.progress.update({ ...eta.state(stops?.look), label });
    },
  };
}

async function scoreCollected(
  { answers: folder, context, request, journal, state, grading = { timeout: GRADING_MS } }: LiveBenchRun,
  ready: ReadyLiveBench,
  planned: readonly Planned[],
  { answers }: Collected,
): Promise<Map<string, GradeResult>> {
  const { progress, signal } = context;
  const { livebench } = request;
  // Where reasoning has no end there is no answer to grade.
  const answered = planned
    .map(({ question }) => question)
    .filter(({ id }) => answers.has(id) && !isNothing(answers.get(id)!));
  if (answered.length === 0) return new Map();
  progress.note(`LiveBench scores ${answered.length} ${noun(answered.length, 'answer')}`);
  const { environment, sandbox } = ready;
  const { allowUnsafeCode } = livebench;
  const use = { kind: sandbox.kind, allowUnsafeCode };
  await journal.append({ type: 'sandbox', sandbox: use, seconds: 0 });
  state.sandboxes.push(use);
  const scratchParent = join(folder, 'scratch');
  // A run that was killed leaves its own behind.
  await removeFolder(scratchParent);
  await makeFolder(scratchParent, 0o700);
  try {
    return await scoreAnswers({
      environment,
      sandbox,
      questions: answered,
      answers: new Map([...answers].map(([id, { turns }]) => [id, turns])),
      release: livebench.release,
      scratchParent,
      parallel: availableParallelism(),
      ...grading,
      allowUnsafeCode,
      signal,
      note: (text) => progress.note(text),
    });
  } finally {
    await removeFolder(scratchParent);
  }
}

async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** Journals what became of every question: its score, or why it has none. */
async function keepScores(
  { state, journal, context, serverSlots }: LiveBenchRun,
  chunks: readonly Chunk[],
  planned: readonly Planned[],
  { answers, failures, atATime }: Collected,
  scores: ReadonlyMap<string, GradeResult>,
): Promise<void> {
  // Questions that one device answered at a time: its share of each.
  const concurrency = Math.min(atATime, Math.ceil(planned.length / serverSlots.length));
  for (const chunk of chunks) {
    const items: WorkerItem[] = [];
    const unscored: Unscored[] = [];
    let seconds = 0;
    for (const { docId, question } of planned.filter((one) => one.chunk === chunk)) {
      const answer = answers.get(question.id);
      seconds += (answer?.seconds ?? 0) / concurrency;
      const scored = answer !== undefined && isNothing(answer) ? { score: 0 } : scores.get(question.id);
      if (answer !== undefined && scored !== undefined && 'score' in scored) {
        items.push(toWorkerItem(docId, question, answer, scored));
        continue;
      }
      const reason =
        scored === undefined ? failures.get(question.id) : (scored as { failure: string }).failure;
      unscored.push({ docId, id: question.id, reason: reason ?? 'it got no answer' });
      context.progress.note(`${chunk.benchmark}: ${question.id}: ${reason ?? 'it got no answer'}`);
    }
    const entry = withKnown(
      { chunk: chunk.id, items, ...(unscored.length === 0 ? {} : { unscored }) },
      state,
    );
    await journal.append({ type: 'chunk', ...entry, seconds, batchSize: '1' });
    keepChunk(state, entry);
    state.deviceSeconds += seconds;
  }
}
