import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../../error.ts';
import { keepsArtifacts, loadArtifactClient, uploadArtifact } from '../../../github/artifacts/upload.ts';
import { makeFolder, writeFileAtomic } from '../../../system/files/files.ts';
import type { Flips } from '../../../verdict/signs/flips.ts';
import { type ReportPart, reportArtifact } from '../../artifacts/report-part.ts';
import type { ActionInputs } from '../../inputs.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import type { ReportTarget } from './publish.ts';

/** Name of the artifact that holds a report's `flips.json`. */
export function flipsArtifact(of: ReportPart): string {
  return reportArtifact('sos-bench-flips', of);
}

/**
 * Leaves the ids of flipped items as an artifact of the run, for the bot's `explain`. Only for pull requests, and only where
 * a step can upload; what fails is said and changes nothing.
 *
 * @returns the artifact's id; null where there is none.
 *
 * @param pull number of the pull request where this run reports on several.
 */
export async function uploadFlips(
  flips: Flips | null,
  inputs: ActionInputs,
  target: ReportTarget | null,
  runtime: ActionRuntime,
  pull: number | null = null,
): Promise<number | null> {
  const { environment } = runtime;
  if (flips === null || target?.pull == null) return null;
  if (!environment.ACTIONS_RUNTIME_TOKEN || !keepsArtifacts(environment.GITHUB_SERVER_URL)) return null;
  try {
    const root = join(privateFolder(runtime), 'flips');
    await makeFolder(root);
    const file = join(root, 'flips.json');
    await writeFileAtomic(file, JSON.stringify(flips));
    const name = flipsArtifact({ reportId: inputs.reportId, leg: inputs.leg?.name ?? null, pull });
    return await uploadArtifact(await loadArtifactClient(), { name, files: [file], root });
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    core.warning(`\`/sos-bench explain\` will name no questions: ${error.message}`);
    return null;
  }
}
