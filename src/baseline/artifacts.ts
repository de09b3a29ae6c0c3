import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { recordPaths } from '../record/paths.ts';
import { readRecord } from '../record/read.ts';
import { makeFolder, writeFileAtomic } from '../system/files.ts';
import { BASELINE_EVENTS } from './admit.ts';
import { apiError } from './api-error.ts';
import { type Entry, parseEntry, type ReadEntry } from './entry.ts';
import type { ApiClient, Repository } from './git-data.ts';
import type { BaselineSource } from './store.ts';

/** As much of `@actions/artifact` as is needed. */
export interface ArtifactClient {
  uploadArtifact(
    name: string,
    files: string[],
    root: string,
    options: { retentionDays?: number },
  ): Promise<{ id?: number }>;
  downloadArtifact(
    id: number,
    options: { path: string; expectedHash?: string; findBy: FindBy },
  ): Promise<{ digestMismatch?: boolean }>;
}

interface FindBy {
  token: string;
  workflowRunId: number;
  repositoryOwner: string;
  repositoryName: string;
}

/** Larger than any record; a commit's own run may have uploaded something else under our name. */
const MOST_BYTES = 64_000_000;
const PAGE = 100;
const MOST_PAGES = 10;

const ArtifactSchema = z.object({
  id: z.number(),
  name: z.string(),
  size_in_bytes: z.number(),
  expired: z.boolean(),
  created_at: z.string(),
  digest: z.string().nullish(),
  workflow_run: z
    .object({
      id: z.number(),
      head_sha: z.string(),
      head_branch: z.string().nullable(),
      repository_id: z.number(),
      head_repository_id: z.number().nullable(),
    })
    .nullish(),
});
const ListSchema = z.object({ artifacts: z.array(ArtifactSchema) });
const RunSchema = z.object({
  event: z.string(),
  head_sha: z.string(),
  head_repository: z.object({ full_name: z.string() }).nullable(),
});
type Artifact = z.infer<typeof ArtifactSchema>;

/** The client of `@actions/artifact`, loaded only when artifacts are used: it is large. */
export async function loadArtifactClient(): Promise<ArtifactClient> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  return new DefaultArtifactClient();
}

/**
 * Uploads a baseline as artifacts of the running job: the record, and beside it the entry alone, which may be kept longer. They go when
 * their time is over, so they cannot take the place of a store.
 *
 * @param stage an empty folder to put them together in.
 */
export async function uploadBaseline(
  client: ArtifactClient,
  { entry, folder, stage, retentionDays, trendRetentionDays }: Upload,
): Promise<void> {
  await makeFolder(stage);
  const staged = { ...recordPaths(stage), entry: join(stage, 'entry.json') };
  const from = recordPaths(folder);
  await writeFileAtomic(staged.entry, `${JSON.stringify(entry, null, 2)}\n`);
  await copyFile(from.record, staged.record);
  await copyFile(from.items, staged.items);
  const days = (count: number | undefined) => (count === undefined ? {} : { retentionDays: count });
  try {
    await client.uploadArtifact(
      artifactName('baseline', entry),
      [staged.entry, staged.record, staged.items],
      stage,
      days(retentionDays),
    );
    await client.uploadArtifact(
      artifactName('trend', entry),
      [staged.entry],
      stage,
      days(trendRetentionDays),
    );
  } catch (error) {
    throw artifactError(error, 'uploaded');
  }
}

export interface Upload {
  entry: Entry;
  /** Record folder. */
  folder: string;
  stage: string;
  /** Days; the repository's own setting where left out. */
  retentionDays?: number;
  trendRetentionDays?: number;
}

