import { type Client, createClient, GITHUB_API } from '../github/client.ts';
import type { PullOrigin } from '../github/commands/permission.ts';
import type { Stamp } from '../github/comment/marker.ts';
import { type EventContext, type PullContext, readEvent, readPayload } from '../github/event.ts';
import type { ActionRuntime } from './runtime.ts';

/** What the step was started for, and the way to GitHub; nulls outside of GitHub, or without a token. */
export interface Connection {
  event: EventContext | null;
  client: Client | null;
  repository: string | null;
  /** Page of the workflow run. */
  runUrl: string | null;
}

/**
 * Reads what the runner says of the event.
 *
 * @throws SosBenchError `event-unusable`, or `usage` for a token that can be none.
 */
export async function connect(
  { environment: env }: ActionRuntime,
  { token, log }: { token: string | null; log: (line: string) => void },
): Promise<Connection> {
  const repository = env.GITHUB_REPOSITORY || null;
  const name = env.GITHUB_EVENT_NAME;
  const payload = env.GITHUB_EVENT_PATH ? await readPayload(env.GITHUB_EVENT_PATH) : null;
  const event =
    name && repository && payload !== null
      ? readEvent(
          {
            name,
            repository,
            sha: env.GITHUB_SHA ?? '',
            ref: env.GITHUB_REF ?? '',
            runId: Number(env.GITHUB_RUN_ID) || 0,
            attempt: Number(env.GITHUB_RUN_ATTEMPT) || 1,
            workflow: env.GITHUB_WORKFLOW ?? '',
            actor: env.GITHUB_ACTOR || null,
          },
          payload,
        )
      : null;
  const apiUrl = env.GITHUB_API_URL || GITHUB_API;
  const client =
    token !== null && repository !== null ? createClient({ token, repository, apiUrl, log }) : null;
  const runUrl =
    repository && env.GITHUB_RUN_ID
      ? `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}/actions/runs/${env.GITHUB_RUN_ID}`
      : null;
  return { event, client, repository, runUrl };
}

/**
 * The commit that is evaluated: a pull request's head itself, not the test merge that `GITHUB_SHA` is. Null where the event
 * does not say: a dispatched workflow checks out what it was told to.
 */
export function evaluatedCommit(event: EventContext | null): string | null {
  switch (event?.kind) {
    case 'pull':
      return event.pull.headSha;
    case 'commit':
      return event.event.endsWith('_dispatch') ? null : event.sha;
    case 'workflow-run':
      return event.source.headSha;
    default:
      return null;
  }
}

/** Which report, of which commit and run, is written. */
export function stampOf(event: EventContext, report: string, sha: string): Stamp {
  return { report, sha, run: event.runId, attempt: event.attempt };
}

export function originOf({ pull }: Pick<PullContext, 'pull'>): PullOrigin {
  return { isFork: pull.isFork, isDependabot: pull.isDependabot };
}
