import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The emulated repository, as payloads have it. */
export const REPOSITORY = { full_name: 'octo/models', default_branch: 'main' };

/** What starts a workflow run. */
export interface StartingEvent {
  name: string;
  payload: object;
  run: number;
}

let events = 0;

/** What a runner says of an event in the repository: the variables, and the payload in a file of its own in `folder`. */
export function eventEnvironment(
  folder: string,
  { name, payload, run }: StartingEvent,
): Record<string, string> {
  const path = join(folder, `event-${++events}.json`);
  writeFileSync(path, JSON.stringify({ ...payload, repository: REPOSITORY }));
  return { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_RUN_ID: String(run) };
}

interface PullChanges {
  head?: object;
  base?: object;
  [field: string]: unknown;
}

/** The payload of a pull request, from the branch `change` of the repository itself into main. */
export function pullPayload(
  { number, headSha }: { number: number; headSha: string },
  baseSha: string,
  { head, base, ...changes }: PullChanges = {},
) {
  return {
    action: 'synchronize',
    number,
    pull_request: {
      number,
      state: 'open',
      user: { login: 'writer', type: 'User' },
      head: { sha: headSha, ref: 'change', repo: REPOSITORY, ...head },
      base: { sha: baseSha, ref: 'main', repo: REPOSITORY, ...base },
      ...changes,
    },
    repository: REPOSITORY,
  };
}

/** The payload of a new comment on a pull request. */
export function commentPayload(
  pull: number,
  { login, ...comment }: { id: number; body: string; login: string },
) {
  return {
    action: 'created',
    issue: { number: pull, pull_request: {} },
    comment: { ...comment, user: { login, type: 'User' }, created_at: new Date().toISOString() },
    repository: REPOSITORY,
  };
}