/** Baselines among the artifacts of a repository's runs, for lookups. Needs `actions: read`. */
export function artifactSource(
  { client, artifacts }: { client: ApiClient; artifacts: ArtifactClient },
  { owner, repo }: Repository,
  { defaultBranch, token, folder }: { defaultBranch: string; token: string; folder: string },
): BaselineSource {
  const place = `the artifacts of ${owner}/${repo}`;
  const ask = async <T>(schema: z.ZodType<T>, path: string, parameters = {}): Promise<T> => {
    const route = `GET /repos/${owner}/${repo}/actions${path}`;
    try {
      return schema.parse((await client.request(route, parameters)).data);
    } catch (error) {
      throw apiError(error, { place, route, needs: 'actions' });
    }
  };
  /** A fork's run may be on a branch called main as well; its artifacts are listed here too. */
  const isBaseline = ({ name, expired, size_in_bytes: size, workflow_run: run }: Artifact): boolean =>
    run != null &&
    name.replace(/-\d+$/, '') === `sos-bench-baseline-${run.head_sha}` &&
    !expired &&
    size <= MOST_BYTES &&
    run.head_branch === defaultBranch &&
    run.head_repository_id === run.repository_id;

  const fetchEntry = async ({ id, digest, workflow_run: run }: Artifact): Promise<ReadEntry> => {
    const sha = run!.head_sha;
    const { event, head_sha, head_repository } = await ask(RunSchema, `/runs/${run!.id}`);
    if (!BASELINE_EVENTS.includes(event))
      return { entry: null, problem: `its run was started by '${event}'` };
    if (head_sha !== sha || head_repository?.full_name !== `${owner}/${repo}`)
      return { entry: null, problem: 'its run is of another commit or repository' };
    const path = join(folder, sha);
    const findBy = { token, workflowRunId: run!.id, repositoryOwner: owner, repositoryName: repo };
    try {
      const { digestMismatch } = await artifacts.downloadArtifact(id, {
        ...{ path, findBy },
        ...(digest && { expectedHash: digest }),
      });
      if (digestMismatch) return { entry: null, problem: 'the artifact was damaged on the way' };
      return parseEntry(sha, await readFile(join(path, 'entry.json')));
    } catch (error) {
      if (hasSystemCode(error, 'ENOENT')) return { entry: null, problem: 'it has no entry.json' };
      throw artifactError(error, 'downloaded');
    }
  };

  return {
    place,
    async openIndex() {
      const found = new Map<string, Artifact>();
      let page = 0;
      let oldest = Number.POSITIVE_INFINITY;
      const notes: string[] = [];
      return {
        exists: true,
        notes,
        async reach(time) {
          while (page < MOST_PAGES && oldest >= time.getTime()) {
            const { artifacts } = await ask(ListSchema, '/artifacts', { per_page: PAGE, page: ++page });
            for (const artifact of artifacts) {
              const sha = artifact.workflow_run?.head_sha;
              // Newest first: of several runs of one commit the last one counts.
              if (sha !== undefined && !found.has(sha) && isBaseline(artifact)) found.set(sha, artifact);
            }
            oldest =
              artifacts.length < PAGE ? Number.NEGATIVE_INFINITY : Date.parse(artifacts.at(-1)!.created_at);
            if (page === MOST_PAGES)
              notes.push(`only the newest ${MOST_PAGES * PAGE} artifacts were looked at`);
          }
        },
        find: (sha) => (found.has(sha) ? { sha } : null),
        entry: async (sha) => {
          const artifact = found.get(sha);
          return artifact === undefined ? null : fetchEntry(artifact);
        },
      };
    },
    async load(entry, into) {
      const from = recordPaths(join(folder, entry.sha));
      await makeFolder(into);
      const to = recordPaths(into);
      await copyFile(from.items, to.items);
      await copyFile(from.record, to.record);
      const loaded = await readRecord(into);
      if (loaded.record.commit !== entry.sha) {
        throw new SosBenchError(
          'store-invalid',
          `the record of ${entry.sha} claims to be of ${loaded.record.commit}`,
          {
            hint: 'evaluate that commit again on the default branch',
          },
        );
      }
      return loaded;
    },
  };
}

/** A name can be used once in a run, so a job that is run again needs another. */
function artifactName(kind: 'baseline' | 'trend', { sha, run }: Pick<Entry, 'sha' | 'run'>): string {
  return `sos-bench-${kind}-${sha}-${run?.attempt ?? 1}`;
}

function artifactError(error: unknown, done: string): SosBenchError {
  if (error instanceof SosBenchError) return error;
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200);
  const isEnterprise = error instanceof Error && error.name === 'GHESNotSupportedError';
  return new SosBenchError('github-failed', `an artifact could not be ${done}: ${text}`, {
    hint: isEnterprise
      ? 'GitHub Enterprise Server has none of this kind: use --store folder:DIR'
      : 'run the job again',
    cause: error,
  });
}
