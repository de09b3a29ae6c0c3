import type { Client } from '../client.ts';
import type { CommentContext } from '../event.ts';
import { askUnless } from '../post.ts';
import { hasCommand } from './commands.ts';
import type { Need } from './permission.ts';

const HOUR_MS = 3_600_000;
const PAGE = 100;

/**
 * How many commands the comment's author has given in the repository within the last hour, this one included; one request, two
 * where the first cannot be answered. Nothing is kept for it: GitHub's own lists are counted.
 *
 * The bot's runs that the author's comments started are counted where the token may read them, since a run stays when its comment
 * is deleted; else the comments that are there. Runs that a condition skipped have cost nothing.
 *
 * @param workflow file name of the workflow that the bot runs in; null where it is not known.
 * @throws SosBenchError when the API cannot be asked.
 */
export async function countCommands(
  client: Client,
  context: CommentContext,
  { workflow, now }: { workflow: string | null; now: Date },
): Promise<number> {
  const { author } = context.comment;
  if (author === null) return 1;
  const since = new Date(now.getTime() - HOUR_MS);
  const runs = workflow === null ? null : await countRuns(client, workflow, author, since);
  return runs ?? (await countComments(client, context, since));
}

async function countRuns(
  client: Client,
  workflow: string,
  actor: string,
  since: Date,
): Promise<number | null> {
  const need: Need = { doing: 'count the runs of the bot', permission: { actions: 'read' } };
  const found = await askUnless(need, [403, 404, 422], () =>
    client.rest.actions.listWorkflowRuns({
      ...client.repository,
      workflow_id: workflow,
      actor,
      event: 'issue_comment',
      created: `>=${since.toISOString().slice(0, 19)}Z`,
      per_page: PAGE,
    }),
  );
  if (found === null) return null;
  return found.data.workflow_runs.filter(({ conclusion }) => conclusion !== 'skipped').length;
}

/** Among the newest hundred comments of the repository; of the pull request, where the server has no list of all. */
async function countComments(
  client: Client,
  { number, comment: { author } }: CommentContext,
  since: Date,
): Promise<number> {
  const need: Need = { doing: 'count the commands', permission: { 'pull-requests': 'read' } };
  const newest = { ...client.repository, since: since.toISOString(), per_page: PAGE };
  const { issues } = client.rest;
  const found =
    (await askUnless(need, [403, 404, 410], () =>
      issues.listCommentsForRepo({ ...newest, sort: 'created', direction: 'desc' }),
    )) ??
    (await askUnless(need, [403, 404, 410], () => issues.listComments({ ...newest, issue_number: number })));
  const own = (found?.data ?? []).filter(
    ({ user, created_at: created, body }) =>
      user?.login.toLowerCase() === author?.toLowerCase() &&
      Date.parse(created) >= since.getTime() &&
      hasCommand(body ?? ''),
  );
  return Math.max(own.length, 1);
}
