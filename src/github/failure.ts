import { SosBenchError } from '../error.ts';
import { type Need, permissionHint } from './permission.ts';

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

/**
 * A failed request as an error of ours that says what was being done, what GitHub said, and what to do.
 * What did not come from GitHub passes unchanged.
 */
export function explainFailure(error: unknown, need: Need): unknown {
  const refusal = asRefusal(error);
  if (refusal === null) return error;
  const { status } = refusal;
  const said = oneLine(refusal.message);
  const fail = (...[code, message, hint]: [SosBenchError['code'], string, string]) =>
    new SosBenchError(code, `could not ${need.doing}: ${message}`, { hint, cause: error });
  if (refusal.response === undefined || status >= 500) {
    return fail(
      'github-unreachable',
      refusal.response === undefined ? said : `GitHub answered ${status}: ${said}`,
      'see https://www.githubstatus.com; running the job again is safe',
    );
  }
  if (status === 401) {
    return fail(
      'token-refused',
      `GitHub refused the token (${said})`,
      'it is wrong, revoked or expired: GITHUB_TOKEN ends with its job, and after 24 hours at the latest',
    );
  }
  if (isRateLimit(refusal)) return fail('rate-limited', limitText(refusal), 'run the job again later');
  if (isLocked(refusal)) {
    return fail('github-refused', 'the conversation is locked', 'unlock it; the job summary has the report');
  }
  if (status === 403) return fail('permission-missing', said, permissionHint(need));
  if (status === 404) {
    return fail(
      'permission-missing',
      `GitHub shows this token nothing there (${said}): ${need.target ?? 'it'} is gone, or a permission is missing`,
      permissionHint(need),
    );
  }
  if (status === 410) return fail('github-refused', `${need.target ?? 'it'} was deleted`, 'nothing to do');
  if (isTooLong(error)) {
    return fail('github-refused', 'the text is too long', 'the job summary has the report');
  }
  return fail(
    'github-refused',
    `GitHub answered ${status}: ${said}`,
    status === 409
      ? 'someone else was writing; run the job again'
      : 'this should not happen: please report it',
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
