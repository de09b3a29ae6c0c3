import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What can go wrong. Where the request is carried out and only its answer is lost, the name says so. */
export const FAULTS = {
  '401': { status: 401, message: 'Bad credentials' },
  '403 without permission': { status: 403, message: 'Resource not accessible by integration' },
  'secondary rate limit with retry-after': {
    status: 403,
    message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    headers: { 'retry-after': '2' },
  },
  'rate limit exhausted': {
    status: 403,
    message: 'API rate limit exceeded for installation.',
    headers: {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 2400),
    },
  },
  '404': { status: 404, message: 'Not Found' },
  '409': { status: 409, message: 'Conflict' },
  '422 too long': {
    status: 422,
    message: 'Validation Failed',
    errors: [{ message: 'Body is too long (maximum is 65536 characters)' }],
  },
  '429': { status: 429, message: 'Too Many Requests', headers: { 'retry-after': '2' } },
  '500': { status: 500, message: 'Server Error' },
  '502': { status: 502, message: 'Bad Gateway' },
  '502 after it was carried out': { status: 502, message: 'Bad Gateway', carriedOut: true },
  'cut connection': { cut: true },
  'cut connection after it was carried out': { cut: true, carriedOut: true },
  'cut in the middle of the answer': { cutBody: true, carriedOut: true },
  'slow body': { slow: true, carriedOut: true },
} satisfies Record<string, Fault>;

interface Fault {
  status?: number;
  message?: string;
  errors?: object[];
  headers?: Record<string, string>;
  carriedOut?: boolean;
  cut?: boolean;
  cutBody?: boolean;
  slow?: boolean;
}

export type FaultName = keyof typeof FAULTS;

export interface FaultRule {
  fault: FaultName;
  /** Of requests whose `METHOD /path?query` matches. */
  on: RegExp;
  /** How many of them; all by default. */
  times?: number;
}

export interface Dispatch {
  workflow: string;
  ref: string;
  inputs: Record<string, string>;
}

/** A run of a workflow for a push. */
export interface PushRun {
  id: number;
  workflow: string;
  branch: string;
  sha: string;
  status: 'completed' | 'in_progress';
  attempt: number;
}

export interface FakeGitHub {
  url: string;
  /** `METHOD /path?query`, and the status that was answered; 0 where the connection was cut. */
  requests: { asked: string; status: number }[];
  faults: FaultRule[];
  /** Pull requests whose conversation is locked, or that were deleted. */
  locked: Set<number>;
  deleted: Set<number>;
  /** Workflow files that can be dispatched. */
  workflows: Set<string>;
  dispatches: Dispatch[];
  /** Newest first. */
  pushRuns: PushRun[];
  /** What was pushed to branches, newest first; null for a server that keeps no log of it. */
  activity: { ref: string; after: string; timestamp: string }[] | null;
  /** By comment id. */
  reactions: Map<number, string[]>;
  /** Slugs of other apps that made check runs, by the run's id; all others are GitHub Actions'. */
  checkApps: Map<number, string>;
  /** Runs that comments started; they stay when the comment is deleted. */
  commentRuns: { workflow: string; actor: string; created: string; conclusion: string | null }[];
  /** Workflow runs up to this id exist, of any attempt; later ones do not. */
  lastRun: number;
  /** Called when half of an answer is sent whose other half never comes. */
  onSlow: (() => void) | null;
  close(): void;
}

/**
 * A fake: a thin proxy in front of the emulator. It adds what the emulator lacks (reactions, workflow dispatch and reruns, the
 * log of pushes, pull requests of a commit, comments of a repository, length limits, locked and deleted conversations), does faults by rule, and counts requests.
 */
