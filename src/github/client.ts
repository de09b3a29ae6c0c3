import { setTimeout } from 'node:timers/promises';
import { type GitHub as Actions, defaults, GitHub } from '@actions/github/lib/utils';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { SosBenchError } from '../error.ts';
import { abortWith } from '../system/process/abort-with.ts';
import { VERSION } from '../version.ts';
import { TOKEN_INPUT } from '../workflow-expression.ts';
import { parseRepository, type Repository } from './repository.ts';

export type Fetch = typeof globalThis.fetch;

export const GITHUB_API = 'https://api.github.com';

export interface ClientOptions {
  /** Null for none: then what is public can be read. */
  token: string | null;
  /** `OWNER/NAME`. */
  repository: string;
  /** `GITHUB_API_URL`: https://api.github.com, or https://HOST/api/v3. */
  apiUrl: string;
  /** The account the token writes as, where the caller knows it; see `authorLogin`. */
  login?: string;
  /** Longest time for one answer, body included, in milliseconds. */
  timeout?: number;
  /** Longest wait that a rate limit may ask for, in seconds; beyond it the request fails. */
  longestWait?: number;
  /** Told about waits, in one line each. */
  log?: (line: string) => void;
  /** For tests: another way to send requests. By default a fetch that honours the machine's proxy settings. */
  fetch?: Fetch;
  /** The length of a second in waits, in milliseconds: for tests, and where nothing is written. 1000, but for an emulator: see `isLoopback`. */
  second?: number;
}

type Octokit = InstanceType<typeof Actions>;

/** One repository on GitHub, seen with one token. */
export interface Client {
  readonly repository: Repository;
  readonly rest: Octokit['rest'];
  readonly paginate: Octokit['paginate'];
  readonly request: Octokit['request'];
  /** Requests sent so far, repeated ones included. */
  requests(): number;
  /** Waits; for `atLeast` milliseconds even where a test shortens seconds. */
  pause(seconds: number, atLeast?: number): Promise<void>;
  /** The account the token writes as: `github-actions[bot]`, or a user's login. Asked for once. */
  authorLogin(): Promise<string>;
  /** Takes the account from an answer of GitHub's; whether another one was taken for ours until then. */
  learnLogin(login: string): Promise<boolean>;
}

/** Whom `GITHUB_TOKEN` writes as; such a token may not ask for its own account. */
const ACTIONS_BOT = 'github-actions[bot]';

/** Tries after the first, for requests that may be sent twice. */
const RETRIES = 3;

/** How often a rate limit is waited for. */
const LIMIT_WAITS = 2;

const Octokit = GitHub.plugin(onceForPosts, tellTooManyRequests, retry, throttling);

/**
 * A client that repeats what may be repeated (a POST only where the call says `request: {repeat: true}`), keeps the pace of writes
 * that GitHub asks for (one a second, comments every three), waits for rate limits within bounds, and gives up on answers that do
 * not come.
 *
 * @throws SosBenchError `usage` when token, repository or address cannot be any.
 */
export function createClient(options: ClientOptions): Client {
  const { timeout = 30_000, longestWait = 120, log = () => {} } = options;
  const repository = parseRepository(options.repository);
  const token = options.token === null ? null : readToken(options.token);
  const send = countedFetch(options.fetch ?? (defaults.request?.fetch as Fetch), timeout);
  const logger = { debug: () => {}, info: () => {}, warn: log, error: log };
  const waitFor =
    (kind: string) => (retryAfter: number, _options: object, _octokit: object, tried: number) => {
      const waits = retryAfter <= longestWait && tried < LIMIT_WAITS;
      log(`GitHub's ${kind} asks for a wait of ${retryAfter} s: ${waits ? 'waiting' : 'giving up'}`);
      return waits;
    };
  const baseUrl = readApiUrl(options.apiUrl);
  const isEmulator = isLoopback(baseUrl);
  const second = options.second ?? (isEmulator ? EMULATOR_SECOND_MS : 1000);
  const octokit = new Octokit({
    ...(token === null ? {} : { auth: token }),
    baseUrl,
    userAgent: `sos-bench/${VERSION}`,
    log: logger,
    request: { fetch: send.fetch, log: logger },
    retry: {
      retries: RETRIES,
      retryAfterBaseValue: second,
      // Plus 429: throttling waits for as long as GitHub says.
      doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451],
    },
    throttle: {
      onRateLimit: waitFor('rate limit'),
      onSecondaryRateLimit: waitFor('secondary rate limit'),
      // What a server asks for is in its own seconds.
      retryAfterBaseValue: options.second ?? 1000,
      ...(isEmulator && { write: unpaced as never, notifications: unpaced as never }),
    },
  });
  let login = options.login === undefined ? null : Promise.resolve(options.login);
  return {
    repository,
    rest: octokit.rest,
    paginate: octokit.paginate,
    request: octokit.request,
    requests: send.count,
    pause: (seconds, atLeast = 0) => setTimeout(Math.max(seconds * second, atLeast)),
    authorLogin() {
      login ??= findLogin(octokit, token);
      // A failure is not remembered: the next call may fare better.
      login.catch(() => {
        login = null;
      });
      return login;
    },
    async learnLogin(seen) {
      const known = await login;
      login = Promise.resolve(seen);
      return known !== null && known.toLowerCase() !== seen.toLowerCase();
    },
  };
}

