import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { SosBenchError } from '../../error.ts';
import type { EventContext } from '../../github/event.ts';
import type { Environment } from '../../system/child-environment.ts';
import { askGit } from '../../system/git.ts';
import { closeWorkspace } from '../../system/workspace.ts';

/**
 * Task definitions judge a change, so they may not be the change's own: a folder inside the workspace has to be an untouched
 * checkout of the base commit or, in a dispatched run, of the commit that the workflow itself is from.
 *
 * @throws SosBenchError `usage`.
 */
export async function requireTrustedTasks(
  paths: readonly string[],
  workspace: string,
  event: EventContext | null,
  environment: Environment,
): Promise<void> {
  const trusted = trustedCommit(event);
  if (trusted === null) return;
  closeWorkspace();
  const root = await realpath(workspace);
  for (const path of paths) {
    const folder = await realpath(resolve(workspace, path)).catch(() => null);
    if (folder === null || !`${folder}${sep}`.startsWith(`${root}${sep}`)) continue;
    const git = async (...words: string[]) => {
      const { stdout } = await askGit(words, folder, environment);
      return stdout?.trim() ?? null;
    };
    const isUntouched = async () => (await git('status', '--porcelain', '--ignored', '--', '.')) === '';
    if ((await git('rev-parse', 'HEAD')) === trusted.sha && (await isUntouched())) continue;
    throw new SosBenchError('usage', `include-path ${path} is part of the change's own checkout`, {
      hint:
        'what judges a change must not be its own to edit: check the base out beside it (actions/checkout with ref: ' +
        `\${{ ${trusted.expression} }} and path: base) and give include-path: base/...`,
    });
  }
}

/** The commit whose files are nobody's to edit in this run, and how a workflow calls it; null where the run is of that very commit. */
function trustedCommit(event: EventContext | null): { sha: string; expression: string } | null {
  if (event?.kind === 'pull') {
    return { sha: event.pull.baseSha, expression: 'github.event.pull_request.base.sha' };
  }
  if (event?.kind !== 'commit') return null;
  if (event.base !== null) return { sha: event.base.sha, expression: 'github.event.merge_group.base_sha' };
  // What it evaluates is what it was told to check out: a pull request's head, say.
  return event.event.endsWith('_dispatch') ? { sha: event.sha, expression: 'github.sha' } : null;
}