export async function startFakeGitHub(target: string): Promise<FakeGitHub> {
  const state: Omit<FakeGitHub, 'url' | 'close'> = {
    requests: [],
    faults: [],
    locked: new Set(),
    deleted: new Set(),
    workflows: new Set(),
    dispatches: [],
    pushRuns: [],
    activity: [],
    reactions: new Map(),
    checkApps: new Map(),
    commentRuns: [],
    lastRun: 1_000_000,
    onSlow: null,
  };
  const server = createServer((request, response) => {
    handle(request, response, target, state).catch((error: unknown) => {
      response.writeHead(599);
      response.end(String(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
}

type State = Omit<FakeGitHub, 'url' | 'close'>;

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

async function handle(request: IncomingMessage, response: ServerResponse, target: string, state: State) {
  let body = '';
  request.setEncoding('utf8');
  for await (const part of request) body += part;
  const asked = `${request.method} ${request.url}`;
  const entry = { asked, status: 0 };
  state.requests.push(entry);
  const fault = nextFault(asked, state.faults);
  const answer = fault !== null && !fault.carriedOut ? null : await carryOut(request, body, target, state);
  if (fault?.cut) return void request.socket.destroy();
  const { status, headers, body: text } = fault?.status ? refuse(fault.status, fault) : answer!;
  entry.status = status;
  const own = `http://${request.headers.host}`;
  const link = headers?.link?.replaceAll(/<https?:\/\/[^/]+/g, `<${own}`);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
    ...(link && { link }),
    'content-length': Buffer.byteLength(text),
  });
  if (fault?.cutBody || fault?.slow) {
    response.write(text.slice(0, Math.floor(text.length / 2)));
    if (fault.cutBody) setTimeout(() => request.socket.destroy(), 5);
    // Slow: the rest never comes while anyone waits.
    else state.onSlow?.();
    return;
  }
  response.end(status === 204 ? undefined : text);
}

function nextFault(asked: string, rules: FaultRule[]): Fault | null {
  const rule = rules.find(({ on, times = Infinity }) => on.test(asked) && times > 0);
  if (rule === undefined) return null;
  rule.times = (rule.times ?? Infinity) - 1;
  return FAULTS[rule.fault];
}

async function carryOut(
  request: IncomingMessage,
  body: string,
  target: string,
  state: State,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '', target);
  const document = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>;
  const forward = (path = request.url ?? '', method = request.method ?? 'GET', given = body) =>
    send(target + path, method, request.headers.authorization ?? '', given);
  const own = ownAnswer({ method: request.method ?? '', pathname, searchParams, document, state });
  if (own !== null) return own;
  const pulls = /^(\/repos\/[^/]+\/[^/]+)\/commits\/([0-9a-f]{40})\/pulls$/.exec(pathname);
  if (pulls) {
    const all = await forward(`${pulls[1]}/pulls?state=all&per_page=100`, 'GET', '');
    const found = (JSON.parse(all.body) as { head: { sha: string } }[]).filter(
      ({ head }) => head.sha === pulls[2],
    );
    return { status: 200, body: JSON.stringify(found) };
  }
  // The emulator takes the word for the number of an issue.
  const all = /^(\/repos\/[^/]+\/[^/]+)\/issues\/comments$/.exec(pathname);
  if (all) {
    const pulls = await forward(`${all[1]}/pulls?state=all&per_page=100`, 'GET', '');
    const comments: { created_at: string }[] = [];
    for (const { number } of JSON.parse(pulls.body) as { number: number }[]) {
      const found = await forward(`${all[1]}/issues/${number}/comments?per_page=100`, 'GET', '');
      comments.push(...(JSON.parse(found.body) as typeof comments));
    }
    const newest = comments.sort((a, b) => b.created_at.localeCompare(a.created_at)).slice(0, 100);
    return { status: 200, body: JSON.stringify(newest) };
  }
  const reaction = /^(.+\/issues\/comments\/(\d+))\/reactions$/.exec(pathname);
  if (reaction) {
    const comment = await forward(reaction[1], 'GET', '');
    if (comment.status !== 200) return comment;
    const given = state.reactions.get(Number(reaction[2])) ?? [];
    const content = String(document.content);
    if (given.includes(content)) return { status: 200, body: JSON.stringify({ id: 1, content }) };
    state.reactions.set(Number(reaction[2]), [...given, content]);
    return { status: 201, body: JSON.stringify({ id: 1, content }) };
  }
  const answer = await forward();
  return /\/check-runs(\/\d+)?$/.test(pathname) ? nameApps(answer, state) : answer;
}

/** GitHub says of a check run which app made it. */
function nameApps(answer: Answer, { checkApps }: State): Answer {
  if (answer.status >= 300) return answer;
  const document = JSON.parse(answer.body) as { id?: number; check_runs?: { id: number }[] };
  const runs = document.check_runs ?? [document as { id: number }];
  for (const run of runs) Object.assign(run, { app: { slug: checkApps.get(run.id) ?? 'github-actions' } });
  return { ...answer, body: JSON.stringify(document) };
}

interface Asked {
  method: string;
  pathname: string;
  searchParams: URLSearchParams;
  document: Record<string, unknown>;
  state: State;
}

/** What GitHub answers and the emulator does not; null where the emulator can be asked. */
function ownAnswer({ method, pathname, searchParams, document, state }: Asked): Answer | null {
  const issue = Number(/\/issues\/(\d+)(?:\/comments)?$/.exec(pathname)?.[1]);
  if (state.deleted.has(issue)) return refuse(410, { message: 'This issue was deleted' });
  if (method !== 'GET' && state.locked.has(issue)) {
    return refuse(403, { message: 'Unable to create comment because issue is locked.' });
  }
  const isComment = /\/issues\/(\d+\/comments|comments\/\d+)$/.test(pathname);
  if (isComment && String(document.body ?? '').length > 65_536) return refuse(422, FAULTS['422 too long']);
  const summary = (document.output as { summary?: string } | undefined)?.summary ?? '';
  if (/\/check-runs(\/\d+)?$/.test(pathname) && Buffer.byteLength(summary) > 65_535) {
    return refuse(422, {
      message: 'Invalid request.',
      errors: [{ message: 'Only 65535 characters are allowed; summary is too long.' }],
    });
  }
  if (/\/repos\/[^/]+\/[^/]+\/activity$/.test(pathname)) {
    if (state.activity === null) return refuse(404, { message: 'Not Found' });
    const ref = searchParams.get('ref');
    return { status: 200, body: JSON.stringify(state.activity.filter((entry) => entry.ref === ref)) };
  }
  const asked = Number(/\/actions\/runs\/(\d+)$/.exec(pathname)?.[1]);
  if (asked > 0 && method === 'GET') {
    if (asked > state.lastRun) return refuse(404, { message: 'Not Found' });
    return { status: 200, body: JSON.stringify({ id: asked, run_attempt: 1000 }) };
  }
  const again = Number(/\/actions\/runs\/(\d+)\/rerun$/.exec(pathname)?.[1]);
  const run = state.pushRuns.find(({ id }) => id === again);
  if (run !== undefined) {
    run.attempt++;
    run.status = 'in_progress';
    return { status: 201, body: '{}' };
  }
  const [, workflow, what] = /\/actions\/workflows\/([^/]+)\/(dispatches|runs)$/.exec(pathname) ?? [];
  if (workflow === undefined) return null;
  if (!state.workflows.has(workflow)) return refuse(404, { message: 'Not Found' });
  if (what === 'runs' && searchParams.get('event') === 'issue_comment') {
    const since = Date.parse(searchParams.get('created')?.replace('>=', '') ?? '');
    const runs = state.commentRuns
      .filter((run) => run.workflow === workflow && run.actor === searchParams.get('actor'))
      .filter((run) => Date.parse(run.created) >= since)
      .map(({ conclusion }, index) => ({ id: 2000 + index, conclusion }));
    return {
      status: 200,
      body: JSON.stringify({ total_count: runs.length, workflow_runs: runs.slice(0, 100) }),
    };
  }
  if (what === 'runs' && searchParams.get('event') === 'push') {
    const runs = state.pushRuns
      .filter((run) => run.workflow === workflow && run.branch === searchParams.get('branch'))
      .map(({ id, sha, status, attempt }) => ({
        id,
        head_sha: sha,
        status,
        run_attempt: attempt,
        html_url: `http://localhost/octo/models/actions/runs/${id}`,
      }));
    return { status: 200, body: JSON.stringify({ total_count: runs.length, workflow_runs: runs }) };
  }
  if (what === 'runs') {
    const runs = state.dispatches
      .filter((dispatch) => dispatch.workflow === workflow)
      .map(({ inputs }, index) => ({
        id: 1000 + index,
        display_title: `SOS-Bench ${inputs.request ?? ''}`,
        html_url: `http://localhost/octo/models/actions/runs/${1000 + index}`,
      }));
    return { status: 200, body: JSON.stringify({ total_count: runs.length, workflow_runs: runs }) };
  }
  const { ref, inputs = {} } = document as { ref: string; inputs?: Record<string, string> };
  state.dispatches.push({ workflow, ref, inputs });
  return { status: 204, body: '' };
}

function refuse(status: number, { message, errors, headers }: Fault): Answer {
  return { status, headers: headers ?? {}, body: JSON.stringify({ message, errors }) };
}

async function send(url: string, method: string, authorization: string, body: string): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === '' ? {} : { body }),
  });
  const kept = ['link', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'content-type'];
  const headers = Object.fromEntries([...response.headers].filter(([name]) => kept.includes(name)));
  return { status: response.status, headers, body: await response.text() };
}