/** Tokens of an installation (`ghs_`, on old servers `v1.`) may not GET /user; other tokens may. */
async function findLogin(octokit: Octokit, token: string | null): Promise<string> {
  if (token === null || /^(ghs_|v1\.)/.test(token)) return ACTIONS_BOT;
  try {
    return (await octokit.rest.users.getAuthenticated()).data.login;
  } catch (error) {
    if (error instanceof Error && 'status' in error && error.status === 403) return ACTIONS_BOT;
    throw error;
  }
}

/**
 * Octokit takes a body that breaks off for an empty one. So the body is read here, where a failure is one of the
 * request's, and under the same time limit.
 */
function countedFetch(fetch: Fetch, timeout: number): { fetch: Fetch; count: () => number } {
  let count = 0;
  return {
    count: () => count,
    async fetch(input, init) {
      count++;
      const late = AbortSignal.timeout(timeout);
      const end = new AbortController();
      abortWith(end, late, ...(init?.signal ? [init.signal] : []));
      try {
        const response = await fetch(input, { ...init, signal: end.signal });
        const { status, statusText, headers, url } = response;
        const body = status === 204 || status === 205 || status === 304 ? null : await response.arrayBuffer();
        const read = new Response(body, { status, statusText, headers: Object.fromEntries(headers) });
        return Object.defineProperty(read, 'url', { value: url });
      } catch (error) {
        if (late.aborted) throw new Error(`no answer within ${timeout / 1000} s`, { cause: error });
        throw error;
      } finally {
        end.abort();
      }
    },
  };
}

interface Hooks {
  hook: {
    before(
      name: 'request',
      act: (options: { method?: string; request?: { repeat?: boolean; retries?: number } }) => void,
    ): void;
    error(name: 'request', act: (error: unknown) => never): void;
  };
}

/** An answer that was lost does not mean that nothing was done: a POST is sent once, unless the call says otherwise. */
function onceForPosts(octokit: object): Record<string, never> {
  (octokit as Hooks).hook.before('request', (options) => {
    if (options.method === 'POST' && !options.request?.repeat) {
      options.request = { ...options.request, retries: 0 };
    }
  });
  return {};
}

/** Throttling knows a 429 by its text alone; some servers say nothing but `Retry-After`. */
function tellTooManyRequests(octokit: object): Record<string, never> {
  (octokit as Hooks).hook.error('request', (error) => {
    const refused = error as { status?: number; message: string; response?: { headers: Headers } };
    const used = (refused.response?.headers as Record<string, string> | undefined)?.['x-ratelimit-remaining'];
    if (refused.status === 429 && used !== '0' && !/secondary rate/i.test(refused.message)) {
      refused.message += ' (secondary rate limit)';
    }
    throw error;
  });
  return {};
}

type Headers = Record<string, string | number | undefined>;

/** What GitHub takes a second for, an emulator has at once; several writers of a busy machine still need some time. */
const EMULATOR_SECOND_MS = 250;

/**
 * An address that only this machine has is not GitHub's but an emulator's: nobody's limits stand behind it, what was written is read at
 * once, and what failed need not be spared. A limit that it states is waited for all the same.
 */
function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/** Lets everything through at once. */
const unpaced = {
  key: () => ({
    schedule: (_job: object, work: (...given: unknown[]) => unknown, ...given: unknown[]) => work(...given),
  }),
};

/** Checked here because fetch would show a header value that is not valid, and with it the token. */
function readToken(text: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new SosBenchError(
    'usage',
    token === '' ? 'there is no GitHub token' : 'the GitHub token has spaces or line breaks within',
    { hint: `give \`${TOKEN_INPUT}\`, or set GITHUB_TOKEN` },
  );
}

function readApiUrl(text: string): string {
  if (/^https?:/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new SosBenchError('usage', `'${text}' is not the address of an API`, {
    hint: 'GITHUB_API_URL is https://api.github.com or https://HOST/api/v3',
  });
}
