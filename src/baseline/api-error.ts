import { SosBenchError } from '../error.ts';

interface Asked {
  /** What was being worked on. */
  place: string;
  route: string;
  /** The job permission it needs. */
  needs: 'contents' | 'actions';
}

/** HTTP status of an octokit error; 0 for another error. */
export function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? error.status : 0;
  return typeof status === 'number' ? status : 0;
}

/** An error of GitHub's API as one that says what to do; errors of our own pass unchanged. */
export function apiError(error: unknown, { place, route, needs }: Asked): SosBenchError {
  if (error instanceof SosBenchError) return error;
  const status = statusOf(error);
  const told = oneLine(error);
  const doing = route.startsWith('GET') ? 'read' : 'write';
  const wrong = `cannot ${doing} ${place}: ${told}`;
  if (status === 429 || (status === 403 && /rate limit/i.test(told))) {
    return new SosBenchError('github-failed', wrong, {
      hint: "GitHub's rate limit is used up: wait an hour, or use a token of your own",
      cause: error,
    });
  }
  if (status === 401) {
    return new SosBenchError('permission-denied', wrong, {
      hint: 'the token is not valid (any more): a job of 24 hours outlives its GITHUB_TOKEN',
      cause: error,
    });
  }
  if (status === 403) {
    return new SosBenchError('permission-denied', wrong, {
      hint: `the token lacks '${needs}: ${doing}'; add to the job:\n\npermissions:\n  ${needs}: ${doing}\n`,
      cause: error,
    });
  }
  if (status === 404) {
    return new SosBenchError('github-failed', wrong, {
      hint:
        needs === 'actions'
          ? `the token may not see them ('actions: ${doing}'), or the server keeps none (GitHub Enterprise Server): then use store: branch or folder:DIR`
          : `the repository does not exist, or the token may not see it ('${needs}: ${doing}')`,
      cause: error,
    });
  }
  return new SosBenchError('github-failed', wrong, {
    hint: 'nothing was changed; run it again',
    cause: error,
  });
}

function oneLine(error: unknown): string {
  const status = statusOf(error);
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200);
  return status === 0 ? text : `${status} ${text}`;
}
