import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CommitIdSchema } from '../commit-id.ts';
import { SosBenchError } from '../error.ts';
import { firstIssue } from '../first-issue.ts';

/** What a runner says beside the payload: `GITHUB_EVENT_NAME`, `GITHUB_REPOSITORY`, `GITHUB_SHA` and so on. */
export interface EventFacts {
  name: string;
  repository: string;
  sha: string;
  ref: string;
  runId: number;
  attempt: number;
  workflow: string;
  actor: string | null;
}

interface Common {
  event: string;
  /** `OWNER/NAME` of the repository that the workflow runs in. */
  repository: string;
  /** Null where the payload does not say. */
  defaultBranch: string | null;
  runId: number;
  attempt: number;
  workflow: string;
}

/** What is said of a pull request; the same from an event and from the API. */
export interface Pull {
  number: number;
  state: 'open' | 'closed';
  locked: boolean;
  author: string | null;
  /** The head's own commit, not the test merge that `GITHUB_SHA` is. */
  headSha: string;
  headRef: string;
  /** Null where the fork was deleted. */
  headRepository: string | null;
  /** Tip of the base branch at the last push to the pull request; not the merge base. */
  baseSha: string;
  baseRef: string;
  isFork: boolean;
  isDependabot: boolean;
}

/** `pull_request`, `pull_request_target` and their kin. */
export interface PullContext extends Common {
  kind: 'pull';
  pull: Pull;
}

/** `push`, `merge_group`, `schedule`, `workflow_dispatch`, `repository_dispatch`, `release` and the rest. */
export interface CommitContext extends Common {
  kind: 'commit';
  sha: string;
  /** Name of the branch; null for tags and detached commits. */
  branch: string | null;
  isDefaultBranch: boolean;
  /** What a merge group is to be merged into. */
  base: { sha: string; branch: string } | null;
}

/** A workflow that follows another one: `source` is the run that ended. Its artifacts are not to be trusted. */
export interface WorkflowRunContext extends Common {
  kind: 'workflow-run';
  source: {
    runId: number;
    attempt: number;
    /** When that attempt began, in ms since 1970; null where the payload does not say. */
    began: number | null;
    event: string;
    conclusion: string | null;
    /** Its workflow file; null where the payload does not say. */
    path: string | null;
    headSha: string;
    headBranch: string | null;
    /** Null where the fork was deleted. */
    headRepository: string | null;
    isFork: boolean;
    isDependabot: boolean;
    /** Empty for forks: the pull request is to be found by `findPulls`. */
    pulls: number[];
  };
}

/** A comment on an issue or pull request. The head is to be asked for: the payload does not hold it. */
export interface CommentContext extends Common {
  kind: 'comment';
  action: string;
  number: number;
  isPull: boolean;
  comment: { id: number; body: string; author: string | null; isBot: boolean; createdAt: string };
}

export type EventContext = PullContext | CommitContext | WorkflowRunContext | CommentContext;

const DEPENDABOT = 'dependabot[bot]';

const sha = CommitIdSchema;
const user = z.object({ login: z.string(), type: z.string().optional() }).nullable();
const repository = z.object({ full_name: z.string(), default_branch: z.string().optional() });

/** The part of GitHub's pull request that is used; in the payload as in the API. */
const apiPull = z.object({
  number: z.int().positive(),
  state: z.enum(['open', 'closed']),
  locked: z.boolean().default(false),
  user: user.optional(),
  head: z.object({ sha, ref: z.string(), repo: repository.nullish() }),
  base: z.object({ sha, ref: z.string(), repo: repository }),
});

const payloads = {
  pull: z.object({ pull_request: apiPull, repository, sender: user.optional() }),
  push: z.object({ after: sha, ref: z.string(), deleted: z.boolean().default(false), repository }),
  mergeGroup: z.object({
    merge_group: z.object({ head_sha: sha, head_ref: z.string(), base_sha: sha, base_ref: z.string() }),
    repository,
  }),
  workflowRun: z.object({
    workflow_run: z.object({
      id: z.int().positive(),
      run_attempt: z.int().positive().default(1),
      run_started_at: z.string().nullish(),
      event: z.string(),
      path: z.string().nullish(),
      conclusion: z.string().nullable(),
      head_sha: sha,
      head_branch: z.string().nullable(),
      head_repository: repository.nullish(),
      actor: user.optional(),
      pull_requests: z.array(z.object({ number: z.int().positive() })).default([]),
    }),
    repository,
  }),
  comment: z.object({
    action: z.string(),
    issue: z.object({ number: z.int().positive(), pull_request: z.unknown().optional() }),
    comment: z.object({ id: z.int().positive(), body: z.string(), user, created_at: z.string() }),
    repository,
  }),
  other: z.object({ repository: repository.optional() }),
};

/**
 * The payload in the file that `GITHUB_EVENT_PATH` names.
 *
 * @throws SosBenchError `event-unusable` when there is no such file or it is not JSON.
 */
export async function readPayload(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new SosBenchError('event-unusable', `the event file ${path} cannot be read`, {
      hint: 'GITHUB_EVENT_PATH names it; the runner writes it',
      cause: error,
    });
  }
}

/**
 * What a workflow was started for. Only the fields that are used are looked at.
 *
 * @throws SosBenchError `event-unusable` when the payload lacks one, or there is no commit to speak of.
 */
