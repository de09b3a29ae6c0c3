import type { Client } from '../client.ts';
import { hasStatus } from '../failure.ts';
import { type Posted, post } from '../post.ts';

/** Seen, started, refused, not answered. */
export type Reaction = 'eyes' | 'rocket' | '-1' | 'confused';

/** Reacts to a comment. Doing so twice is one reaction; a comment deleted in the meantime is not a failure. */
export async function react(
  client: Client,
  comment: number,
  content: Reaction,
): Promise<Posted<{ gone: boolean }>> {
  return post<{ gone: boolean }>(
    { doing: 'react to the comment', permission: { 'pull-requests': 'write' } },
    async () => {
      try {
        await client.rest.reactions.createForIssueComment({
          ...client.repository,
          comment_id: comment,
          content,
          request: { repeat: true },
        });
        return { posted: true, url: null, gone: false };
      } catch (error) {
        if (hasStatus(error, 404, 410)) return { posted: true, url: null, gone: true };
        throw error;
      }
    },
  );
}
