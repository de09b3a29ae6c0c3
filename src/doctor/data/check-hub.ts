import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { plural } from '../../count.ts';
import type { DataSet } from '../../suite/benchmark.ts';
import { findHubToken, hubHome } from '../../system/hub-token.ts';
import { type Check, fail, ok, warn } from '../check.ts';

interface HubRuntime {
  environment: Record<string, string | undefined>;
  /** Data sets that a run would fetch. */
  datasets: readonly DataSet[];
  /** A model on the Hub; null where it is elsewhere. */
  model: string | null;
}

const TIMEOUT_MS = 15_000;

/** Whether the Hub answers, lets us at gated data, or all is in the cache already. */
export async function checkHub({ environment, datasets, model }: HubRuntime): Promise<Check[]> {
  if (datasets.length === 0 && model === null) return [ok('hub', 'nothing is needed from the Hub')];
  const endpoint = (environment.HF_ENDPOINT || 'https://huggingface.co').replace(/\/$/, '');
  const cache = hubCache(environment);
  const absent = datasets.filter((dataset) => !isCached(cache, dataset));
  const found = findHubToken(environment);
  const token = found?.token ?? null;
  const ask = (path: string) => statusOf(`${endpoint}${path}`, token);
  if ((await ask('/')) === null) return [unreachable(endpoint, absent)];
  const checks = [
    ok(
      'hub',
      `${endpoint} answers; ${datasets.length - absent.length} of ${plural(datasets.length, 'data set')} ${datasets.length === 1 ? 'is' : 'are'} in the cache`,
    ),
  ];
  if (token !== null && (await ask('/api/whoami-v2')) === 401)
    checks.push(
      fail(
        'hub-token',
        `the Hub does not accept ${found?.source}`,
        'make a new one (read access) at its settings',
      ),
    );
  for (const { id } of absent.filter(({ gated }) => gated)) {
    const status = await ask(`/api/datasets/${id}/auth-check`);
    const where = `ask for access at ${endpoint}/datasets/${id}`;
    checks.push(
      status === 200
        ? ok(`gated ${id}`, `${id}: access granted`)
        : warn(
            `gated ${id}`,
            `${id} is gated: its benchmark will be skipped`,
            token === null ? `${where}, then give HF_TOKEN` : where,
          ),
    );
  }
  if (model !== null) {
    const status = await ask(`/api/models/${model}/auth-check`);
    checks.push(
      status === 200
        ? ok('hub-model', `${model} may be read`)
        : fail(
            'hub-model',
            `${model} is not on the Hub, or ${found?.source ?? 'one without a token'} may not see it`,
            'check its name, and ask for access if it is gated',
          ),
    );
  }
  return checks;
}

function unreachable(endpoint: string, absent: readonly DataSet[]): Check {
  const message = `${endpoint} does not answer`;
  if (absent.length === 0)
    return warn(
      'hub',
      `${message}; all data sets are in the cache`,
      'a run works without it, if its model is here',
    );
  return fail(
    'hub',
    `${message}, and ${absent.length === 1 ? `${absent[0]!.id} is` : `${absent.length} data sets are`} not in the cache${absent.length === 1 ? '' : ` (${absent[0]!.id}, ...)`}`,
    "check network and proxy, set HF_ENDPOINT to a mirror, run 'sos-bench prefetch' where there is a network, or use datasets-dir",
  );
}

/** The status of an answer; null where there is none. */
async function statusOf(url: string, token: string | null): Promise<number | null> {
  try {
    const response = await fetch(url, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

/** Where the Hub's own library keeps what it fetched. */
function hubCache(environment: Record<string, string | undefined>): string {
  return environment.HF_HUB_CACHE || join(hubHome(environment), 'hub');
}

function isCached(cache: string, { id, revision }: DataSet): boolean {
  const snapshots = join(cache, `datasets--${id.replaceAll('/', '--')}`, 'snapshots');
  if (revision !== null) return existsSync(join(snapshots, revision));
  return existsSync(snapshots) && readdirSync(snapshots).length > 0;
}
