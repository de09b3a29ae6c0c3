import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import type { Client } from '../../github/client.ts';
import { ask } from '../../github/post.ts';
import { isWhole } from '../../history/backends/artifact-api.ts';
import { serviceFailure } from '../../history/backends/artifact-client.ts';
import { MAX_ARCHIVE_BYTES } from '../../record/unpack.ts';
import { makeFolder } from '../../system/files/files.ts';

export interface RunArtifact {
  id: number;
  name: string;
  /** Bytes of the archive. */
  size: number;
  digest: string | null;
  /** When it was made, in ms since 1970; null where that is not told. */
  created: number | null;
}

/** One time that a job of a run was at work; times in ms since 1970. */
export interface RunJob {
  name: string;
  started: number;
  /** Null while it works. */
  completed: number | null;
}

/** The artifacts of one workflow run, those of its earlier attempts among them. */
export interface RunArtifacts {
  list(): Promise<RunArtifact[]>;
  /**
   * The archive as it was uploaded, by the digest that GitHub lists, where it does; nobody has looked into it yet.
   *
   * @throws SosBenchError `record-invalid` for one that is too large or was damaged.
   */
  download(artifact: RunArtifact): Promise<Buffer>;
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
          if (file === undefined) throw damaged(artifact);
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
  const need = { doing: `read the artifacts of run ${runId}`, permission: { actions: 'read' } as const };
  return checked({
    list: () =>
      ask(need, async () => {
        const all = await client.paginate(client.rest.actions.listWorkflowRunArtifacts, {
          ...client.repository,
          run_id: runId,
          per_page: 100,
        });
        return all
          .filter(({ expired }) => !expired)
          .map(({ id, name, size_in_bytes: size, digest, created_at }) => ({
            ...{ id, name, size, digest: digest ?? null },
            created: Date.parse(created_at ?? '') || null,
          }));
      }),
    download: ({ id }) =>
      ask(need, async () => {
        const { data } = await client.rest.actions.downloadArtifact({
          ...client.repository,
          artifact_id: id,
          archive_format: 'zip',
        });
        return Buffer.from(data as ArrayBuffer);
      }),
    jobs: () =>
      ask(need, async () => {
        const all = await client.paginate(client.rest.actions.listJobsForWorkflowRun, {
          ...client.repository,
          run_id: runId,
          filter: 'all',
          per_page: 100,
        });
        return all.flatMap(({ name, started_at, completed_at }) => {
          const started = Date.parse(started_at ?? '');
          return Number.isNaN(started)
            ? []
            : [{ name, started, completed: Date.parse(completed_at ?? '') || null }];
        });
      }),
  });
}

/** Nothing too large is fetched, and nothing damaged is given. */
function checked({ list, download, jobs }: RunArtifacts): RunArtifacts {
  return {
    list,
    ...(jobs && { jobs }),
    async download(artifact) {
      requireSize(artifact);
      const archive = await download(artifact);
      if (!isWhole(archive, artifact.digest)) throw damaged(artifact);
      return archive;
    },
  };
}

function requireSize({ name, size }: RunArtifact): void {
  if (size <= MAX_ARCHIVE_BYTES) return;
  throw new SosBenchError('record-invalid', `artifact ${name} has ${size} bytes`, {
    hint: 'upload record.json, items.parquet, plan.json and journal.ndjson alone',
  });
}

function damaged({ name }: RunArtifact): SosBenchError {
  return new SosBenchError('record-invalid', `artifact ${name} is not what was uploaded`, {
    hint: 'run this job again: its bytes came with another digest than GitHub lists',
  });
}
