import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import { readZip } from '../../system/files/zip.ts';
import type { Client } from '../client.ts';
import type { Need } from '../commands/permission.ts';
import { hasStatus } from '../failure.ts';
import { ask } from '../post.ts';
import { fetchArchive } from './archive.ts';

const PAGE = 100;
/** Pages of a listing of the whole repository; each is a request. */
export const MAX_PAGES = 10;

const ArtifactSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    size_in_bytes: z.number(),
    expired: z.boolean(),
    created_at: z.string().nullish(),
    expires_at: z.string().nullish(),
    digest: z.string().nullish(),
    workflow_run: z
      .object({
        id: z.number(),
        head_sha: z.string(),
        head_branch: z.string().nullish(),
        repository_id: z.number(),
        head_repository_id: z.number().nullish(),
      })
      .nullish(),
  })
  .transform(({ size_in_bytes: size, created_at, expires_at, workflow_run: run, digest, ...rest }) => ({
    ...rest,
    size,
    created: Date.parse(created_at ?? '') || null,
    expires: expires_at ?? null,
    digest: digest ?? null,
    run: run
      ? {
          id: run.id,
          sha: run.head_sha,
          branch: run.head_branch ?? null,
          /** A fork's run may be on a branch called main as well; its artifacts are listed here too. */
          isOwn: run.head_repository_id === run.repository_id,
        }
      : null,
  }));

/** An artifact as a job of its own run is told of it. */
export interface Artifact {
  id: number;
  name: string;
  /** Bytes of the archive. */
  size: number;
  digest: string | null;
  /** When it was made, in ms since 1970; null where that is not told. */
  created: number | null;
}

/** An artifact as GitHub lists it. */
export type ListedArtifact = z.infer<typeof ArtifactSchema>;

const ListSchema = z.object({ artifacts: z.array(ArtifactSchema) });
const RunSchema = z
  .object({
    event: z.string(),
    head_sha: z.string(),
    head_branch: z.string().nullish(),
    head_repository: z.object({ full_name: z.string() }).nullish(),
  })
  .transform(({ event, head_sha: sha, head_branch, head_repository }) => ({
    event,
    sha,
    branch: head_branch ?? null,
    /** Null where it was deleted. */
    repository: head_repository?.full_name ?? null,
  }));

/** What GitHub says of a workflow run. */
export type WorkflowRun = z.infer<typeof RunSchema>;

const RepositorySchema = z
  .object({ full_name: z.string(), default_branch: z.string() })
  .transform(({ full_name: name, default_branch: defaultBranch }) => ({ name, defaultBranch }));

/** One time that a job of a run was at work; times in ms since 1970. */
export interface RunJob {
  name: string;
  started: number;
  /** Null while it works. */
  completed: number | null;
}

const JobsSchema = z.array(
  z.object({ name: z.string(), started_at: z.string().nullish(), completed_at: z.string().nullish() }),
);

/** Artifacts of a repository's workflow runs, over REST. Needs `actions: read`. */
export interface ArtifactApi {
  readonly description: string;
  /** As GitHub spells it. */
  repository(): Promise<z.infer<typeof RepositorySchema>>;
  /** A page of all artifacts, newest first; the last one is not full. */
  page(number: number): Promise<{ artifacts: ListedArtifact[]; isLast: boolean }>;
  /** Those of a name, of whatever run; of one run where it is given. */
  named(name: string, runId?: number): Promise<ListedArtifact[]>;
  /** All of one run, of its earlier attempts too. */
  ofRun(id: number): Promise<ListedArtifact[]>;
  run(id: number): Promise<WorkflowRun>;
  /** The jobs of all attempts at a run. */
  jobs(runId: number): Promise<RunJob[]>;
  /** The bytes of an artifact as they come; `fetchArchive` looks at them. */
  download(artifact: Pick<Artifact, 'id'>): Promise<Buffer>;
  /**
   * The wanted files of an artifact, whose content must be what was uploaded.
   *
   * @param limits most bytes of each.
   * @throws SosBenchError `artifact-unusable` when it is gone or cannot be used, so that another one may be tried.
   */
  read<Name extends string>(
    artifact: ListedArtifact,
    limits: Readonly<Record<Name, number>>,
  ): Promise<Map<Name, Buffer>>;
}

