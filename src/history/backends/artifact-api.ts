import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import type { Need } from '../../github/commands/permission.ts';
import { hasStatus } from '../../github/failure.ts';
import { ask } from '../../github/post.ts';
import { readZip } from '../../system/files/zip.ts';
import type { ApiClient, Repository } from './git-data.ts';

/** Larger than any record with its entry. */
const MAX_BYTES = 64_000_000;
const PAGE = 100;
/** Pages of one listing; each is a request. */
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
    created: Date.parse(created_at ?? '') || 0,
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

/** Artifacts of a repository's workflow runs, over REST. Needs `actions: read`. */
export interface ArtifactApi {
  readonly description: string;
  /** As GitHub spells it. */
  repository(): Promise<z.infer<typeof RepositorySchema>>;
  /** A page of all artifacts, newest first; the last one is not full. */
  page(number: number): Promise<{ artifacts: ListedArtifact[]; isLast: boolean }>;
  /** Those of a name, of whatever run; of one run where it is given. */
  named(name: string, runId?: number): Promise<ListedArtifact[]>;
  /** All of one run. */
  ofRun(id: number): Promise<ListedArtifact[]>;
  run(id: number): Promise<WorkflowRun>;
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
export function artifactApi(client: ApiClient, { owner, repo }: Repository): ArtifactApi {
  const description = `the artifacts of ${owner}/${repo}`;
  const base = `/repos/${owner}/${repo}`;
  const need: Need = {
    doing: `read ${description}`,
    permission: { actions: 'read' },
    target: 'what was asked for',
    absentHint:
      'where the server keeps no artifacts (GitHub Enterprise Server) use store: branch or folder:DIR',
  };
  const request = async (path: string, parameters: Record<string, unknown> = {}): Promise<unknown> =>
    (await client.request(`GET ${base}${path}`, parameters)).data;
  const read = <T>(schema: z.ZodType<T>, path: string, parameters = {}): Promise<T> =>
    ask(need, async () => schema.parse(await request(path, parameters)));
  const runs = new Map<number, Promise<WorkflowRun>>();
  let repository: Promise<z.infer<typeof RepositorySchema>> | undefined;
  const list = async (path: string, page: number, parameters = {}) => {
    const { artifacts } = await read(ListSchema, path, { ...parameters, per_page: PAGE, page });
    return { artifacts, isLast: artifacts.length < PAGE };
  };
  return {
    description,
    repository() {
      repository ??= read(RepositorySchema, '');
      return repository;
    },
    page: (number) => list('/actions/artifacts', number),
    async named(name, runId) {
      const path = runId === undefined ? '/actions/artifacts' : `/actions/runs/${runId}/artifacts`;
      const found: ListedArtifact[] = [];
      for (let page = 1; page <= MAX_PAGES; page++) {
        const { artifacts, isLast } = await list(path, page, { name });
        found.push(...artifacts.filter((artifact) => artifact.name === name));
        if (isLast) break;
      }
      return found;
    },
    async ofRun(id) {
      const found: ListedArtifact[] = [];
      for (let page = 1; page <= MAX_PAGES; page++) {
        const { artifacts, isLast } = await list(`/actions/runs/${id}/artifacts`, page);
        found.push(...artifacts);
        if (isLast) break;
      }
      return found;
    },
    run(id) {
      const known = runs.get(id) ?? read(RunSchema, `/actions/runs/${id}`);
      runs.set(id, known);
      return known;
    },
    async read(artifact, limits) {
      if (artifact.expired) throw unusable('it has expired');
      if (artifact.size > MAX_BYTES) throw unusable(`it has ${artifact.size} bytes`);
      const data = await ask(need, async () => {
        try {
          return await request(`/actions/artifacts/${artifact.id}/zip`);
        } catch (error) {
          throw hasStatus(error, 404, 410) ? unusable('it is gone', error) : error;
        }
      });
      const archive = Buffer.from(data as ArrayBuffer);
      if (!isWhole(archive, artifact.digest)) throw unusable('its content is not what was uploaded');
      return await readZip(archive, limits, unusable);
    },
  };
}

/** Whether an archive has the digest that GitHub took of it when it was uploaded; older ones have none. */
export function isWhole(archive: Buffer, digest: string | null | undefined): boolean {
  return !digest || digest === `sha256:${createHash('sha256').update(archive).digest('hex')}`;
}

function unusable(what: string, cause?: unknown): SosBenchError {
  return new SosBenchError('artifact-unusable', `the artifact cannot be used: ${what}`, {
    hint: 'run the job that uploaded it again',
    cause,
  });
}
