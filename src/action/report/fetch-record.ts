import { SosBenchError } from '../../error.ts';
import type { WorkflowRunContext } from '../../github/event.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { unpackRecord } from '../../record/unpack.ts';
import type { RunArtifacts } from '../artifacts/run-artifacts.ts';

/**
 * Fetches the record that another run left as an artifact: of several the newest, and none that an earlier attempt at that run
 * left, since the last one was to take its place. It is taken for hostile: its size is asked of GitHub before anything is
 * fetched, and `unpackRecord` looks at two files of it alone.
 *
 * @throws SosBenchError `record-missing` when that attempt left none, `record-invalid`.
 */
export async function fetchRecord(
  artifacts: RunArtifacts,
  { runId, attempt, began, conclusion }: WorkflowRunContext['source'],
  name: string,
  folder: string,
): Promise<LoadedRecord> {
  const named = (await artifacts.list()).filter((artifact) => artifact.name === name);
  const [newest] = named
    .filter(({ created }) => began === null || created === null || created >= began)
    .sort((a, b) => b.id - a.id);
  if (newest === undefined) {
    const who = `attempt ${attempt} of run ${runId} (${conclusion ?? 'not concluded'})`;
    const earlier = named.length === 0 ? '' : '; what an earlier attempt left is not judged';
    throw new SosBenchError('record-missing', `${who} left no artifact ${name}${earlier}`, {
      hint: 'its log says why the evaluation did not get that far; the evaluating job has to upload the record',
    });
  }
  return await unpackRecord(await artifacts.download(newest), folder);
}