export function readEvent(facts: EventFacts, payload: unknown): EventContext {
  const { name } = facts;
  if (name.startsWith('pull_request')) return readPullEvent(facts, parse(name, payloads.pull, payload));
  if (name === 'push') return readPush(facts, parse(name, payloads.push, payload));
  if (name === 'merge_group') return readMergeGroup(facts, parse(name, payloads.mergeGroup, payload));
  if (name === 'workflow_run') return readWorkflowRun(facts, parse(name, payloads.workflowRun, payload));
  if (name === 'issue_comment') return readComment(facts, parse(name, payloads.comment, payload));
  const { repository: from } = parse(name, payloads.other, payload);
  // Schedules run on the default branch alone; servers before September 2022, and others' than GitHub's, do not name it.
  const scheduled = name === 'schedule' ? (branchOf(facts.ref) ?? undefined) : undefined;
  return commitContext(common(facts, from?.default_branch ?? scheduled), facts.sha, facts.ref, null);
}

/**
 * A pull request as the API gives it.
 *
 * @throws SosBenchError `event-unusable` when it lacks a field.
 */
export function readPull(data: unknown): Pull {
  return toPull(parse('pull request', apiPull, data));
}

function readPullEvent(facts: EventFacts, payload: z.infer<typeof payloads.pull>): PullContext {
  const pull = toPull(payload.pull_request);
  // The token is as read-only for what Dependabot starts in others' pull requests.
  const isDependabot =
    pull.isDependabot || payload.sender?.login === DEPENDABOT || facts.actor === DEPENDABOT;
  return {
    kind: 'pull',
    ...common(facts, payload.repository.default_branch),
    pull: { ...pull, isDependabot },
  };
}

function toPull({ number, state, locked, user: author, head, base }: z.infer<typeof apiPull>): Pull {
  const headRepository = head.repo?.full_name ?? null;
  return {
    number,
    state,
    locked,
    author: author?.login ?? null,
    headSha: head.sha,
    headRef: head.ref,
    headRepository,
    baseSha: base.sha,
    baseRef: base.ref,
    isFork: headRepository !== base.repo.full_name,
    isDependabot: author?.login === DEPENDABOT,
  };
}

function readPush(facts: EventFacts, payload: z.infer<typeof payloads.push>): CommitContext {
  if (payload.deleted || /^0+$/.test(payload.after)) {
    throw new SosBenchError(
      'event-unusable',
      `the push deleted ${payload.ref}: there is no commit to evaluate`,
      {
        hint: 'add `if: github.event.deleted == false` to the job',
      },
    );
  }
  return commitContext(common(facts, payload.repository.default_branch), payload.after, payload.ref, null);
}

function readMergeGroup(facts: EventFacts, payload: z.infer<typeof payloads.mergeGroup>): CommitContext {
  const group = payload.merge_group;
  const base = { sha: group.base_sha, branch: branchOf(group.base_ref) ?? group.base_ref };
  return commitContext(
    common(facts, payload.repository.default_branch),
    group.head_sha,
    group.head_ref,
    base,
  );
}

function readWorkflowRun(
  facts: EventFacts,
  payload: z.infer<typeof payloads.workflowRun>,
): WorkflowRunContext {
  const run = payload.workflow_run;
  const headRepository = run.head_repository?.full_name ?? null;
  return {
    kind: 'workflow-run',
    ...common(facts, payload.repository.default_branch),
    source: {
      runId: run.id,
      attempt: run.run_attempt,
      began: Date.parse(run.run_started_at ?? '') || null,
      event: run.event,
      conclusion: run.conclusion,
      // Some servers add the ref.
      path: run.path?.split('@')[0] || null,
      headSha: run.head_sha,
      headBranch: run.head_branch,
      headRepository,
      isFork: headRepository !== payload.repository.full_name,
      isDependabot: run.actor?.login === DEPENDABOT,
      pulls: run.pull_requests.map(({ number }) => number),
    },
  };
}

function readComment(facts: EventFacts, payload: z.infer<typeof payloads.comment>): CommentContext {
  const { issue, comment } = payload;
  return {
    kind: 'comment',
    ...common(facts, payload.repository.default_branch),
    action: payload.action,
    number: issue.number,
    isPull: issue.pull_request !== undefined && issue.pull_request !== null,
    comment: {
      id: comment.id,
      body: comment.body,
      author: comment.user?.login ?? null,
      isBot: comment.user?.type === 'Bot',
      createdAt: comment.created_at,
    },
  };
}

function commitContext(
  shared: Common,
  commit: string,
  ref: string,
  base: CommitContext['base'],
): CommitContext {
  if (!sha.safeParse(commit).success) {
    throw new SosBenchError('event-unusable', `the event ${shared.event} names no commit`, {
      hint: 'GITHUB_SHA names it',
    });
  }
  const branch = branchOf(ref);
  const isDefaultBranch = branch !== null && branch === shared.defaultBranch;
  return { kind: 'commit', ...shared, sha: commit, branch, isDefaultBranch, base };
}

function common(facts: EventFacts, defaultBranch: string | undefined): Common {
  const { name, repository: of, runId, attempt, workflow } = facts;
  return { event: name, repository: of, defaultBranch: defaultBranch ?? null, runId, attempt, workflow };
}

function branchOf(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

function parse<Schema extends z.ZodType>(name: string, schema: Schema, given: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SosBenchError(
    'event-unusable',
    `the ${name} payload is not as expected: ${firstIssue(parsed.error, 'it')}`,
    { hint: 'is GITHUB_EVENT_PATH the file of GITHUB_EVENT_NAME?' },
  );
}
