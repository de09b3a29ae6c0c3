import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { artifactsOfRun, ownArtifacts } from '../../github/artifacts/run-artifacts.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { parseRecordDigest } from '../../settings/trust/digests.ts';
import { expression } from '../../workflow-expression.ts';
import type { Connection } from '../connection.ts';
import { type ActionInputs, readCount, readInput } from '../inputs.ts';
import { privateFolder } from '../private-folder.ts';
import type { ActionRuntime } from '../runtime.ts';
import { readGivenRecord } from '../steps/compare/given-record.ts';
import type { Subject } from '../steps/compare/subject.ts';
import { requireDigested } from '../trust/record-digest.ts';
import { explainJob } from './explain-job.ts';
import { fetchRecord } from './fetch-record.ts';
import { fetchShards } from './fetch-shards.ts';

/** What lies in the workspace under some usual name may be the change's own. */
function requireRecord(given: string): string {
  if (given !== '') return given;
  throw new SosBenchError('usage', 'record is missing: which record is to be reported on', {
    hint:
      `give record: ${expression('steps.ID.outputs.record-path')} where a step of this job evaluated, or the folder that ` +
      `actions/download-artifact put it in, such as record: ${expression('runner.temp')}/record`,
  });
}

/**
 * The candidate's record: shards that jobs of this run left (`shards`), the artifact of the run that ended, or a folder of an
 * earlier job.
 */
export async function obtainRecord(
  { artifact }: ActionInputs,
  { event, client }: Connection,
  { sha }: Subject,
  runtime: ActionRuntime,
): Promise<LoadedRecord> {
  const digests = parseRecordDigest(readInput('record-digest'));
  const given = readInput('record');
  const of = readCount('shards');
  const source = event?.kind === 'workflow-run' && client !== null ? event.source : null;
  const folder = join(privateFolder(runtime), 'candidate');
  const artifacts =
    source === null ? ownArtifacts(join(folder, 'archives')) : artifactsOfRun(client!, source.runId);
  const candidate =
    of !== null
      ? await fetchShards(artifacts, {
          prefix: artifact,
          of,
          folder,
          digests,
          explain: (shard) => explainJob(client, source?.runId ?? event?.runId ?? 0, shard),
        })
      : given === '' && source !== null
        ? await fetchRecord(artifacts, source, artifact, folder)
        : await readGivenRecord(requireRecord(given), runtime);
  if (of === null && digests !== null) await requireDigested(candidate.path, digests, null);
  const { commit } = candidate.record;
  if (sha !== null && commit !== sha) {
    throw new SosBenchError(
      'record-invalid',
      `the record claims to be of ${commit ?? 'no commit'}, the run was for ${sha}`,
      {
        hint: 'evaluate the head as it is now; a run of an earlier commit is not reported on it',
      },
    );
  }
  return candidate;
}
