import { runInSandbox } from '../../system/sandbox/run.ts';
import { describeStop, type Sandbox } from '../../system/sandbox/sandbox.ts';
import type { LiveBenchEnvironment } from './environment.ts';
import { Judgments } from './judgment.ts';
import type { LiveBenchQuestion } from './question.ts';
import { groupByTask, MODEL, withScratch } from './scratch.ts';
import { LIMITS, scriptJob } from './script.ts';

export interface GradeOptions {
  environment: LiveBenchEnvironment;
  answers: ReadonlyMap<string, string[]>;
  release: string;
  scratchParent: string;
  sandbox: Sandbox;
  /** Milliseconds the grader may take for one question. */
  timeout: number;
  /** Milliseconds for importing all that LiveBench imports; three minutes where left out, for slow disks. */
  startTimeout?: number;
  /** Told LiveBench's own lines after each run. */
  onJudgments?: (lines: string) => void;
  signal?: AbortSignal | undefined;
}

export interface Graded {
  judgments: Judgments;
  /** Why the run ended before its end; null where it came to it, whatever it left undone. */
  trouble: string | null;
  /** Whether it had to be ended from outside. */
  ended: boolean;
  /**
   * The last line it printed where it did not get as far as reading questions, so that no question is to blame. Null
   * where it did: from then on an answer may be what it prints.
   */
  lastLineBefore: string | null;
}

const JUDGMENTS = 'data/**/model_judgment/ground_truth_judgment.jsonl';
const START_MS = 180_000;
/** What LiveBench prints when it opens a file of questions. */
const OPENS_QUESTIONS = 'questions from';

/**
 * One run of LiveBench's `gen_ground_truth_judgment.py`. It goes through the questions one after the other in the order
 * given (by task), so that the first one without a judgment is where it stopped. Its exit code says little and is not
 * taken at its word: what counts is which judgments are there.
 */
export async function grade(questions: readonly LiveBenchQuestion[], options: GradeOptions): Promise<Graded> {
  const judgments = new Judgments(MODEL);
  const { environment, answers, release, scratchParent, sandbox, timeout, signal } = options;
  const startTimeout = options.startTimeout ?? START_MS;
  const limits = {
    ...LIMITS,
    silenceMs: timeout + startTimeout,
    wallMs: startTimeout + timeout * (questions.length + 1),
  };
  return await withScratch(scratchParent, questions, answers, null, async (input) => {
    const args = [
      ...['--bench-name', ...groupByTask(questions).keys()],
      ...['--model', MODEL, '--question-source', 'jsonl', '--parallel', '1'],
      ...['--livebench-release-option', release],
    ];
    const job = scriptJob(environment, sandbox, 'gen_ground_truth_judgment.py', args, {
      input,
      watch: [JUDGMENTS],
      limits,
      scratchParent,
      signal,
    });
    let streamed = '';
    let began = false;
    let end = '';
    const result = await runInSandbox(sandbox, {
      ...job,
      onLines: (_, text) => {
        streamed += text;
        judgments.addLines(text);
      },
      onPrinted(text) {
        if (began) return;
        began = (end + text).includes(OPENS_QUESTIONS);
        end = (end + text).slice(-OPENS_QUESTIONS.length);
      },
    });
    // At its end LiveBench sorts the lines: what was seen to come may lack some of them.
    const final = result.files === null ? streamed : [...result.files.values()].join('');
    judgments.addLines(final);
    options.onJudgments?.(final);
    began ||= judgments.size > 0 || result.stopped !== null;
    const trouble =
      result.stopped !== null
        ? `the grader was ended: ${describeStop(result.stopped, limits)}`
        : result.exitCode === 0
          ? null
          : result.full
            ? 'the grader ran out of room: its scratch folder or /tmp is full'
            : describeEnd(result.exitCode, result.printed);
    const ended = result.stopped !== null;
    const lastLineBefore = began ? null : (result.printed.trim().split('\n').at(-1) ?? '');
    return { judgments, trouble, ended, lastLineBefore };
  });
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
