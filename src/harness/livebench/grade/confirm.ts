import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { z } from 'zod';
import { parseIfJson } from '../../../json.ts';
import { packageRoot } from '../../../system/paths.ts';
import { startChild } from '../../../system/process/start-child.ts';
import { readLines } from '../../../system/sandbox/lines.ts';
import { type PreparedResult, PreparedSandbox } from '../../../system/sandbox/prepared.ts';
import { describeStop, type Sandbox } from '../../../system/sandbox/sandbox.ts';
import { LIMITS, programEnvironment } from '../checkout/script.ts';
import type { LiveBenchQuestion } from '../question.ts';

export interface ConfirmerOptions {
  sandbox: Sandbox;
  scratchParent: string;
  /** Bytes of the largest question and its answer. */
  largest: number;
  signal?: AbortSignal | undefined;
}

/** Whether a program gives what was expected; why it does not, in words that hold nothing of either; or why we cannot tell. */
export type Confirmation = 'confirmed' | { difference: string } | { failure: string };

/** LiveBench's limit for one test. */
const TEST_SECONDS = 6;
/** For compiling an answer and one test, and what both may take where the answer goes on after its time. The answer has no say in it. */
const MAX_TEST_SECONDS = 3 * TEST_SECONDS;
const START_MS = 60_000;
const MAX_REPLY = 400 * 2 ** 20;

const TestsSchema = z.object({ inputs: z.array(z.string()), method: z.string().nullable() });
const DifferenceSchema = z.object({ difference: z.string().nullable() });
/** Inputs of a question's tests, and the name of the method where it is not a program. */
export type Tests = z.infer<typeof TestsSchema>;

/**
 * Runs answers to coding questions where no expected output is, and compares what they give outside of it, by LiveBench's rules.
 *
 * LiveBench executes an answer in the interpreter that also decides and knows what is expected. Here it knows the inputs alone, and
 * whatever it does to the process it runs in, it can only give other outputs.
 */
export class Confirmer {
  readonly #options: ConfirmerOptions;
  readonly #comparer: Comparer;
  #prepared: PreparedSandbox | null = null;

  constructor(options: ConfirmerOptions) {
    this.#options = options;
    this.#comparer = new Comparer(options.sandbox);
  }

  /** How many tests a question has; null where they cannot be read. They are what the next `confirm` is about. */
  async readTests(question: LiveBenchQuestion): Promise<Tests | { failure: string }> {
    const { public_test_cases, private_test_cases, original_json } = question.raw as Record<string, unknown>;
    const { metadata } = original_json as { metadata: unknown };
    const tests = { public: public_test_cases, private: private_test_cases, metadata };
    const reply = TestsSchema.safeParse(await this.#comparer.ask({ tests }));
    return reply.success ? reply.data : { failure: 'the tests of the question cannot be read' };
  }

  /**
   * @param tests as `readTests` gave them last.
   * @throws SosBenchError `interrupted`.
   */
  async confirm(question: LiveBenchQuestion, answer: readonly string[], tests: Tests): Promise<Confirmation> {
    if (this.#prepared === null) {
      const opened = await this.#open();
      if (!(opened instanceof PreparedSandbox)) return { failure: opened.failure };
      this.#prepared = opened;
    }
    const request = {
      answer: answer.at(-1) ?? '',
      partial: question.raw.partial_solution ?? null,
      method: tests.method,
      inputs: tests.inputs,
      seconds: TEST_SECONDS,
    };
    const timeout = gradingTime(tests);
    const result = await this.#prepared.run({
      files: [['request.json', JSON.stringify(request)]],
      folders: [],
      arguments: [],
      timeout,
      result: 'outputs.jsonl',
      lines: { count: tests.inputs.length, timeout: MAX_TEST_SECONDS * 1000 },
    });
    if (result.died) {
      await this.#prepared.close();
      this.#prepared = null;
      if (result.stopped === null) return { failure: 'the sandbox in which it is confirmed came to an end' };
    }
    const ended = describeEnd(result, timeout);
    if (ended !== null) return { difference: ended };
    const reply = DifferenceSchema.safeParse(await this.#comparer.ask({ outputs: result.result ?? '' }));
    if (!reply.success) return { failure: 'its outputs could not be compared' };
    const { difference } = reply.data;
    return difference === null ? 'confirmed' : { difference };
  }

  async #open() {
    const folder = join(packageRoot(), 'worker', 'sosbench_graders');
    const { sandbox, scratchParent, largest, signal } = this.#options;
    return await PreparedSandbox.open(sandbox, {
      program: join(folder, 'program_outputs.py'),
      // Nothing of LiveBench: a checkout may hold questions.
      readOnly: [folder],
      hidden: [],
      environment: programEnvironment(sandbox),
      limits: { ...LIMITS, wallMs: START_MS },
      inputSize: 2 * largest,
      scratchParent,
      signal,
    });
  }

  async close(): Promise<void> {
    this.#comparer.end();
    await this.#prepared?.close();
    this.#prepared = null;
  }
}

/** Milliseconds that LiveBench gives an answer for all its tests, and some for what starts it. */
export function gradingTime({ inputs }: { inputs: readonly string[] }): number {
  return ((TEST_SECONDS + 1) * inputs.length + 5 + 30) * 1000;
}

/** Null where it came to its end; what it gave until then is looked at all the same where it raised. */
function describeEnd({ stopped, late, exitCode }: PreparedResult, timeout: number): string | null {
  if (late) return `a test took longer than ${MAX_TEST_SECONDS} s`;
  if (stopped !== null)
    return `it was ended: ${describeStop(stopped, { ...LIMITS, silenceMs: timeout, wallMs: timeout })}`;
  if (exitCode === 0) return null;
  return exitCode !== null && exitCode > 128 ? `signal ${exitCode - 128} ended it` : 'it raised an error';
}

/** The program that knows what is expected, and runs nothing. */
class Comparer {
  readonly #child: ReturnType<typeof startComparer>;
  #waiting: ((reply: unknown) => void) | null = null;
  #ended = false;

  constructor(sandbox: Sandbox) {
    this.#child = startComparer(sandbox);
    this.#child.stdin!.on('error', () => {});
    const lines = readLines(this.#child.stdout!, MAX_REPLY, {
      onLine: (text) => this.#waiting?.(parseIfJson(text)),
      onTooLong: () => this.end(),
    });
    void Promise.allSettled([this.#child, lines]).then(() => {
      this.#ended = true;
      this.#waiting?.(null);
    });
  }

  /** Null where it has come to an end. */
  async ask(request: object): Promise<unknown> {
    if (this.#ended) return null;
    const reply = new Promise((resolve) => {
      this.#waiting = resolve;
    });
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
    return await reply;
  }

  end(): void {
    this.#child.stdin!.end();
    this.#child.kill('SIGKILL');
  }
}

function startComparer({ python }: Sandbox) {
  const program = join(packageRoot(), 'worker', 'sosbench_graders', 'compare_outputs.py');
  // It ends when its stdin does, and so with us.
  return startChild(
    python,
    ['-I', '-B', program],
    { environment: { LANG: 'C.UTF-8' } },
    { reject: false, stdin: 'pipe', stderr: 'ignore', buffer: false },
  ) as ReturnType<typeof startChild> & { stdin: Writable };
}