/** @throws SosBenchError from each call, as every request to GitHub. */
export function artifactApi({ rest, paginate, repository: address }: Client): ArtifactApi {
  const description = `the artifacts of ${address.owner}/${address.repo}`;
  const need: Need = {
    doing: `read ${description}`,
    permission: { actions: 'read' },
    target: 'what was asked for',
    absentHint:
      'where the server keeps no artifacts (GitHub Enterprise Server) use store: branch or folder:DIR',
  };
  const read = <T>(schema: z.ZodType<T>, send: () => Promise<{ data: unknown }>): Promise<T> =>
    ask(need, async () => schema.parse((await send()).data));
  const runs = new Map<number, Promise<WorkflowRun>>();
  let repository: Promise<z.infer<typeof RepositorySchema>> | undefined;
  const list = async (page: number, { name, runId }: { name?: string; runId?: number } = {}) => {
    const which = { ...address, per_page: PAGE, page, ...(name !== undefined && { name }) };
    const { artifacts } = await read(ListSchema, () =>
      runId === undefined
        ? rest.actions.listArtifactsForRepo(which)
        : rest.actions.listWorkflowRunArtifacts({ ...which, run_id: runId }),
    );
    return { artifacts, isLast: artifacts.length < PAGE };
  };
  const download = async ({ id }: Pick<Artifact, 'id'>): Promise<Buffer> => {
    const asked = { ...address, artifact_id: id, archive_format: 'zip' };
    return Buffer.from((await rest.actions.downloadArtifact(asked)).data as ArrayBuffer);
  };
  return {
    description,
    repository() {
      repository ??= read(RepositorySchema, () => rest.repos.get({ ...address }));
      return repository;
    },
    page: (number) => list(number),
    async named(name, runId) {
      const found: ListedArtifact[] = [];
      for (let page = 1; page <= MAX_PAGES; page++) {
        const { artifacts, isLast } = await list(page, { name, ...(runId !== undefined && { runId }) });
        found.push(...artifacts.filter((artifact) => artifact.name === name));
        if (isLast) break;
      }
      return found;
    },
    async ofRun(id) {
      const found: ListedArtifact[] = [];
      for (let page = 1; ; page++) {
        const { artifacts, isLast } = await list(page, { runId: id });
        found.push(...artifacts);
        if (isLast) return found;
      }
    },
    run(id) {
      const known =
        runs.get(id) ?? read(RunSchema, () => rest.actions.getWorkflowRun({ ...address, run_id: id }));
      runs.set(id, known);
      return known;
    },
    async jobs(runId) {
      const all = await ask(need, async () =>
        JobsSchema.parse(
          await paginate(rest.actions.listJobsForWorkflowRun, {
            ...{ ...address, run_id: runId, filter: 'all', per_page: PAGE },
          }),
        ),
      );
      return all.flatMap(({ name, started_at, completed_at }) => {
        const started = Date.parse(started_at ?? '');
        const completed = Date.parse(completed_at ?? '') || null;
        return Number.isNaN(started) ? [] : [{ name, started, completed }];
      });
    },
    download: (artifact) => ask(need, () => download(artifact)),
    async read(artifact, limits) {
      if (artifact.expired) throw unusable('it has expired');
      const archive = await fetchArchive(artifact, {
        download: () =>
          ask(need, async () => {
            try {
              return await download(artifact);
            } catch (error) {
              throw hasStatus(error, 404, 410) ? unusable('it is gone', error) : error;
            }
          }),
        refuse: (what) => unusable(`it ${what}`),
      });
      return await readZip(archive, limits, unusable);
    },
  };
}

function unusable(what: string, cause?: unknown): SosBenchError {
  return new SosBenchError('artifact-unusable', `the artifact cannot be used: ${what}`, {
    hint: 'run the job that uploaded it again',
    cause,
  });
}
