/** Every way a command can fail to do its work; `docs/troubleshooting.md` has a section for each. */
export type ErrorCode =
  | 'usage'
  | 'config-invalid'
  | 'benchmark-unknown'
  | 'task-unusable'
  | 'python-missing'
  | 'python-unsuitable'
  | 'environment-failed'
  | 'model-missing'
  | 'model-unreadable'
  | 'logprobs-meaningless'
  | 'model-mismatch'
  | 'model-changed'
  | 'data-missing'
  | 'data-invalid'
  | 'plan-invalid'
  | 'plan-mismatch'
  | 'record-missing'
  | 'record-invalid'
  | 'record-exists'
  | 'record-refused'
  | 'files-exist'
  | 'import-invalid'
  | 'scores-invalid'
  | 'agreement-refused'
  | 'journal-invalid'
  | 'journal-mismatch'
  | 'run-locked'
  | 'disk-full'
  | 'permission-denied'
  | 'devices-unusable'
  | 'worker-failed'
  | 'model-unservable'
  | 'server-failed'
  | 'server-unusable'
  | 'merge-refused'
  | 'run-incomplete'
  | 'store-missing'
  | 'store-invalid'
  | 'store-conflict'
  | 'store-unsupported'
  | 'artifact-unusable'
  | 'entry-missing'
  | 'baseline-missing'
  | 'claimed-path'
  | 'digest-mismatch'
  | 'settings-differ'
  | 'event-unusable'
  | 'permission-missing'
  | 'token-refused'
  | 'rate-limited'
  | 'github-refused'
  | 'github-unreachable'
  | 'package-incomplete'
  | 'logger-failed'
  | 'interrupted'
  | 'internal';

export interface ErrorDetails {
  /** What the reader can do about it, in one line. */
  hint?: string;
  cause?: unknown;
}

/** A failure with a code, what happened (`message`) and what to do (`hint`). Commands end with exit code 2. */
export class SosBenchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SosBenchError';
    this.code = code;
    this.hint = details.hint;
  }
}

/** Whether `error` is a system error (`ENOENT`, `EACCES`, ...) of one of the given codes. */
export function hasSystemCode(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
