import { z } from 'zod';
import { CommitIdSchema } from '../../commit-id.ts';
import type { Snapshot } from '../backends/store-files.ts';
import type { CommitHistory } from '../lookup/commit-history.ts';
import type { IndexLine } from './entry.ts';
import { PINS_FILE } from './layout.ts';
import { readStored } from './stored-list.ts';

/** Entries that keep their items beyond the newest ones. */
export const MAX_PINNED = 4;
/** Of these, anchors that are no release. */
const MAX_ANCHORS = 1;
const DAY_MS = 86_400_000;

const PinSchema = z.object({
  /** The release; null for what else drift was told from. */
  tag: z.string().max(500).nullable(),
  /** The commit of the release or anchor. */
  commit: CommitIdSchema,
  /** The entry that stands for it: the commit's, or the nearest before it; null where none had items. */
  entry: CommitIdSchema.nullable(),
});
export type Pin = z.infer<typeof PinSchema>;

/** `pins.json`: entries that later ones will be compared with, however old they get. */
export const PinsSchema = z.object({ schemaVersion: z.literal(1), pins: z.array(PinSchema).max(100) });

/** What is known of what later entries will be compared with. */
export interface PinSource {
  history: Pick<CommitHistory, 'releases' | 'firstParents'>;
  /** Commits of records that drift is told from. */
  anchors: readonly string[];
}

/** @throws SosBenchError `store-invalid`: a broken list is never taken for an empty one. */
export async function readPins(files: Snapshot, description: string): Promise<Pin[]> {
  const hint = 'remove it: the next record finds the releases again; nothing was changed';
  const stored = await readStored(files, description, { path: PINS_FILE, schema: PinsSchema, hint });
  return stored?.pins ?? [];
}

export function encodePins(pins: readonly Pin[]): string {
  return `${JSON.stringify({ schemaVersion: 1, pins }, null, 2)}\n`;
}

/**
 * The pins as they are to be now: the anchor in use, then the latest releases. What was found before is not looked for
 * again, so that a release costs its requests once.
 *
 * @param lines what the index lists, as far back as there are items.
 * @throws SosBenchError where releases could not be asked for.
 */
export async function findPins(
  before: readonly Pin[],
  { history, anchors }: PinSource,
  lines: readonly IndexLine[],
): Promise<Pin[]> {
  const kept = new Map(lines.map((line) => [line.sha, line.itemsKept]));
  const oldest = Math.min(...lines.map(({ created }) => Date.parse(created))) - DAY_MS;
  const known = new Map(before.flatMap(({ tag, commit }) => (tag === null ? [] : [[tag, commit] as const])));
  const releases: Pin[] = [];
  for (const { tag, sha: commit } of await history.releases(MAX_PINNED, known)) {
    const old = before.find((pin) => pin.tag === tag);
    const entry = kept.get(commit) ? commit : old ? old.entry : await nearest(commit);
    releases.push({ tag, commit, entry });
  }
  const former = before.flatMap(({ tag, entry }) => (tag === null && entry !== null ? [entry] : []));
  const others = [...new Set([...anchors.filter((sha) => kept.get(sha)), ...former])]
    .filter((sha) => !releases.some(({ entry }) => entry === sha))
    .slice(0, MAX_ANCHORS)
    .map((sha): Pin => ({ tag: null, commit: sha, entry: sha }));
  return [...others, ...releases].slice(0, MAX_PINNED);

  /** As a lookup finds it, among the entries that may still have items. */
  async function nearest(commit: string): Promise<string | null> {
    for await (const commits of history.firstParents(commit)) {
      for (const { sha, date } of commits) {
        if (kept.has(sha)) return kept.get(sha) ? sha : null;
        if (date.getTime() < oldest) return null;
      }
    }
    return null;
  }
}

export function pinnedEntries(pins: readonly Pin[]): Set<string> {
  return new Set(pins.map(({ entry }) => entry).filter((entry) => entry !== null));
}
