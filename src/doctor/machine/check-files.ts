import { plural } from '../../count.ts';
import { fetchDataSets } from '../../harness/lm-eval/hub.ts';
import type { DataSet } from '../../suite/benchmark.ts';
import { type Environment, workerEnvironment } from '../../system/process/child-environment.ts';
import { type Check, ok, warn } from '../check.ts';

interface FilesRuntime {
  python: string;
  cache: string;
  environment: Environment;
}

/** Every byte of the data sets in the Hub's cache, against what their revisions hold; nothing is fetched. */
export async function checkFiles(
  datasets: readonly DataSet[],
  { python, cache, environment }: FilesRuntime,
): Promise<Check[]> {
  if (datasets.length === 0) return [];
  const sources = await fetchDataSets(datasets, {
    python,
    environment: workerEnvironment(environment),
    token: null,
    cache,
    offline: true,
    note: () => undefined,
  });
  const here = [...sources.values()].filter(({ kind }) => kind === 'hub').length;
  const changed = [...sources].flatMap(([id, source]) =>
    source.kind === 'unavailable' && source.changed === true ? [{ id, reason: source.reason }] : [],
  );
  return [
    ...(here === 0
      ? []
      : [
          ok(
            'data-files',
            `${plural(here, 'data set')} in the cache ${here === 1 ? 'is what its revision holds' : 'are what their revisions hold'}`,
          ),
        ]),
    ...changed.map(({ id, reason }) =>
      warn(
        `data-files ${id}`,
        reason,
        'a run with a network fetches it again; without one its benchmarks are skipped',
      ),
    ),
  ];
}
