import { type PreparedResult, PreparedSandbox } from '../../../system/sandbox/prepared.ts';
import { describeStop, type Sandbox } from '../../../system/sandbox/sandbox.ts';
import { MODEL } from '../answer/answer-file.ts';
import type { LiveBenchEnvironment } from '../checkout/environment.ts';
import { gradingFiles } from '../checkout/scratch.ts';
import { LIMITS, scriptPath, scriptSurroundings } from '../checkout/script.ts';
import type { LiveBenchQuestion } from '../question.ts';
import { type GradeResult, Judgments } from './judgment.ts';

export interface GraderOptions {
  environment: LiveBenchEnvironment;
  sandbox: Sandbox;
  /** LiveBench's release option. */
  release: string;
  /** Folder with room for what a sandbox needs; what is put there is removed. */
  scratchParent: string;
  /** Bytes of the largest question and its answer. */
  largest: number;
  /** Whether all questions are of coding. */
  codeOnly: boolean;
  /** Milliseconds the grader may take for one question. */
  timeout: number;
  /** Milliseconds for importing all that LiveBench imports; three minutes where left out, for slow disks. */
  startTimeout?: number;
  signal?: AbortSignal | undefined;
}

export interface Graded {
  /** Null where it left no judgment that counts. */
  outcome: GradeResult | null;
  /** Why the run ended before its end; null where it came to it, whatever it left undone. */
  trouble: string | null;
  /**
   * The last line it printed where it did not get as far as reading questions, so that no question is to blame. Null
   * where it did: from then on an answer may be what it prints.
   */
  lastLineBefore: string | null;
  /** LiveBench's own lines on this question. */
  lines: string;
}

const SCRIPT = 'gen_ground_truth_judgment.py';
/** The graders of all but coding. */
const OTHER_GRADERS = ['data_analysis', 'instruction_following', 'math', 'reasoning', 'writing'].map(
  (category) => `livebench.process_results.${category}`,
);
const START_MS = 180_000;
/** What LiveBench prints when it opens a file of questions. */
const OPENS_QUESTIONS = 'questions from';

/**
 * LiveBench's `gen_ground_truth_judgment.py`, loaded once in a sandbox of its own and run for one question at a time, each time in a fork
 * of its own. Its exit code alone says little: what counts is the judgment that is there when all it started is gone.
 */
export class Grader {
  readonly #prepared: PreparedSandbox;
  readonly #options: GraderOptions;
  #isUsable = true;

  private constructor(prepared: PreparedSandbox, options: GraderOptions) {
    this.#prepared = prepared;
    this.#options = options;
  }

  /**
   * @returns the grader, or why there is none: words, and the last line that was printed.
   * @throws SosBenchError `interrupted`.
   */
  static async open(options: GraderOptions): Promise<Grader | { failure: string; lastLine: string }> {
    const { environment, sandbox, scratchParent, largest, signal } = options;
    const prepared = await PreparedSandbox.open(sandbox, {
      ...scriptSurroundings(environment, sandbox),
      python: environment.python,
      program: scriptPath(environment, SCRIPT),
      // It reads all the settings it knows of to find that it knows none of ours.
      calls: [['livebench.model', 'get_model_config', [MODEL]]],
      unused: options.codeOnly ? OTHER_GRADERS : [],
      limits: { ...LIMITS, wallMs: options.startTimeout ?? START_MS },
      // LiveBench writes a question's tests down once more.
      inputSize: 2 * largest,
      scratchParent,
      signal,
    });
    if (prepared instanceof PreparedSandbox) return new Grader(prepared, options);
    return { failure: prepared.failure, lastLine: lastLineOf(prepared.printed) };
  }

  /** Whether it can be given another question. */
  get isUsable(): boolean {
    return this.#isUsable;
  }

  /**
   * @param timeout milliseconds; of the options where left out.
   * @throws SosBenchError `interrupted`.
   */
  async grade(
    question: LiveBenchQuestion,
    answer: readonly string[],
    timeout = this.#options.timeout + (this.#options.startTimeout ?? START_MS),
  ): Promise<Graded> {
    const { files, folders, judgment, bench } = gradingFiles(question, answer);
    const result = await this.#prepared.run({
      files,
      folders,
      arguments: [
        ...['--bench-name', bench, '--model', MODEL, '--question-source', 'jsonl', '--parallel', '1'],
        ...['--livebench-release-option', this.#options.release],
      ],
      timeout,
      result: judgment,
    });
    this.#isUsable = !result.died;
    // A line of another question or model is passed over: it was not asked about that.
    const judgments = new Judgments(MODEL);
    // One that was killed, or ended in the middle, has said nothing.
    const lines = result.exitCode === 0 ? (result.result ?? '') : '';
    judgments.addLines(lines);
    const outcome = judgments.get(question.id) ?? null;
    const began = outcome !== null || result.stopped !== null || result.printed.includes(OPENS_QUESTIONS);
    const lastLineBefore = began || result.died ? null : lastLineOf(result.printed);
    return { outcome, trouble: troubleOf(result, timeout), lastLineBefore, lines };
  }

  async close(): Promise<void> {
    await this.#prepared.close();
  }
}

function troubleOf(result: PreparedResult, timeout: number): string | null {
  const { stopped, died, exitCode, full, printed } = result;
  if (stopped !== null) {
    const limits = { ...LIMITS, silenceMs: timeout, wallMs: timeout };
    return `the grader was ended: ${describeStop(stopped, limits)}`;
  }
  if (died) return 'the sandbox of the grader came to an end';
  if (exitCode === 0) return null;
  if (full) return 'the grader ran out of room: its scratch folder or /tmp is full';
  return describeEnd(exitCode, printed);
}

function lastLineOf(printed: string): string {
  return printed.trim().split('\n').at(-1) ?? '';
}

/** Python's own errors, as a traceback's last line begins. Any other word there may be from an answer. */
const ERRORS = new RegExp(
  `^((?:${[
    'Arithmetic|Assertion|Attribute|BlockingIO|BrokenPipe|Buffer|ChildProcess|Connection|ConnectionAborted',
    'ConnectionRefused|ConnectionReset|EOF|FileExists|FileNotFound|FloatingPoint|Import|Indentation|Index',
    'Interrupted|IsADirectory|Key|Lookup|Memory|ModuleNotFound|Name|NotADirectory|NotImplemented|OS|Overflow',
    'Permission|ProcessLookup|Recursion|Reference|Runtime|Syntax|System|Tab|Timeout|Type|UnboundLocal|Unicode',
    'UnicodeDecode|UnicodeEncode|UnicodeTranslate|Value|ZeroDivision',
  ].join('|')})Error|Exception|KeyboardInterrupt|StopIteration|SystemExit)\\b`,
  'gm',
);

/** The type of the error that ended it, never its message: that may hold an answer. */
function describeEnd(exitCode: number | null, printed: string): string {
  const errors = [...printed.matchAll(ERRORS)].map(([, name]) => name!);
  // LiveBench wraps every error in one of this type.
  const cause = errors.findLast((name) => name !== 'RuntimeError') ?? errors.at(-1);
  if (cause !== undefined) return `the grader raised ${cause}`;
  return exitCode !== null && exitCode > 128
    ? `the grader was killed by signal ${exitCode - 128}`
    : `the grader ended with code ${exitCode}`;
}
