import { existsSync } from 'node:fs';
import { listIncludedTasks } from '../../harness/lm-eval/included-tasks.ts';
import { type Check, fail, ok, warn } from '../check.ts';

/**
 * Benchmarks that only task definitions of `include-path` can have. What is in them is the harness's to say; here is
 * whether a definition names them at all.
 */
export async function checkCustom(names: readonly string[], folders: readonly string[]): Promise<Check[]> {
  const gone = folders.filter((folder) => !existsSync(folder));
  if (gone.length > 0)
    return [
      fail('include-path', `there is no folder ${gone.join(', ')}`, 'it holds lm-eval task definitions'),
    ];
  if (names.length === 0) return [];
  const defined = new Set(await listIncludedTasks(folders, '/'));
  const unknown = names.filter((name) => !defined.has(name));
  const known = names.filter((name) => defined.has(name));
  return [
    ...(known.length > 0
      ? [ok('include-path', `${known.join(', ')}: defined there; a run looks at their data`)]
      : []),
    ...unknown.map((name) =>
      warn(
        'include-path',
        `no definition in ${folders.join(', ')} names ${name}: a run would end with benchmark-unknown`,
        "'sos-bench list' shows the benchmarks; a task goes by the name after 'task:' or 'group:' in its YAML",
      ),
    ),
  ];
}
