import { SosBenchError } from '../../../error.ts';
import { escapeLines } from '../../../markdown/escape.ts';
import type { Failure } from '../../../report/comment/failure.ts';

/** For a log; of what should not happen with its stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof SosBenchError) {
    return escapeLines(`${error.message} [${error.code}]${error.hint ? `. Hint: ${error.hint}` : ''}`);
  }
  return escapeLines(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** For markdown: what a reader of the pull request can use. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SosBenchError) {
    return { message: error.message, code: error.code, hint: error.hint ?? null };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message, code: null, hint: "please report it, with the step's log" };
}
