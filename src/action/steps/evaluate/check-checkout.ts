import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { EventContext } from '../../../github/event.ts';
import { gitOrigin } from '../../../system/git/git.ts';
import { evaluatedCommit } from '../../connection.ts';
import type { ActionRuntime } from '../../runtime.ts';

/** What `ref` has to be, so that the workspace is at the commit that an event is about. */
const REFS: Partial<Record<EventContext['kind'], string>> = {
  pull: 'github.event.pull_request.head.sha',
  commit: 'github.sha',
  'workflow-run': 'github.event.workflow_run.head_sha',
};

/**
 * Warns where the workspace is at another commit than the record will claim: at a pull request's test merge above all, whose
 * model also has what others merged since the change began. A workspace that is not a checkout of its own says nothing.
 */
export async function checkCheckout(
  { cwd, environment }: ActionRuntime,
  event: EventContext | null,
): Promise<void> {
  const claimed = evaluatedCommit(event);
  if (event === null || claimed === null || !existsSync(join(cwd, '.git'))) return;
  const { commit } = await gitOrigin(cwd, environment);
  if (commit === null || commit === claimed) return;
  core.warning(
    `the workspace is at ${commit}, and the record will be of ${claimed}: a model made here has what the other commit has, and ` +
      `this one answers for it. Let actions/checkout have ref: \${{ ${REFS[event.kind]} }}`,
    { title: 'SOS-Bench: another commit is checked out' },
  );
}
