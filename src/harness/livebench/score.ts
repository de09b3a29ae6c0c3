import { SosBenchError } from '../../error.ts';
import type { Sandbox } from '../../system/sandbox/sandbox.ts';
import type { LiveBenchEnvironment } from './environment.ts';
import { type Graded, grade } from './grade.ts';
import type { Outcome } from './judgment.ts';
import { CODE_TASKS, type LiveBenchQuestion } from './question.ts';
import { groupByTask } from './scratch.ts';

export interface ScoreOptions {
  environment: LiveBenchEnvironment;
  questions: readonly LiveBenchQuestion[];
  /** By question id: one text for each message. */
  answers: ReadonlyMap<string, string[]>;
  /** LiveBench's release option. */
  release: string;
  /** Folder with room for questions and answers; what is put there is removed. */
  scratchParent: string;
  sandbox: Sandbox;
  /** Graders at a time: more than cores makes them run into their own time limits. */
  parallel: number;
  /** Milliseconds the grader may take for one question. */
  timeout: number;
  /** As in `GradeOptions`. */
  startTimeout?: number;
  /** As in `GradeOptions`. */
  onJudgments?: (lines: string) => void;
  /** Run answers of coding questions without a sandbox. */
  allowUnsafeCode?: boolean;
  signal?: AbortSignal | undefined;
  note: (text: string) => void;
  /** Told how many questions have an outcome. */
  progress?: (done: number, total: number) => void;
}

/** LiveBench's mark for an answer that could not be had. */
const ERROR_ANSWER = '$ERROR$';
/** Runs that had to be ended, or left no judgment at all, after which no more of a task is tried. */
const MAX_FRUITLESS = 20;

/** Why coding answers cannot be graded here; null where they can. */
export function refuseCode(sandbox: Sandbox, allowUnsafeCode: boolean): string | null {
  if (sandbox.kind !== 'none' || allowUnsafeCode) return null;
  return `grading runs code that the model wrote, and there is no sandbox here (${sandbox.detail}); allow-unsafe-code runs it without one`;
}

/**
 * Scores answers with LiveBench's own scorer, in the sandbox.
 *
 * Every question gets an outcome: its score in [0,1], or why it has none. A grader's error is never a score: where one
 * stops at a question the others are graded without it, and it is tried once more on its own.
 *
 * @throws SosBenchError `worker-failed` where the scorer does not start, `interrupted`.
 */
export async function scoreAnswers(options: ScoreOptions): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const refusal = refuseCode(options.sandbox, options.allowUnsafeCode ?? false);
  const gradable = options.questions.filter((question) => {
    const answer = options.answers.get(question.id);
    const failure =
      answer === undefined || answer.length === 0
        ? 'it has no answer'
        : answer.includes(ERROR_ANSWER)
          ? 'its answer is the mark of a failed request ($ERROR$)'
          : isCode(question)
            ? refusal
            : null;
    if (failure !== null) outcomes.set(question.id, { failure });
    return failure === null;
  });
  await new Scoring(options, outcomes).run(gradable);
  // In the order of the questions, whichever grader was done first.
  return new Map(options.questions.map(({ id }) => [id, outcomes.get(id)!]));
}

interface Batch {
  questions: LiveBenchQuestion[];
  /** What went wrong with these before; null at the first try. */
  before: string | null;
}

class Scoring {
  readonly #options: ScoreOptions;
  readonly #outcomes: Map<string, Outcome>;
  readonly #queue: Batch[] = [];
  /** Runs that came to nothing, by the task they stood at. */
  readonly #fruitless = new Map<string, number>();

  constructor(options: ScoreOptions, outcomes: Map<string, Outcome>) {
    this.#options = options;
    this.#outcomes = outcomes;
  }

