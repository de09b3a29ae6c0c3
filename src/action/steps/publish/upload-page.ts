import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../../error.ts';
import { keepsArtifacts, loadArtifactClient, uploadFile } from '../../../github/artifacts/upload.ts';
import { makeFolder, writeFileAtomic } from '../../../system/files/files.ts';
import { type ReportPart, reportArtifact } from '../../artifacts/report-part.ts';
import type { Connection } from '../../connection.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';

/** A file system takes names of 255 bytes. */
const MAX_NAME_BYTES = 200;

/** Name of the page without its extension; a long one is cut, with a digest of the whole at its end. */
export function pageArtifact(part: ReportPart): string {
  const name = reportArtifact('sos-bench-report', part);
  if (name.length <= MAX_NAME_BYTES) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  // A cut must leave no half of an encoded character.
  return `${name.slice(0, MAX_NAME_BYTES - 20).replace(/%.?$/, '')}-${digest}`;
}

/**
 * Leaves the report's page as an artifact of the run that a browser shows. What fails is said and changes nothing.
 *
 * @param options.beside whether a page of that name of another job stays.
 * @returns the artifact's address; null where it could not be left.
 */
export async function uploadPage(
  html: string,
  part: ReportPart,
  { runUrl }: Pick<Connection, 'runUrl'>,
  runtime: ActionRuntime,
  { beside = false } = {},
): Promise<string | null> {
  const { environment } = runtime;
  if (!environment.ACTIONS_RUNTIME_TOKEN || !keepsArtifacts(environment.GITHUB_SERVER_URL)) return null;
  const name = pageArtifact(part);
  try {
    const root = join(privateFolder(runtime), 'page');
    await makeFolder(root);
    const writeAs = async (as: string) => {
      const path = join(root, as);
      await writeFileAtomic(path, html);
      return path;
    };
    const id = await uploadFile(await loadArtifactClient(), {
      name,
      extension: '.html',
      root,
      writeAs,
      beside,
    });
    return runUrl === null || id === null ? null : `${runUrl}/artifacts/${id}`;
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    core.warning(`The report's page could not be left as an artifact: ${error.message}`);
    return null;
  }
}
