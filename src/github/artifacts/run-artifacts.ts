import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { makeFolder } from '../../system/files/files.ts';
import type { Client } from '../client.ts';
import { fetchArchive } from './archive.ts';
import { type Artifact, artifactApi, type RunJob } from './artifact-api.ts';
import { serviceFailure } from './upload.ts';

/** The artifacts of one workflow run, those of its earlier attempts among them. */
export interface RunArtifacts {
  list(): Promise<Artifact[]>;
  /**
   * The archive as it was uploaded, by the digest that GitHub lists, where it does; nobody has looked into it yet.
   *
   * @throws SosBenchError `record-invalid` for one that is too large or was damaged.
   */
  download(artifact: Artifact): Promise<Buffer>;
  /** The jobs of all attempts; left out where they cannot be asked for. */
  jobs?(): Promise<RunJob[]>;
}

/**
 * Artifacts of the run that this job is part of. No token is needed: the runner gives actions one for just this.
 *
 * @param folder a place of its own for what is downloaded.
 * @throws SosBenchError as `serviceFailure` says.
 */
export function ownArtifacts(folder: string): RunArtifacts {
  const withClient = async <T>(
    doing: string,
    work: (client: import('@actions/artifact').ArtifactClient) => Promise<T>,
  ): Promise<T> => {
    // Loaded only here: it is large.
    const { DefaultArtifactClient } = await import('@actions/artifact');
    try {
      return await work(new DefaultArtifactClient());
    } catch (error) {
      if (error instanceof SosBenchError) throw error;
      throw serviceFailure(error, {
        doing,
        hint: 'artifacts of a run can be had in its own jobs on github.com; GitHub Enterprise Server has none of this kind',
      });
    }
  };
  return checked({
    list: () =>
      withClient('list the artifacts of this run', async (client) => {
        const { artifacts } = await client.listArtifacts();
        return artifacts.map(({ id, name, size, digest, createdAt }) => ({
          ...{ id, name, size, digest: digest ?? null },
          created: createdAt?.getTime() ?? null,
        }));
      }),
    async download(artifact) {
      const path = join(folder, `archive-${artifact.id}`);
      try {
        return await withClient(`download artifact ${artifact.name}`, async (client) => {
          await makeFolder(path, 0o700);
          await client.downloadArtifact(artifact.id, { path, skipDecompress: true });
          const [file] = await readdir(path);
          if (file === undefined) throw new Error('it was not downloaded');
          return await readFile(join(path, file));
        });
      } finally {
        await rm(path, { recursive: true, force: true });
      }
    },
  });
}

/**
 * Artifacts of another run, by the API. Needs `actions: read`.
 *
 * @throws SosBenchError as every request does.
 */
export function artifactsOfRun(client: Client, runId: number): RunArtifacts {
  const api = artifactApi(client);
  return checked({
    list: async () => (await api.ofRun(runId)).filter(({ expired }) => !expired),
    download: api.download,
    jobs: () => api.jobs(runId),
  });
}

function checked({ list, download, jobs }: RunArtifacts): RunArtifacts {
  return {
    list,
    ...(jobs && { jobs }),
    download: (artifact) =>
      fetchArchive(artifact, {
        download: () => download(artifact),
        refuse: (what) =>
          new SosBenchError('record-invalid', `artifact ${artifact.name} ${what}`, {
            hint:
              'upload record.json, items.parquet, plan.json and journal.ndjson alone; where the digest differs from the one that ' +
              'GitHub lists, run this job again',
          }),
      }),
  };
}
