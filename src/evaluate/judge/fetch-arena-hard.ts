import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { HttpFault, sendRequest } from '../../serving/http.ts';
import { fileError, makeFolder, writeFileAtomic } from '../../system/files/files.ts';

/** 2025-06-20. Its files are known by their SHA-256: another content is refused. */
const COMMIT = '196f6b826783b3da7310e361a805fa36f0be83f3';
const ARENA_HARD_SOURCE = `https://raw.githubusercontent.com/lmarena/arena-hard-auto/${COMMIT}/data`;
const TIMEOUT_MS = 120_000;

export interface PinnedFile {
  /** Below the source. */
  path: string;
  /** What it is called here: a file of questions names its benchmark, one of answers its model. */
  name: string;
  sha256: string;
}

const ARENA_HARD = {
  'arena-hard-v0.1': [
    {
      path: 'arena-hard-v0.1/question.jsonl',
      name: 'arena-hard-v0.1.jsonl',
      sha256: '2650242d2883f22b2abd498f273b6a7e02253cce533f5c91a858e1d44aa3002f',
    },
    {
      path: 'arena-hard-v0.1/model_answer/gpt-4-0314.jsonl',
      name: 'gpt-4-0314.jsonl',
      sha256: '0f6abc84de4600fde987d9db70f838f4ecdbd27a2f1f4058c12aa322a6f791b2',
    },
  ],
  'arena-hard-v2': [
    {
      path: 'arena-hard-v2.0/question.jsonl',
      name: 'arena-hard-v2.jsonl',
      sha256: 'a75cef6623db6b27aec810497b059f0659705d7ff48dcbccc5bd5b130728ac73',
    },
    {
      path: 'arena-hard-v2.0/model_answer/o3-mini-2025-01-31.jsonl',
      name: 'o3-mini-2025-01-31.jsonl',
      sha256: 'c23a7c255eead99f7f86ad48aa1d8ccdb5b3334f2097e0e1e09184df87265e03',
    },
  ],
} as const satisfies Record<string, readonly PinnedFile[]>;
type ArenaHardId = keyof typeof ARENA_HARD;

/** The Arena-Hard of that name. @throws SosBenchError `usage`. */
export function arenaHardId(name: string): ArenaHardId {
  if (Object.hasOwn(ARENA_HARD, name)) return name as ArenaHardId;
  throw new SosBenchError('usage', `--judge-benchmarks ${name}: there is no such judge benchmark to fetch`, {
    hint: `there are ${Object.keys(ARENA_HARD).join(' and ')}; the questions of judge-mini come with this program`,
  });
}

/**
 * Fetches the questions of an Arena-Hard at the pinned commit, and the answers of the model that upstream compares with.
 *
 * @returns paths: of the questions, and of the reference's answers.
 * @throws SosBenchError as `fetchPinned`.
 */
export async function fetchArenaHard(
  id: ArenaHardId,
  where: { folder: string; signal: AbortSignal },
): Promise<{ questions: string; reference: string }> {
  const [questions, reference] = (await fetchPinned(ARENA_HARD[id], {
    ...where,
    source: ARENA_HARD_SOURCE,
  })) as [string, string];
  return { questions, reference };
}

/**
 * Fetches files whose content is known. What is there already is not fetched again, and never replaced.
 *
 * @returns their paths.
 * @throws SosBenchError `data-missing` where a file cannot be had or has another content, `data-invalid` where another one is in its place,
 *   `disk-full`, `permission-denied`, `interrupted`.
 */
export async function fetchPinned(
  files: readonly PinnedFile[],
  { folder, source, signal }: { folder: string; source: string; signal: AbortSignal },
): Promise<string[]> {
  await makeFolder(folder);
  const targets: string[] = [];
  for (const { path, name, sha256 } of files) {
    const target = join(folder, name);
    targets.push(target);
    const there = await readThere(target);
    if (there !== null && digestOf(there) === sha256) continue;
    if (there !== null)
      throw new SosBenchError(
        'data-invalid',
        `${target} is there already, with another content than ${source}/${path}`,
        {
          hint: 'remove it to have it fetched, or name another folder',
        },
      );
    const content = await download(`${source}/${path}`, signal);
    if (digestOf(content) !== sha256)
      throw missing(`${source}/${path} is not the pinned file: its SHA-256 is another`);
    await writeFileAtomic(target, content);
  }
  return targets;
}

async function readThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return null;
    throw fileError(error, path, 'read');
  }
}

async function download(url: string, signal: AbortSignal): Promise<Buffer> {
  try {
    const { status, text } = await sendRequest(url, {
      method: 'GET',
      key: null,
      timeout: TIMEOUT_MS,
      signal,
    });
    if (status === 200) return Buffer.from(text, 'utf8');
    throw missing(`${url} could not be fetched: status ${status}`);
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    if (error.kind === 'aborted') throw new SosBenchError('interrupted', 'interrupted', { cause: error });
    throw missing(`${url} could not be fetched: ${error.message}`, error);
  }
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function missing(what: string, cause?: unknown): SosBenchError {
  return new SosBenchError('data-missing', what, {
    hint: 'fetch it by another way and give the file as judge-questions or judge-reference',
    cause,
  });
}
