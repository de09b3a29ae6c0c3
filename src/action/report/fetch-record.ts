import { SosBenchError } from '../../error.ts';
import type { Client } from '../../github/client.ts';
import type { WorkflowRunContext } from '../../github/event.ts';
import { ask } from '../../github/post.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { unpackRecord } from '../../record/unpack.ts';

/** Archives larger than this are not fetched; a record is 3 MB. */
const MOST_BYTES = 64_000_000;

/**
 * Fetches the record that another run left as an artifact. It is taken for hostile: its size is asked of GitHub before
 * anything is fetched, and `unpackRecord` looks at two files of it alone.
 *
 * @throws SosBenchError `record-missing` when that run left none, `record-invalid`.
 */
export async function fetchRecord(
  client: Client,
  { runId, conclusion }: WorkflowRunContext['source'],
  name: string,
  folder: string,
): Promise<LoadedRecord> {
  const need = { doing: `read artifact ${name} of run ${runId}`, permission: { actions: 'read' } as const };
  const archive = await ask(need, async () => {
    const { data } = await client.rest.actions.listWorkflowRunArtifacts({
      ...client.repository,
      run_id: runId,
      name,
      per_page: 100,
    });
    const [newest] = data.artifacts
      .filter((artifact) => artifact.name === name && !artifact.expired)
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
    if (newest.size_in_bytes > MOST_BYTES) {
      throw new SosBenchError('record-invalid', `artifact ${name} has ${newest.size_in_bytes} bytes`, {
        hint: 'upload record.json and items.parquet alone',
      });
    }
    const download = await client.rest.actions.downloadArtifact({
      ...client.repository,
      artifact_id: newest.id,
      archive_format: 'zip',
    });
    return Buffer.from(download.data as ArrayBuffer);
  });
  return await unpackRecord(archive, folder);
}