  async run(questions: readonly LiveBenchQuestion[]): Promise<void> {
    const { parallel } = this.#options;
    // Coding answers are run by their grader: they share it with no other task's judgments.
    for (const part of [questions.filter(isCode), questions.filter((question) => !isCode(question))])
      this.#queue.push(...cut(part, parallel).map((group) => ({ questions: group, before: null })));
    const workers = Array.from({ length: Math.max(1, parallel) }, async () => {
      for (let batch = this.#queue.shift(); batch !== undefined; batch = this.#queue.shift())
        await this.#grade(batch);
    });
    // One that fails is waited for like the others: none may go on in the background.
    const ends = await Promise.allSettled(workers);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #grade(batch: Batch): Promise<void> {
    const options = this.#options;
    const questions = batch.questions.filter((question) => !this.#isGivenUp(question, batch));
    if (questions.length === 0) return;
    const graded = await grade(questions, options);
    if (graded.lastLineBefore !== null)
      throw noStart(graded.trouble, graded.lastLineBefore, options.environment);
    const open: LiveBenchQuestion[] = [];
    const again: LiveBenchQuestion[] = [];
    for (const question of questions) {
      const outcome = graded.judgments.get(question.id);
      if (outcome === undefined) open.push(question);
      else if ('failure' in outcome && batch.before === null) again.push(question);
      else this.#settle(question.id, outcome);
    }
    if (again.length > 0) this.#queue.push({ questions: again, before: 'the grader reports an error' });
    const [first] = open;
    if (first === undefined) return;
    if (graded.ended || graded.judgments.size === 0)
      this.#fruitless.set(first.task, (this.#fruitless.get(first.task) ?? 0) + 1);
    this.#divide(open, { ...batch, questions }, graded);
  }

  /** Whether too many runs stood at the question's task already; it has its outcome then. */
  #isGivenUp({ id, task }: LiveBenchQuestion, { before }: Batch): boolean {
    if ((this.#fruitless.get(task) ?? 0) < MAX_FRUITLESS) return false;
    const failure = `not graded: ${MAX_FRUITLESS} runs of the grader of ${task} came to nothing`;
    this.#settle(id, { failure: before ?? failure });
    return true;
  }

  /** What to do about questions that a run left without a judgment. */
  #divide(open: LiveBenchQuestion[], batch: Batch, graded: Graded): void {
    const reason = graded.trouble ?? 'the grader left no judgment and reports no error';
    const [first, ...rest] = open as [LiveBenchQuestion, ...LiveBenchQuestion[]];
    const stopped = graded.trouble !== null || isEndOf(open, batch.questions);
    if (!stopped && (batch.before === null || open.length === 1)) this.#failed(open, batch, reason);
    else if (!stopped || isBatchGraded(first)) this.#halve(open, first, batch, reason);
    else {
      this.#failed([first], batch, reason);
      if (rest.length > 0) this.#queue.push({ questions: rest, before: batch.before });
    }
  }

  /** Which of a task's questions stops a grader that does them all at once shows when it does fewer. */
  #halve(open: LiveBenchQuestion[], first: LiveBenchQuestion, batch: Batch, reason: string): void {
    const task = open.filter((question) => question.task === first.task);
    const others = open.filter((question) => question.task !== first.task);
    if (task.length === 1) this.#failed(task, batch, reason);
    else {
      const half = Math.ceil(task.length / 2);
      this.#queue.push({ questions: task.slice(0, half), before: batch.before });
      this.#queue.push({ questions: task.slice(half), before: batch.before });
    }
    if (others.length > 0) this.#queue.push({ questions: others, before: batch.before });
  }

  #failed(questions: LiveBenchQuestion[], batch: Batch, reason: string): void {
    if (batch.before === null) this.#queue.push({ questions, before: reason });
    else for (const { id } of questions) this.#settle(id, { failure: reason });
  }

  #settle(id: string, outcome: Outcome): void {
    this.#outcomes.set(id, outcome);
    this.#options.progress?.(this.#outcomes.size, this.#options.questions.length);
    if ('failure' in outcome) this.#options.note(`LiveBench question ${id.slice(0, 16)}: ${outcome.failure}`);
  }
}

function isCode({ task }: LiveBenchQuestion): boolean {
  return CODE_TASKS.includes(task);
}

/** Whether a run did the questions before these and none of these: it stopped at the first, whatever its exit code says. */
function isEndOf(open: readonly LiveBenchQuestion[], all: readonly LiveBenchQuestion[]): boolean {
  return open.length < all.length && all.at(-open.length) === open[0];
}

/** LiveBench grades instruction following of the releases before 2025-11-25 a task at a time. */
function isBatchGraded({ category }: LiveBenchQuestion): boolean {
  return category === 'instruction_following';
}

/** Cuts into parts of nearly equal size, each in the order of its tasks: that is the order they are graded in. */
function cut(questions: readonly LiveBenchQuestion[], parts: number): LiveBenchQuestion[][] {
  const ordered = [...groupByTask(questions).values()].flat();
  const count = Math.min(Math.max(1, parts), ordered.length);
  return Array.from({ length: count }, (_, part) =>
    ordered.slice(
      Math.floor((ordered.length * part) / count),
      Math.floor((ordered.length * (part + 1)) / count),
    ),
  );
}

function noStart(
  trouble: string | null,
  lastLine: string,
  { checkout }: LiveBenchEnvironment,
): SosBenchError {
  return new SosBenchError(
    'worker-failed',
    `LiveBench's scorer does not start: ${trouble ?? 'it ended without reading a question'} (${lastLine.slice(0, 200)})`,
    {
      hint:
        checkout.deviation === null
          ? "delete the folder of LiveBench's Python environment; the next run builds it anew"
          : `${checkout.deviation}; leave livebench-dir and livebench-ref out to use the pinned commit`,
    },
  );
}
