import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'workflows');

/** The `NAME@SHA` under which the ready workflows use an action of others. */
export function pinnedAction(name: string): string {
  const pinned = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yml'))
    .flatMap(
      (file) => readFileSync(join(FOLDER, file), 'utf8').match(/\b[\w-]+\/[\w-]+@[0-9a-f]{40}\b/g) ?? [],
    );
  const found = new Set(pinned.filter((use) => use.startsWith(`${name}@`)));
  const [use, other] = found;
  if (use === undefined || other !== undefined) throw new Error(`${name} is pinned ${found.size} times`);
  return use;
}
