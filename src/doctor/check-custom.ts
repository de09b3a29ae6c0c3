import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, fail, ok, warn } from './check.ts';

/**
 * Benchmarks that only task definitions of `include-path` can have. What is in them is the harness's to say; here is
 * whether a definition names them at all.
 */
export function checkCustom(names: readonly string[], folders: readonly string[]): Check[] {
  const gone = folders.filter((folder) => !existsSync(folder));
  if (gone.length > 0)
    return [
      fail('include-path', `there is no folder ${gone.join(', ')}`, 'it holds lm-eval task definitions'),
    ];
  if (names.length === 0) return [];
  const defined = new Set(folders.flatMap(definedNames));
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

/** Names after `task:`, `group:` and `tag:`; definitions may hold what only the harness's own YAML reader takes. */
function definedNames(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.ya?ml$/.test(name),
  );
  return files.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...text.matchAll(/^[\s-]*(?:task|group|tag):[ \t]*["']?([^\s"'#]+)/gm)].map(
      ([, defined]) => defined!,
    );
  });
}
