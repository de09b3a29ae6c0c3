import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { execa } from 'execa';
import { SosBenchError } from '../../error.ts';
import type { Subject } from './references.ts';

/**
 * Task definitions judge a change, so they may not be the change's own: for a pull request a folder inside the workspace
 * has to be a checkout of the base commit.
 *
 * @throws SosBenchError `usage`.
 */
export async function requireTrustedTasks(
  paths: readonly string[],
  workspace: string,
  { base }: Subject,
): Promise<void> {
  if (base === null) return;
  const root = await realpath(workspace);
  for (const path of paths) {
    const folder = await realpath(resolve(workspace, path)).catch(() => null);
    if (folder === null || !`${folder}${sep}`.startsWith(`${root}${sep}`)) continue;
    const head = await execa('git', ['-C', folder, 'rev-parse', 'HEAD'], { reject: false });
    if (head.exitCode === 0 && head.stdout.trim() === base.sha) continue;
    throw new SosBenchError('usage', `include-path ${path} is part of the pull request's own checkout`, {
      hint:
        'what judges a change must not be its own to edit: check the base out beside it (actions/checkout with ref: ' +
        '$' +
        '{{ github.event.pull_request.base.sha }} and path: base) and give include-path: base/...',
    });
  }
}
