import type { Client } from './client.ts';
import type { Need } from './commands/permission.ts';
import type { Stamp } from './comment/marker.ts';
import { askUnless } from './post.ts';

/**
 * Whether GitHub knows a workflow run of this repository by that id and attempt. Anybody who can have the bot's account repeat
 * a text can write any number into a marker; a run that does not exist has reported nothing.
 *
 * Where the token may not read runs (`actions: read`) the answer is no: a real report must not be held back by a claim that
 * nobody can check.
 *
 * @param own a run that is known to report: the other one has to be of the same workflow.
 * @throws SosBenchError when the API cannot be asked.
 */
export async function knowsRun(client: Client, { run, attempt }: RunId, own?: RunId): Promise<boolean> {
  const found = await fetchRun(client, run);
  if (found === null || found.id !== run || (found.run_attempt ?? 1) < attempt) return false;
  if (own === undefined || own.run === run) return true;
  const ours = await fetchRun(client, own.run);
  return ours === null || ours.workflow_id === found.workflow_id;
}

type RunId = Pick<Stamp, 'run' | 'attempt'>;

async function fetchRun(client: Client, run: number) {
  const need: Need = { doing: `look for workflow run ${run}`, permission: { actions: 'read' } };
  const found = await askUnless(need, [403, 404, 422], () =>
    client.rest.actions.getWorkflowRun({ ...client.repository, run_id: run }),
  );
  return found?.data ?? null;
}

/** Whether that comment is one of the pull request's: the bot's answers are numbered by the comment they answer. */
export async function knowsComment(client: Client, pull: number, { run: id }: Stamp): Promise<boolean> {
  const need: Need = { doing: `look for comment ${id}`, permission: { 'pull-requests': 'read' } };
  const found = await askUnless(need, [403, 404, 422], () =>
    client.rest.issues.getComment({ ...client.repository, comment_id: id }),
  );
  return found?.data.issue_url.endsWith(`/issues/${pull}`) ?? false;
}
