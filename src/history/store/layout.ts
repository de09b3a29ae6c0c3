/** Where things are in a store, whatever keeps it; paths are relative to its root. */

export const INDEX_FOLDER = 'index';
export const RUNS_FOLDER = 'runs';
export const WAIVERS_FILE = 'waivers.json';
export const PINS_FILE = 'pins.json';
export const BADGE_FILE = 'badge.json';

/** `runs/ab/<sha>`: two levels, since a folder of thousands is slow to list. */
export function entryFolder(sha: string): string {
  return `${RUNS_FOLDER}/${sha.slice(0, 2)}/${sha}`;
}

/** The files of one entry. */
export function entryPaths(sha: string) {
  const folder = entryFolder(sha);
  return {
    entry: `${folder}/entry.json`,
    record: `${folder}/record.json`,
    items: `${folder}/items.parquet`,
    games: `${folder}/games.parquet`,
    plan: `${folder}/plan.json`,
    answers: `${folder}/journal.ndjson.gz`,
    verdict: `${folder}/verdict.json`,
  };
}

/** The month file that lists entries of a time: `index/2026-11.json`. */
export function indexPath(month: string): string {
  return `${INDEX_FOLDER}/${month}.json`;
}

/** `2026-11` of a time in UTC. */
export function monthOf(time: string | Date): string {
  return new Date(time).toISOString().slice(0, 7);
}

/** The month an index file is of; null for another file. */
export function monthOfPath(name: string): string | null {
  return /^(\d{4}-\d{2})\.json$/.exec(name)?.[1] ?? null;
}

/** The commit whose `entry.json` a path is; null for another file. */
export function shaOfEntryPath(path: string): string | null {
  const sha = /^runs\/[0-9a-f]{2}\/([0-9a-f]+)\/entry\.json$/.exec(path)?.[1];
  return sha !== undefined && path === entryPaths(sha).entry ? sha : null;
}
