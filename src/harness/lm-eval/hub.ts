import { join } from 'node:path';
import { z } from 'zod';
import { plural } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import type { DataSet } from '../../suite/benchmark.ts';
import { runGuarded } from '../../system/process/guarded-child.ts';
import { moduleArguments } from '../../system/python/python-command.ts';
import type { TaskSource } from './data.ts';

export interface HubOptions {
  python: string;
  environment: Record<string, string>;
  /** Given to the fetching process only, never to a worker. */
  token: string | null;
  /** Our own cache, where it is noted what each data set holds. */
  cache: string;
  /** Told of what had to be fetched again. */
  note: (text: string) => void;
  /** Whether the cache alone is asked. */
  offline?: boolean;
  /** What must have gone well before anything is fetched; it stays in caches. */
  ready?: () => Promise<void>;
  signal?: AbortSignal | undefined;
}

const DataFailureSchema = z.object({
  id: z.string(),
  error: z.enum(['gated', 'missing', 'unreachable', 'changed', 'failed']),
  message: z.string(),
});
type DataFailure = z.infer<typeof DataFailureSchema>;

const DataAnswerSchema = z.union([
  z.object({
    id: z.string(),
    path: z.string(),
    revision: z.string(),
    replaced: z.array(z.string()),
  }),
  DataFailureSchema,
]);

/**
 * Fetches data sets into the Hub's cache; for each id the folder, or why it cannot be had. Every file is compared with what
 * the revision holds; one that differs is fetched again.
 */
export async function fetchDataSets(
  datasets: readonly DataSet[],
  options: HubOptions,
): Promise<Map<string, TaskSource>> {
  const wanted = datasets.map(({ id, revision }) => ({ id, revision }));
  const args = [join(options.cache, 'hub-manifests'), ...(options.offline ? ['--offline'] : [])];
  const result = await run(options, 'fetch_data', args, JSON.stringify(wanted));
  const sources = new Map<string, TaskSource>();
  for (const line of result.stdout.split('\n').filter((text) => text.startsWith('{'))) {
    const answer = DataAnswerSchema.parse(JSON.parse(line));
    if ('replaced' in answer && answer.replaced.length > 0) options.note(sayReplaced(answer));
    sources.set(
      answer.id,
      'path' in answer
        ? { kind: 'hub', path: answer.path, label: `hub:${answer.id}@${answer.revision}` }
        : {
            kind: 'unavailable',
            reason: reasonOf(answer, options.token !== null),
            ...(answer.error === 'changed' ? { changed: true } : {}),
          },
    );
  }
  for (const { id } of datasets) {
    if (!sources.has(id))
      sources.set(id, { kind: 'unavailable', reason: `${id} could not be fetched from the Hub` });
  }
  return sources;
}

/**
 * Fetches a model from the Hub.
 *
 * @returns the local folder and the commit it is at.
 * @throws SosBenchError `model-missing`.
 */
export async function fetchModel(
  repository: string,
  revision: string | null,
  options: HubOptions & { allowCode: boolean; allowPickle: boolean },
): Promise<{ path: string; revision: string }> {
  const flags = [
    ...(revision === null ? [] : ['--revision', revision]),
    ...(options.allowCode ? ['--code'] : []),
    ...(options.allowPickle ? ['--pickle'] : []),
  ];
  const result = await run(options, 'fetch_model', [repository, ...flags], '');
  if (result.exitCode === 0) {
    const last = result.stdout.trim().split('\n').at(-1) ?? '';
    return z.object({ path: z.string(), revision: z.string() }).parse(JSON.parse(last));
  }
  throw new SosBenchError(
    'model-missing',
    `${repository} could not be fetched from the Hub: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
    {
      hint: 'check the name and revision, HF_TOKEN for private or gated models, and the network; or give a local path',
    },
  );
}

async function run(options: HubOptions, module: string, args: string[], input: string) {
  const { python, token, signal } = options;
  await options.ready?.();
  const environment = {
    ...options.environment,
    ...(token === null ? {} : { HF_TOKEN: token }),
  };
  const result = await runGuarded([python, ...moduleArguments(python, `sosbench_worker.${module}`, args)], {
    python,
    environment,
    input,
    signal,
  });
  if (signal?.aborted) throw new SosBenchError('interrupted', 'interrupted while fetching from the Hub');
  return { exitCode: result.exitCode, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}

function sayReplaced({
  id,
  revision,
  replaced,
}: {
  id: string;
  revision: string;
  replaced: string[];
}): string {
  const more = replaced.length > 1 ? ` and ${plural(replaced.length - 1, 'more file')}` : '';
  return `${id} in the cache was not its revision ${revision.slice(0, 7)}: ${replaced[0]}${more} put right from the Hub`;
}

function reasonOf({ id, error, message }: DataFailure, hasToken: boolean): string {
  switch (error) {
    case 'gated': {
      const ask = `ask for access at https://huggingface.co/datasets/${id}`;
      return `${id} is gated: ${ask}${hasToken ? '' : ' and give hf-token'}`;
    }
    case 'missing':
      return `${id} is not on the Hub, or hf-token may not see it`;
    case 'changed':
      return `${id} in the cache is not its pinned revision, and cannot be fetched again: ${message}`;
    case 'unreachable':
      return `the Hub could not be reached for ${id}`;
    case 'failed':
      return `${id} could not be fetched: ${message}`;
  }
}
