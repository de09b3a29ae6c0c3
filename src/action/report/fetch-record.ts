import { SosBenchError } from '../../error.ts';
import type { WorkflowRunContext } from '../../github/event.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { unpackRecord } from '../../record/unpack.ts';
import type { RunArtifacts } from '../artifacts/run-artifacts.ts';

/**
 * Fetches the record that another run left as an artifact. It is taken for hostile: its size is asked of GitHub before
 * anything is fetched, and `unpackRecord` looks at two files of it alone.
 *
 * @throws SosBenchError `record-missing` when that run left none, `record-invalid`.
 */
export async function fetchRecord(
  artifacts: RunArtifacts,
  { runId, conclusion }: WorkflowRunContext['source'],
  name: string,
  folder: string,
): Promise<LoadedRecord> {
  const [newest] = (await artifacts.list())
    .filter((artifact) => artifact.name === name)
    .sort((a, b) => b.id - a.id);
  if (newest === undefined) {
    throw new SosBenchError(
      'record-missing',
      `run ${runId} (${conclusion ?? 'not concluded'}) left no artifact ${name}`,
      {
        hint: 'its log says why the evaluation did not get that far; the evaluating job has to upload the record',
      },
    );
  }
  return await unpackRecord(await artifacts.download(newest), folder);
}
