import { type ArtifactApi, type ListedArtifact, MAX_PAGES } from '../../github/artifacts/artifact-api.ts';

/** What is kept of a commit: the record with its entry, and the entry alone, which may be kept longer. */
export type ArtifactKind = 'baseline' | 'trend';

/** Commits asked for by name before whole pages of artifacts are read: mostly the first has what is looked for. */
const MAX_NAMED = 20;

/** Which artifacts there are of which commit, read as far as it is asked for. */
export interface ArtifactListing {
  /** Candidates of a commit, newest first, those that have expired last. */
  of(kind: ArtifactKind, sha: string): ListedArtifact[];
  /** Reads what there is of one commit. @param since when the commit was made: artifacts are younger. */
  look(kind: ArtifactKind, sha: string, since: Date | null): Promise<void>;
  /** Reads on by a page of the newest; false when there is no more to be read. */
  readPage(): Promise<boolean>;
  /** Commits seen so far that have any, the newest first. */
  shas(): string[];
  /** What was not looked at, in words. */
  notes: string[];
}

/** @param prefix what names begin with: `<prefix>-baseline-<sha>`. */
export function artifactListing(api: ArtifactApi, prefix: string): ArtifactListing {
  const seen: Record<ArtifactKind, Map<string, Map<number, ListedArtifact>>> = {
    baseline: new Map(),
    trend: new Map(),
  };
  const asked = new Set<string>();
  const notes: string[] = [];
  let pages = 0;
  let oldest = Number.POSITIVE_INFINITY;

  /** By what GitHub says of the run alone. Anybody's pull request can bring artifacts of any name. */
  const take = async (artifact: ListedArtifact): Promise<void> => {
    const { run } = artifact;
    if (run === null || !run.isOwn || run.branch !== (await api.repository()).defaultBranch) return;
    for (const kind of ['baseline', 'trend'] as const) {
      if (!isCopyOf(artifact.name, artifactName(prefix, kind, run.sha))) continue;
      const own = seen[kind].get(run.sha) ?? new Map<number, ListedArtifact>();
      seen[kind].set(run.sha, own.set(artifact.id, artifact));
    }
  };
  const readPage = async (): Promise<boolean> => {
    if (pages >= MAX_PAGES || oldest === Number.NEGATIVE_INFINITY) return false;
    const { artifacts, isLast } = await api.page(++pages);
    for (const artifact of artifacts) await take(artifact);
    oldest = isLast
      ? Number.NEGATIVE_INFINITY
      : Math.min(oldest, ...artifacts.map(({ created }) => created ?? 0));
    if (!isLast && pages === MAX_PAGES)
      notes.push(`only the newest ${pages * 100} artifacts of the repository were looked at`);
    return true;
  };
  return {
    notes,
    readPage,
    of: (kind, sha) =>
      [...(seen[kind].get(sha)?.values() ?? [])].sort(
        (a, b) => Number(a.expired) - Number(b.expired) || (b.created ?? 0) - (a.created ?? 0) || b.id - a.id,
      ),
    async look(kind, sha, since) {
      const name = artifactName(prefix, kind, sha);
      if (asked.has(name) || (since !== null && oldest < since.getTime())) return;
      if (asked.size < MAX_NAMED || since === null) {
        asked.add(name);
        for (const artifact of await api.named(name)) await take(artifact);
        // Attempts after the first left theirs in the same run, under the next names.
        const runs = new Set([...(seen[kind].get(sha)?.values() ?? [])].map(({ run }) => run!.id));
        for (const id of runs) for (const artifact of await api.ofRun(id)) await take(artifact);
        return;
      }
      while (oldest >= since.getTime() && (await readPage()));
    },
    shas() {
      const newest = new Map<string, number>();
      for (const map of Object.values(seen)) {
        for (const [sha, own] of map) {
          const created = Math.max(...[...own.values()].map((artifact) => artifact.created ?? 0));
          newest.set(sha, Math.max(created, newest.get(sha) ?? 0));
        }
      }
      return [...newest].sort(([, a], [, b]) => b - a).map(([sha]) => sha);
    },
  };
}

function isCopyOf(name: string, first: string): boolean {
  return name === first || (name.startsWith(`${first}-`) && /^\d{1,3}$/.test(name.slice(first.length + 1)));
}

/** The first of every run of a commit, so that it can be asked for; copyName gives those of later attempts. */
export function artifactName(prefix: string, kind: ArtifactKind, sha: string): string {
  return `${prefix}-${kind}-${sha}`;
}
