import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../../error.ts';
import { keepsArtifacts, loadArtifactClient, uploadArtifact } from '../../../github/artifacts/upload.ts';
import { makeFolder, writeFileAtomic } from '../../../system/files/files.ts';
import type { Flips } from '../../../verdict/signs/flips.ts';
import type { ActionInputs } from '../../inputs.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import type { ReportTarget } from './publish.ts';

/**
 * Name of the artifact that holds a report's `flips.json`, of each of several jobs that share it; ids may hold what names may not.
 *
 * @param leg what tells the job apart; null or left out for a job of its own.
 * @param pull number of the pull request, where the run reports on several with one head.
 */
export function flipsArtifact({
  reportId,
  leg = null,
  pull = null,
}: {
  reportId: string;
  leg?: string | null;
  pull?: number | null;
}): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll('*', '%2A');
  // No encoded text has a plus.
  return `sos-bench-flips-${encode(reportId)}${leg === null ? '' : `+${encode(leg)}`}${pull === null ? '' : `+${pull}`}`;
}

/**
 * Leaves the ids of flipped items as an artifact of the run, for the bot's `explain`. Only for pull requests, and only where
 * a step can upload; what fails is said and changes nothing.
 *
 * @param pull number of the pull request where this run reports on several.
 */
export async function uploadFlips(
  flips: Flips | null,
  inputs: ActionInputs,
  target: ReportTarget | null,
  runtime: ActionRuntime,
  pull: number | null = null,
): Promise<void> {
  const { environment } = runtime;
  if (flips === null || target?.pull == null) return;
  if (!environment.ACTIONS_RUNTIME_TOKEN || !keepsArtifacts(environment.GITHUB_SERVER_URL)) return;
  const root = join(privateFolder(runtime), 'flips');
  await makeFolder(root);
  const file = join(root, 'flips.json');
  await writeFileAtomic(file, JSON.stringify(flips));
  try {
    const name = flipsArtifact({ reportId: inputs.reportId, leg: inputs.leg?.name ?? null, pull });
    await uploadArtifact(await loadArtifactClient(), { name, files: [file], root });
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    core.warning(`\`/sos-bench explain\` will name no items: ${error.message}`);
  }
}
