import { SosBenchError } from '../../error.ts';

/** As much of `@actions/artifact` as is needed: what a step does to its own run. */
export interface ArtifactClient {
  uploadArtifact(
    name: string,
    files: string[],
    root: string,
    options: { retentionDays?: number; skipArchive?: boolean },
  ): Promise<{ id?: number }>;
  deleteArtifact(name: string): Promise<unknown>;
}

/** The client of `@actions/artifact`, loaded only when something is uploaded: it is large. */
export async function loadArtifactClient(): Promise<ArtifactClient> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  return new DefaultArtifactClient();
}

/**
 * Whether a server keeps artifacts that a step can upload; GitHub Enterprise Server does not.
 *
 * @param serverUrl `GITHUB_SERVER_URL`; GitHub's own where left out.
 */
export function keepsArtifacts(serverUrl: string | undefined): boolean {
  if (!serverUrl || !URL.canParse(serverUrl)) return true;
  const host = new URL(serverUrl).hostname.toLowerCase();
  return host === 'github.com' || host.endsWith('.ghe.com') || host.endsWith('.localhost');
}

/** What is said where the server keeps no artifacts. */
export function noArtifacts(cause?: unknown): SosBenchError {
  return new SosBenchError('store-unsupported', 'this server (GitHub Enterprise Server) keeps no artifacts', {
    hint: 'use store: branch, or store: folder:DIR on a shared disk',
    cause,
  });
}

/**
 * Uploads files of a folder as an artifact of the running job. A name can be used once in a run: what a job that is run again
 * left under it before is replaced or, with `beside`, stays, and the upload takes the next free name of `NAME-2`, `NAME-3`, ...
 * So it does where a name is reserved by an upload that was never finished: that one can be neither used nor deleted.
 *
 * @param retentionDays the repository's own setting where left out; no more than that counts.
 * @returns its id; null where the service does not say.
 * @throws SosBenchError as `serviceFailure` says, or `store-unsupported` on GitHub Enterprise Server.
 */
export async function uploadArtifact(
  client: ArtifactClient,
  { name, files, root, retentionDays, beside = false }: Upload,
): Promise<number | null> {
  const options = retentionDays === undefined ? {} : { retentionDays };
  return await uploadNamed(client, name, {
    beside,
    nameOf: (copy) => copyName(name, copy),
    upload: (as) => client.uploadArtifact(as, files, root, options),
  });
}

/**
 * Uploads one file as it is, not in an archive, so that a browser shows it: its name is the artifact's. Where the service knows archives alone, it
 * goes up in one. A name that is taken is treated as `uploadArtifact` does, so that the file may come to be called `NAME-2.html`.
 *
 * @param writeAs writes the file under a name, and returns its path.
 * @returns its id; null where the service does not say.
 * @throws SosBenchError as `uploadArtifact` does.
 */
export async function uploadFile(
  client: ArtifactClient,
  { name, extension, root, writeAs, beside = false }: FileUpload,
): Promise<number | null> {
  try {
    return await uploadNamed(client, name, {
      beside,
      nameOf: (copy) => `${copyName(name, copy)}${extension}`,
      upload: async (as) => client.uploadArtifact(as, [await writeAs(as)], root, { skipArchive: true }),
    });
  } catch (error) {
    if (!(error instanceof SosBenchError) || error.code !== 'github-refused') throw error;
    const file = await writeAs(`${name}${extension}`);
    return await uploadNamed(client, name, {
      beside,
      nameOf: (copy) => copyName(name, copy),
      upload: (as) => client.uploadArtifact(as, [file], root, {}),
    });
  }
}

type Uploaded = { id?: number };

function idOf({ id }: Uploaded): number | null {
  return id ?? null;
}

/** Under the first name that can be had. */
async function uploadNamed(
  client: ArtifactClient,
  name: string,
  {
    beside,
    nameOf,
    upload,
  }: { beside: boolean; nameOf: (copy: number) => string; upload: (as: string) => Promise<Uploaded> },
): Promise<number | null> {
  try {
    for (let copy = 1; ; copy++) {
      const as = nameOf(copy);
      try {
        return idOf(await upload(as));
      } catch (error) {
        if (!isTaken(error) || copy === MAX_COPIES) throw error;
      }
      // What is deleted first is lost where the upload then fails.
      const found = beside ? null : await replaced(as);
      if (found !== null) return idOf(found);
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'GHESNotSupportedError') throw noArtifacts(error);
    throw serviceFailure(error, {
      doing: `upload artifact ${name}`,
      hint: 'run the job again; only steps of an action can upload, not `run:` steps',
    });
  }

  /** What took the place of what has that name; null where nothing could. */
  async function replaced(as: string): Promise<Uploaded | null> {
    try {
      await client.deleteArtifact(as);
      return await upload(as);
    } catch (error) {
      if (isTaken(error) || isAbsent(error)) return null;
      throw error;
    }
  }
}

export interface Upload {
  name: string;
  /** Paths below `root`. */
  files: string[];
  root: string;
  retentionDays?: number | undefined;
  /** Whether what has that name already is to stay. */
  beside?: boolean;
}

export interface FileUpload {
  /** Of the artifact, without the extension. */
  name: string;
  /** `.html`: what the service takes the kind of the file from. */
  extension: string;
  /** The folder that `writeAs` writes into. */
  root: string;
  writeAs: (as: string) => Promise<string>;
  /** Whether what has that name already is to stay. */
  beside?: boolean;
}

/** Attempts of one run that can each leave an artifact of one name. */
const MAX_COPIES = 100;

/** The name of the nth artifact of one name in a run. */
export function copyName(name: string, copy: number): string {
  return copy === 1 ? name : `${name}-${copy}`;
}

/**
 * A failure of the service that keeps the artifacts of a running job, as an error of ours. `@actions/artifact` tells what was
 * wrong in words alone.
 *
 * @returns `github-unreachable` where it gave up trying, else `github-refused`.
 */
export function serviceFailure(
  error: unknown,
  { doing, hint }: { doing: string; hint: string },
): SosBenchError {
  const text = error instanceof Error ? error.message : String(error);
  const isUnreachable = /unable to make request|after \d+ (attempts|retries)/i.test(text);
  return new SosBenchError(
    isUnreachable ? 'github-unreachable' : 'github-refused',
    `could not ${doing}: ${text.split('\n')[0]!.slice(0, 200)}`,
    { hint, cause: error },
  );
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && /\(409\)|already exists/i.test(error.message);
}

function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error && (error.name === 'ArtifactNotFoundError' || /not found/i.test(error.message))
  );
}
