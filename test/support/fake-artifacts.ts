import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A workflow run as GitHub's API has it; of a push to main of the repository itself where nothing else is said. */
export interface FakeRun {
  event?: string;
  sha?: string;
  branch?: string;
  /** `owner/name`. */
  headRepository?: string;
}

/** What is said of an artifact, where it is not what its content says. */
export interface FakeDetails {
  created?: Date;
  expired?: boolean;
  expires?: string;
  size?: number;
  /** Null for none at all, as of artifacts from before GitHub took any. */
  digest?: string | null;
  /** What the listing says of its run, where that is not what the run itself says. */
  listedAs?: FakeRun;
  /** Kind of the file where it is in no archive: what a browser is told. */
  mimeType?: string;
}

export interface FakeArtifacts {
  url: string;
  /** Archives by run id, then by name. */
  archives: Map<number, Map<string, Buffer>>;
  runs: Map<number, FakeRun>;
  /** Jobs by run id, as the API gives them. */
  jobs: Map<number, object[]>;
  /** By `RUN/NAME`. */
  details: Map<string, FakeDetails>;
  /** `METHOD /path?query` of what this fake answered by itself. */
  requests: string[];
  /** A server without artifacts, as GitHub Enterprise Server is one. */
  isAbsent: boolean;
  /** A service of before files that are in no archive: it refuses them. */
  takesArchivesOnly: boolean;
  /** Takes names and no content: an upload is begun and never finished. */
  failUploads: boolean;
  /** `RUN/NAME` of uploads that were begun and never finished: the name is taken, and there is no artifact to delete. */
  reserved: Set<string>;
  /**
   * Commits that the emulator does not have, each with one of its own that stands for it: of a fork, which GitHub knows in
   * the repository it was forked from, or of a clone on this machine.
   */
  standIns: Map<string, string>;
  /** What a step of a run finds in its environment, so that @actions/artifact works. */
  stepEnvironment(run: number): Record<string, string>;
  close(): void;
}

type State = Omit<FakeArtifacts, 'url' | 'close' | 'stepEnvironment'>;

/**
 * A fake: a proxy in front of the emulator that adds what it lacks: jobs and artifacts of workflow runs, the latter both over REST and as
 * @actions/artifact speaks to the service from within a run, and stand-ins for commits that the emulator does not have.
 * Everything else passes.
 *
 * @param repository `owner/name` that the runs are of.
 */
