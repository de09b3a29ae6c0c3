import { SosBenchError } from '../../../error.ts';
import { countOomKills } from '../../../system/process/oom-kills.ts';
import { onPages } from '../../../system/sandbox/command-line.ts';
import type { Sandbox } from '../../../system/sandbox/sandbox.ts';
import type { LiveBenchEnvironment } from '../checkout/environment.ts';
import { CODE_TASKS, type LiveBenchQuestion } from '../question.ts';
import { type Confirmation, Confirmer, gradingTime, type Tests } from './confirm.ts';
import { type Graded, Grader, type GraderOptions } from './grade.ts';
import type { Grade, GradeResult } from './judgment.ts';

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
  /** Answers graded at a time: more than cores makes them run into their time limits. */
  parallel: number;
  /** Milliseconds the grader may take for one question. */
  timeout: number;
  /** As in `GraderOptions`. */
  startTimeout?: number;
  /** Told LiveBench's own lines on each question. */
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
/** An answer that leaves the grader alone. */
const HARMLESS = ['```python\npass\n```'];
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
 * Every question gets an outcome: its score in [0,1], or why it has none. Each answer is graded in a process of its own; a grader's error
 * is never a score, and the question is tried once more. What LiveBench says of a coding answer counts where the answer's own outputs
 * bear it out.
 *
 * @throws SosBenchError `worker-failed` where the scorer does not start, `interrupted`.
 */
