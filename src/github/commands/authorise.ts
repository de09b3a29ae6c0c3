import type { Client } from '../client.ts';
import type { CommentContext, Pull } from '../event.ts';
import { askUnless } from '../post.ts';
import type { Command } from './commands.ts';
import type { Need } from './permission.ts';

/** Whether a command may be carried out; `sha` is the head it is for, to be handed on as it stands. */
export type Authorisation = { allowed: true; sha: string } | { allowed: false; reason: string };

/** Commands that start nothing and change nothing. */
export const FREE: readonly string[] = ['help', 'explain'];

/**
 * Whether the comment's author may have the command carried out on the pull request.
 *
 * - All but `help` and `explain` take write permission, asked of the API. What the payload says of an author
 *   (`author_association`) is not a permission.
 * - `run` starts code of the head. In a fork's or someone else's pull request the command names the head's full sha: what
 *   the author read. A head pushed since has another sha and is refused, whatever dates it claims.
 * - In one's own pull request of the repository itself the sha may be left out. Then GitHub's own log of the branch has to
 *   say that the head was pushed before the comment was written. What a commit says of its time is its author's to choose
 *   and older than its push; it counts for nothing. Where the log does not tell, the full sha is asked for.
 *
 * @throws SosBenchError when the API cannot be asked.
 */
export async function authorise(
  client: Client,
  { command, context, pull }: { command: Command; context: CommentContext; pull: Pull },
): Promise<Authorisation> {
  if (FREE.includes(command.name)) return { allowed: true, sha: pull.headSha };
  const { author, createdAt } = context.comment;
  if (author === null || !(await mayWrite(client, author))) {
    return refused(`\`${command.name}\` takes write permission on this repository.`);
  }
  if (command.name !== 'run') return { allowed: true, sha: pull.headSha };
  if (pull.state === 'closed') return refused('This pull request is closed.');
  const { headSha } = pull;
  const isOwn = !pull.isFork && pull.author !== null && pull.author.toLowerCase() === author.toLowerCase();
  if (command.sha === null && !isOwn) {
    return refused(
      `For ${pull.isFork ? "a fork's" : "someone else's"} pull request, name the full sha that you have read: \`/sos-bench run SHA\`. The head is now \`${headSha}\`.`,
    );
  }
  if (command.sha !== null) {
    const isWhole = command.sha.length === 40;
    if (!isWhole && !isOwn) return refused('Name the full sha, all 40 digits of it.');
    if (!headSha.startsWith(command.sha)) {
      return refused(
        `\`${command.sha}\` is not the head of this pull request any more: that is \`${headSha}\`.`,
      );
    }
    if (isWhole) return { allowed: true, sha: headSha };
  }
  const pushed = await pushTime(client, pull);
  if (pushed === null) {
    return refused(
      'GitHub does not say when the head was pushed. Name the full sha that you have read: `/sos-bench run SHA`. ' +
        `The head is now \`${headSha}\`.`,
    );
  }
  // Both times are in whole seconds: in the same second either could have been first.
  return pushed < Date.parse(createdAt)
    ? { allowed: true, sha: headSha }
    : refused(
        `The head \`${headSha}\` was pushed after your comment. Read it and give the command again, with the full sha.`,
      );
}

/**
 * Whether the API gives a user write permission. `permission` knows four words, to which custom and finer roles are
 * mapped (`maintain` is `write`); `role_name` counts where a server says something else.
 */
export async function mayWrite(client: Client, username: string): Promise<boolean> {
  const need: Need = {
    doing: `ask for the permission of @${username}`,
    permission: { contents: 'read' },
    target: 'the repository',
  };
  // 404: not a collaborator, or no such user any more.
  const found = await askUnless(need, [404], () =>
    client.rest.repos.getCollaboratorPermissionLevel({ ...client.repository, username }),
  );
  if (found === null || ['read', 'none'].includes(found.data.permission)) return false;
  const { permission, role_name } = found.data;
  return [permission, role_name].some((role) => ['admin', 'maintain', 'write'].includes(role));
}

/**
 * When a pull request's head came to stand on its branch, in milliseconds, by the repository's activity log; null where the
 * newest entry of the branch is not of this head, or the server has no such log.
 */
async function pushTime(client: Client, { headRef, headSha }: Pull): Promise<number | null> {
  const need: Need = {
    doing: `ask when ${headSha.slice(0, 12)} was pushed`,
    permission: { contents: 'read' },
    target: 'the activity of the repository',
  };
  // A server older than the log, or a token that may not read it.
  const found = await askUnless(need, [403, 404], () =>
    client.rest.repos.listActivities({
      ...client.repository,
      ref: `refs/heads/${headRef}`,
      direction: 'desc',
      per_page: 1,
    }),
  );
  const newest = found?.data[0];
  if (newest?.after !== headSha) return null;
  const time = Date.parse(newest.timestamp);
  return Number.isNaN(time) ? null : time;
}

function refused(reason: string): Authorisation {
  return { allowed: false, reason };
}