export async function startFakeArtifacts(target: string, repository = 'octo/models'): Promise<FakeArtifacts> {
  const state: State = {
    archives: new Map(),
    runs: new Map(),
    jobs: new Map(),
    details: new Map(),
    requests: [],
    isAbsent: false,
    takesArchivesOnly: false,
    failUploads: false,
    reserved: new Set(),
    standIns: new Map(),
  };
  const handle = [answerRest(state, repository), answerService(state)];
  const server = createServer((request, response) => {
    void answer().catch((error: unknown) => response.writeHead(599).end(String(error)));

    async function answer(): Promise<void> {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const asked: Asked = {
        request,
        response,
        url: new URL(request.url ?? '/', own()),
        body: Buffer.concat(parts),
      };
      if (handle.some((take) => take(asked))) state.requests.push(`${request.method} ${request.url}`);
      else await pass(asked);
    }

    function own(): string {
      return `http://${request.headers.host}`;
    }

    async function pass({ body }: Asked): Promise<void> {
      const text = swap(body.toString(), 'there');
      const headers = Object.entries(request.headers).filter(
        ([name]) => !/^(host|connection|content-length)$/.test(name),
      );
      const passed = await fetch(`${target}${swap(request.url ?? '/', 'there')}`, {
        method: request.method ?? 'GET',
        headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
        ...(text.length > 0 ? { body: text } : {}),
      });
      const back = swap(await passed.text(), 'back');
      const kept = [...passed.headers].filter(([name]) =>
        /^(link|content-type|retry-after|x-ratelimit-.*)$/.test(name),
      );
      response.writeHead(
        passed.status,
        kept.map(([name, value]): [string, string] => [
          name,
          value.replaceAll(/<https?:\/\/[^/]+/g, `<${own()}`),
        ]),
      );
      response.end(passed.status === 204 ? undefined : back);
    }

    function swap(text: string, way: 'there' | 'back'): string {
      let swapped = text;
      // One can stand for one that itself is stood for.
      for (const [given, own] of way === 'there' ? state.standIns : [...state.standIns].reverse()) {
        swapped = way === 'there' ? swapped.replaceAll(given, own) : swapped.replaceAll(own, given);
      }
      return swapped;
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    url,
    stepEnvironment(run: number) {
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
      const token = `${encode({ alg: 'none' })}.${encode({ scp: `Actions.Results:${run}:job` })}.`;
      return { ACTIONS_RUNTIME_TOKEN: token, ACTIONS_RESULTS_URL: `${url}/` };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
}

interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: Buffer;
}

function json(response: ServerResponse, status: number, document: object): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  return true;
}

function digestOf(content: Buffer, { digest }: FakeDetails = {}): string | null {
  return digest === undefined ? `sha256:${createHash('sha256').update(content).digest('hex')}` : digest;
}

/** Ids that stay: by the order in which artifacts were first seen. */
function identify(state: State) {
  const ids: string[] = [];
  return {
    list(runId?: number) {
      return [...state.archives]
        .filter(([run]) => runId === undefined || run === runId)
        .flatMap(([run, own]) =>
          [...own].map(([name, content]) => {
            const key = `${run}/${name}`;
            if (!ids.includes(key)) ids.push(key);
            return { id: ids.indexOf(key) + 1, run, name, content, details: state.details.get(key) ?? {} };
          }),
        );
    },
  };
}

/** GitHub's REST API of artifacts and runs. */
function answerRest(state: State, repository: string) {
  const known = identify(state);
  return ({ response, url, request }: Asked): boolean => {
    const [, path = ''] = /^\/repos\/[^/]+\/[^/]+\/actions\/(artifacts.*|runs\/.*)$/.exec(url.pathname) ?? [];
    const run = Number(/^runs\/(\d+)(\/artifacts)?$/.exec(path)?.[1] ?? Number.NaN);
    if (state.isAbsent && path !== '') return json(response, 404, { message: 'Not Found' });
    if (path === 'artifacts') return list(response, url);
    if (path === `runs/${run}/artifacts`) return list(response, url, run);
    if (path === `runs/${run}` && state.runs.has(run)) return json(response, 200, describeRun(run));
    const jobsOf = Number(/^runs\/(\d+)\/jobs$/.exec(path)?.[1] ?? Number.NaN);
    if (state.jobs.has(jobsOf)) {
      const jobs = state.jobs.get(jobsOf)!;
      return json(response, 200, { total_count: jobs.length, jobs });
    }
    const zip = /^artifacts\/(\d+)\/zip$/.exec(path)?.[1];
    return zip !== undefined && download(Number(zip), response, request);
  };

  function list(response: ServerResponse, url: URL, run?: number): true {
    const name = url.searchParams.get('name');
    const perPage = Number(url.searchParams.get('per_page') ?? 30);
    const from = (Number(url.searchParams.get('page') ?? 1) - 1) * perPage;
    const found = known.list(run).filter((artifact) => name === null || artifact.name === name);
    const time = ({ details }: (typeof found)[number]) => details.created?.getTime() ?? Date.now();
    const artifacts = found
      .sort((a, b) => time(b) - time(a) || b.id - a.id)
      .slice(from, from + perPage)
      .map(({ id, name, content, details, run }) => {
        const { head_sha, head_branch, head_repository } = describeRun(run, details.listedAs);
        return {
          ...{ id, name, size_in_bytes: details.size ?? content.length, expired: details.expired ?? false },
          created_at: (details.created ?? new Date()).toISOString(),
          expires_at: details.expires ?? null,
          digest: digestOf(content, details),
          workflow_run: {
            ...{ id: run, head_sha, head_branch, repository_id: 1 },
            head_repository_id: head_repository.full_name === repository ? 1 : 2,
          },
        };
      });
    return json(response, 200, { total_count: found.length, artifacts });
  }

  function describeRun(id: number, said: FakeRun = {}) {
    const {
      event = 'push',
      sha = '0'.repeat(40),
      branch = 'main',
      headRepository,
    } = { ...state.runs.get(id), ...said };
    const full_name = headRepository ?? repository;
    return { id, event, head_sha: sha, head_branch: branch, head_repository: { full_name } };
  }

  /** As GitHub does: a redirect to where the bytes are. */
  function download(id: number, response: ServerResponse, request: IncomingMessage): true {
    const found = known.list().find((artifact) => artifact.id === id);
    if (found === undefined) return json(response, 404, { message: 'Not Found' });
    if (found.details.expired) return json(response, 410, { message: 'Artifact has expired' });
    if (!request.url?.includes('signed=')) {
      response.writeHead(302, { location: `http://${request.headers.host}${request.url}?signed=1` }).end();
    } else {
      response
        .writeHead(200, { 'content-type': found.details.mimeType ?? 'application/zip' })
        .end(found.content);
    }
    return true;
  }
}

/** The service that @actions/artifact speaks to from within a run, and the store of blobs beside it. */
function answerService(state: State) {
  const blocks = new Map<string, Buffer>();
  const blobs = new Map<string, Buffer>();
  return ({ request, response, url, body }: Asked): boolean => {
    const blob = /^\/blobs\/(.+)$/.exec(url.pathname)?.[1];
    if (blob !== undefined) return answerBlob(blob);
    const method = /^\/twirp\/github\.actions\.results\.api\.v1\.ArtifactService\/(\w+)$/.exec(
      url.pathname,
    )?.[1];
    if (method === undefined) return false;
    const asked = JSON.parse(body.toString()) as Record<string, string>;
    const run = Number(asked.workflow_run_backend_id);
    const name = String(asked.name ?? '');
    const own = state.archives.get(run) ?? new Map<string, Buffer>();
    state.archives.set(run, own);
    const key = `${run}/${encodeURIComponent(name)}`;
    const isFile = (asked.mime_type ?? 'application/zip') !== 'application/zip';
    const signed = `http://${request.headers.host}/blobs/${key}.zip?sig=signature-of-fake`;
    switch (method) {
      case 'CreateArtifact':
        if (isFile && state.takesArchivesOnly)
          return json(response, 400, { code: 'invalid_argument', msg: 'it is no archive' });
        if (own.has(name) || state.reserved.has(`${run}/${name}`))
          return json(response, 409, { code: 'already_exists', msg: 'it exists already' });
        state.details.set(`${run}/${name}`, {
          created: new Date(),
          ...(asked.expires_at ? { expires: asked.expires_at } : {}),
          ...(isFile ? { mimeType: asked.mime_type! } : {}),
        });
        return json(response, 200, { ok: true, signed_upload_url: signed });
      case 'FinalizeArtifact':
        if (state.failUploads) return json(response, 400, { code: 'invalid_argument', msg: 'it was cut' });
        own.set(name, blobs.get(`${key}.zip`)!);
        return json(response, 200, { ok: true, artifact_id: String(own.size) });
      case 'ListArtifacts': {
        const listed = [...own].map(([name, content], index) => ({
          workflow_run_backend_id: String(run),
          workflow_job_run_backend_id: 'job',
          database_id: String(index + 1),
          name,
          size: String(content.length),
          digest: digestOf(content, state.details.get(`${run}/${name}`)),
        }));
        const artifacts = listed.filter(
          ({ name, database_id: id }) =>
            (asked.name_filter ?? name) === name && String(asked.id_filter ?? id) === id,
        );
        return json(response, 200, { artifacts });
      }
      case 'GetSignedArtifactURL':
        blobs.set(`${key}.zip`, own.get(name)!);
        return json(response, 200, { name, signed_url: signed });
      case 'DeleteArtifact':
        own.delete(name);
        return json(response, 200, { ok: true, artifact_id: '1' });
      default:
        return json(response, 404, { msg: method });
    }

    function answerBlob(path: string): true {
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/zip' }).end(blobs.get(path));
        return true;
      }
      const block = url.searchParams.get('blockid');
      if (block !== null) blocks.set(`${path} ${block}`, body);
      else if (url.searchParams.get('comp') === 'blocklist') {
        const ids = [...body.toString().matchAll(/<Latest>(.+?)<\/Latest>/g)].map(([, id]) => id);
        blobs.set(path, Buffer.concat(ids.map((id) => blocks.get(`${path} ${id}`)!)));
      } else blobs.set(path, body);
      response.writeHead(201, { etag: '"1"', 'x-ms-request-id': '1' }).end();
      return true;
    }
  };
}