export async function scoreAnswers(options: ScoreOptions): Promise<Map<string, GradeResult>> {
  const outcomes = new Map<string, GradeResult>();
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

interface Try {
  question: LiveBenchQuestion;
  /** What came of it before; null at the first try. */
  before: Before | null;
}

interface Before {
  /** What went wrong. */
  failure: string;
  /** What was found before the grader had it; it is not confirmed again after that. */
  confirmation?: Confirmation;
}

class Scoring {
  readonly #options: ScoreOptions;
  readonly #outcomes: Map<string, GradeResult>;
  /** Runs that came to nothing, by the task they stood at. */
  readonly #fruitless = new Map<string, number>();

  constructor(options: ScoreOptions, outcomes: Map<string, GradeResult>) {
    this.#options = options;
    this.#outcomes = outcomes;
  }

  async run(questions: readonly LiveBenchQuestion[]): Promise<void> {
    const code = questions.filter(isCode);
    const other = questions.filter((question) => !isCode(question));
    // Each in sandboxes of its own: what runs answers is not a place for those that are only read.
    await this.#inParallel(code, () => new CodeSlot(this.#options, largest(code, this.#options)));
    await this.#inParallel(other, () => new TextSlot(this.#options, largest(other, this.#options)));
  }

  async #inParallel(questions: readonly LiveBenchQuestion[], slot: () => ScoringSlot): Promise<void> {
    const queue: Try[] = questions.map((question) => ({ question, before: null }));
    const count = Math.min(Math.max(1, this.#options.parallel), questions.length);
    const ends = await Promise.allSettled(
      Array.from({ length: count }, async () => {
        const own = slot();
        try {
          for (let next = queue.shift(); next !== undefined; next = queue.shift())
            await this.#try(next, own, queue);
        } finally {
          await own.close();
        }
      }),
    );
    // One that fails is waited for like the others: none may go on in the background.
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #try({ question, before }: Try, slot: ScoringSlot, queue: Try[]): Promise<void> {
    const { id, task } = question;
    if ((this.#fruitless.get(task) ?? 0) >= MAX_FRUITLESS) {
      const failure = `not graded: ${MAX_FRUITLESS} runs of the grader of ${task} came to nothing`;
      return this.#settle(id, { failure: before?.failure ?? failure });
    }
    const { outcome, isFruitless, confirmation } = await slot.score(
      question,
      this.#options.answers.get(id)!,
      before,
    );
    if (isFruitless) this.#fruitless.set(task, (this.#fruitless.get(task) ?? 0) + 1);
    if ('failure' in outcome && before === null)
      queue.push({
        question,
        before: { failure: outcome.failure, ...(confirmation === undefined ? {} : { confirmation }) },
      });
    else this.#settle(id, outcome);
  }

  #settle(id: string, outcome: GradeResult): void {
    this.#outcomes.set(id, outcome);
    this.#options.progress?.(this.#outcomes.size, this.#options.questions.length);
    const name = `LiveBench question ${id.slice(0, 16)}`;
    if ('failure' in outcome) this.#options.note(`${name}: ${outcome.failure}`);
    else if (outcome.note !== undefined) this.#options.note(`${name}: ${outcome.note}`);
  }
}

interface Scored {
  outcome: GradeResult;
  /** Whether the grader came to nothing: some of that, and a task is given up. */
  isFruitless: boolean;
  /** What is not to be found again, since the grader has had the answer. */
  confirmation?: Confirmation;
}

/** Scores one question after the other, with what it needs prepared. */
interface ScoringSlot {
  /** @param before what came of it before; null at the first try. */
  score(question: LiveBenchQuestion, answer: string[], before: Before | null): Promise<Scored>;
  close(): Promise<void>;
}

/** LiveBench's grader, opened when it is needed, and again where it came to an end. */
class GraderSlot {
  readonly #options: GraderOptions;
  #grader: Grader | null = null;

  constructor(options: ScoreOptions, largest: number, codeOnly: boolean) {
    this.#options = { ...options, largest, codeOnly };
  }

  /** @throws SosBenchError `worker-failed` where it does not start, `interrupted`. */
  async grade(question: LiveBenchQuestion, answer: string[], timeout?: number): Promise<Graded> {
    const grader = await this.#open();
    const graded = await grader.grade(question, answer, timeout);
    if (graded.lastLineBefore !== null)
      throw noStart(graded.trouble, graded.lastLineBefore, this.#options.environment);
    if (!grader.isUsable) {
      await grader.close();
      this.#grader = null;
    }
    return graded;
  }

  async #open(): Promise<Grader> {
    if (this.#grader !== null) return this.#grader;
    const opened = await Grader.open(this.#options);
    if (!(opened instanceof Grader))
      throw noStart(opened.failure, opened.lastLine, this.#options.environment);
    this.#grader = opened;
    return opened;
  }

  async close(): Promise<void> {
    await this.#grader?.close();
  }
}

/** Answers that are read and not run. */
class TextSlot implements ScoringSlot {
  readonly #grader: GraderSlot;
  readonly #options: ScoreOptions;

  constructor(options: ScoreOptions, largest: number) {
    this.#options = options;
    this.#grader = new GraderSlot(options, largest, false);
  }

  async score(question: LiveBenchQuestion, answer: string[]): Promise<Scored> {
    const graded = await this.#grader.grade(question, answer);
    this.#options.onJudgments?.(graded.lines);
    return { outcome: graded.outcome ?? noJudgment(graded), isFruitless: graded.outcome === null };
  }

  async close(): Promise<void> {
    await this.#grader.close();
  }
}

/** Answers that are programs. */
class CodeSlot implements ScoringSlot {
  readonly #grader: GraderSlot;
  readonly #confirmer: Confirmer;
  readonly #options: ScoreOptions;

  constructor(options: ScoreOptions, largest: number) {
    this.#options = options;
    this.#grader = new GraderSlot(options, largest, true);
    this.#confirmer = new Confirmer({ ...options, largest });
  }

  /**
   * The answer runs where nothing is expected of it first, and never again once LiveBench's grader has had it: whatever it learns there, it
   * learns too late, also where it leaves what it learned in something that both sandboxes see. Twice, where the first time was no success:
   * time limits are on the clock, and some programs draw lots.
   */
  async score(question: LiveBenchQuestion, answer: string[], before: Before | null): Promise<Scored> {
    const again = before !== null;
    const tests = await this.#confirmer.readTests(question);
    if ('failure' in tests) return { outcome: tests, isFruitless: true };
    const confirmation = before?.confirmation ?? (await this.#confirm(question, answer, tests));
    // The grader has to wait for the second try.
    if (typeof confirmation === 'object' && 'failure' in confirmation && !again)
      return { outcome: confirmation, isFruitless: true };
    const killed = countOomKills();
    const longest = this.#options.timeout + (this.#options.startTimeout ?? Number.POSITIVE_INFINITY);
    const timeout = Math.min(longest, gradingTime(tests));
    const graded = await this.#grader.grade(question, answer, timeout);
    this.#options.onJudgments?.(graded.lines);
    const said = graded.outcome ?? noJudgment(graded);
    if ('score' in said) return weigh(said, confirmation);
    // Where the machine ran out of memory it may be anybody's doing.
    if (!again || countOomKills() !== killed) return { outcome: said, isFruitless: again, confirmation };
    // Nothing but the answer ran there. Whether that is why, one that does nothing shows.
    const control = await this.#grader.grade(question, HARMLESS, timeout);
    if (control.outcome === null || 'failure' in control.outcome) return { outcome: said, isFruitless: true };
    return { outcome: { score: 0, note: `it scores 0: ${said.failure}` }, isFruitless: false };
  }

  async #confirm(question: LiveBenchQuestion, answer: string[], tests: Tests): Promise<Confirmation> {
    const first = await this.#confirmer.confirm(question, answer, tests);
    return first === 'confirmed' ? first : await this.#confirmer.confirm(question, answer, tests);
  }

  async close(): Promise<void> {
    await Promise.all([this.#grader.close(), this.#confirmer.close()]);
  }
}

/** What a coding answer scores: what LiveBench's grader says, where its own outputs bear that out. */
function weigh(said: Grade, confirmation: Confirmation): Scored {
  if (said.score === 0 || confirmation === 'confirmed') return { outcome: said, isFruitless: false };
  if ('failure' in confirmation) return { outcome: confirmation, isFruitless: true };
  const { difference } = confirmation;
  const note = `it passed LiveBench's grader and was not confirmed, so it scores 0: ${difference}`;
  return { outcome: { score: 0, unconfirmed: difference, note }, isFruitless: false };
}

function noJudgment({ trouble }: Graded): { failure: string } {
  return { failure: trouble ?? 'the grader left no judgment and reports no error' };
}

/** Bytes of the largest question with its answer, as they are put into a sandbox. */
function largest(questions: readonly LiveBenchQuestion[], { answers }: ScoreOptions): number {
  const sizes = questions.map(
    ({ id, raw }) =>
      Buffer.byteLength(JSON.stringify(raw)) + Buffer.byteLength(JSON.stringify(answers.get(id))),
  );
  return onPages(sizes.reduce((most, size) => Math.max(most, size), 0));
}

function isCode({ task }: LiveBenchQuestion): boolean {
  return CODE_TASKS.includes(task);
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
          ? "delete the folder of LiveBench's Python environment; the next run builds it again"
          : `${checkout.deviation}; leave livebench-dir and livebench-ref out to use the pinned commit`,
    },
  );
}
