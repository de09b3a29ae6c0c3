import { z } from 'zod';
import { SosBenchError } from '../error.ts';
import { type Need, permissionHint } from './commands/permission.ts';

/** How GitHub answered a request that failed; status 500 without an answer at all. */
interface Refusal {
  status: number;
  message: string;
  response?: { headers: Record<string, string | number | undefined> };
}

function asRefusal(error: unknown): Refusal | null {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? (error as Error & Refusal)
    : null;
}

/** Whether GitHub answered with one of the statuses. */
export function hasStatus(error: unknown, ...statuses: number[]): boolean {
  const refusal = asRefusal(error);
  return refusal !== null && statuses.includes(refusal.status);
}

/** Whether it is unknown if the request was carried out: the answer was lost, or the server failed over it. */
export function isUncertain(error: unknown): boolean {
  const status = asRefusal(error)?.status;
  return status !== undefined && (status >= 500 || status === 409 || status === 408);
}

/** Whether GitHub refused a text for its length. */
export function isTooLong(error: unknown): boolean {
  const refusal = asRefusal(error);
  return refusal?.status === 422 && /too long|too large|at most \d+ characters/i.test(refusal.message);
}

/** Whether GitHub refused because the conversation is locked. */
function isLocked({ status, message }: Refusal): boolean {
  return status === 403 && /locked/i.test(message);
}

const AGAIN = 'see https://www.githubstatus.com; running the job again is safe';

/**
 * A failed request, or an answer that is not what was asked for, as an error of ours that says what was being done, what
 * GitHub said, and what to do. What did not come from GitHub passes unchanged.
 */
export function explainFailure(error: unknown, need: Need): unknown {
  const fail = (...[code, message, hint]: [SosBenchError['code'], string, string]) =>
    new SosBenchError(code, `could not ${need.doing}: ${message}`, { hint, cause: error });
  if (error instanceof z.ZodError) {
    return fail('github-unreachable', "GitHub's answer is not what it should be", AGAIN);
  }
  const refusal = asRefusal(error);
  if (refusal === null) return error;
  const { status } = refusal;
  const told = oneLine(refusal.message);
  const said = `${status} ${told}`;
  if (refusal.response === undefined || status >= 500) {
    const answered = refusal.response === undefined ? told : `GitHub answered ${said}`;
    return fail('github-unreachable', answered, AGAIN);
  }
  if (status === 401) {
    return fail(
      'token-refused',
      `GitHub refused the token (${said})`,
      'it is wrong, revoked or expired: GITHUB_TOKEN ends with its job, and after 24 hours at the latest',
    );
  }
  if (isRateLimit(refusal)) {
    return fail(
      'rate-limited',
      limitText(refusal),
      'run the job again later, or with a token that has a limit of its own',
    );
  }
  if (isLocked(refusal)) {
    return fail('github-refused', 'the conversation is locked', 'unlock it; the job summary has the report');
  }
  if (status === 403) return fail('permission-missing', `GitHub answered ${said}`, permissionHint(need));
  if (status === 404) {
    return fail(
      'permission-missing',
      `GitHub shows this token nothing there (${said}): ${need.target ?? 'it'} is not there, or a permission is missing`,
      need.absentHint === undefined
        ? permissionHint(need)
        : `${need.absentHint}; else ${permissionHint(need)}`,
    );
  }
  if (status === 410) return fail('github-refused', `${need.target ?? 'it'} was deleted`, 'nothing to do');
  if (isTooLong(error)) {
    return fail('github-refused', 'the text is too long', 'the job summary has the report');
  }
  return fail(
    'github-refused',
    `GitHub answered ${said}`,
    status === 409
      ? 'someone else was writing; run the job again'
      : (need.refusedHint ?? 'this should not happen: please report it'),
  );
}

function isRateLimit({ status, message, response }: Refusal): boolean {
  if (status === 429) return true;
  const left = response?.headers['x-ratelimit-remaining'];
  return status === 403 && (/rate limit/i.test(message) || left === '0');
}

function limitText({ message, response }: Refusal): string {
  const { 'retry-after': after, 'x-ratelimit-reset': reset } = response?.headers ?? {};
  if (/secondary rate/i.test(message)) {
    return `GitHub asks for fewer requests${after === undefined ? '' : ` and a wait of ${after} s`}`;
  }
  const until = Number(reset);
  return `the token's rate limit is used up${until > 0 ? ` until ${new Date(until * 1000).toISOString()}` : ''}`;
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
