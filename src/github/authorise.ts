import type { Client } from './client.ts';
import type { Command } from './commands.ts';
import type { CommentContext, Pull } from './event.ts';
import type { Need } from './permission.ts';
import { ask, askUnless } from './post.ts';

/** Whether a command may be carried out; `sha` is the head it is for, to be handed on as it stands. */
export type Authorisation = { allowed: true; sha: string } | { allowed: false; reason: string };

/** Commands that start nothing and change nothing. */
const FREE = ['help', 'explain'];

/**
 * Whether the comment's author may have the command carried out on the pull request.
 *
 * - All but `help` and `explain` take write permission, asked of the API. What the payload says of an author
 *   (`author_association`) is not a permission.
 * - `run` starts code of the head. In a fork's or someone else's pull request the command names the head's full sha: what
 *   the author read. A head pushed since has another sha and is refused, whatever dates it claims.
 * - In one's own pull request of the repository itself the sha may be left out. Then a head committed after the comment
 *   is refused. Commit dates can be forged, but only by those who may push here, and they need no bot.
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
  const committed = await commitTime(client, headSha);
  return committed > Date.parse(createdAt)
    ? refused(`The head \`${headSha}\` is newer than your comment. Read it and give the command again.`)
    : { allowed: true, sha: headSha };
}

/**
 * Whether the API gives a user write permission. `permission` knows four words, to which custom and finer roles are
 * mapped (`maintain` is `write`); `role_name` counts where a server says something else.
 */
async function mayWrite(client: Client, username: string): Promise<boolean> {
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

/** When a commit says it was committed, in milliseconds; infinitely late where it does not say. */
async function commitTime(client: Client, sha: string): Promise<number> {
  const need: Need = {
    doing: `read commit ${sha.slice(0, 12)}`,
    permission: { contents: 'read' },
    target: `commit ${sha.slice(0, 12)}`,
  };
  const { data } = await ask(need, () =>
    client.rest.git.getCommit({ ...client.repository, commit_sha: sha }),
  );
  const time = Date.parse(data.committer.date);
  return Number.isNaN(time) ? Infinity : time;
}

function refused(reason: string): Authorisation {
  return { allowed: false, reason };
}
