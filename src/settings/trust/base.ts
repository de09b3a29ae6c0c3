/** What a run was started for, as far as it says who judges it. */
export interface RunTrigger {
  /** Name of the event. */
  event: string;
  /** Null where the payload does not say. */
  defaultBranch: string | null;
  /** Commit and branch of the run itself; null for tags. */
  sha: string | null;
  branch: string | null;
  /** What the change is to be merged into; null where the event names nothing of the kind. */
  into: { sha: string; branch: string } | null;
}

/**
 * Who judges a run: its own checkout (nothing in it is a change's claim), a commit of a trusted branch, or the tip of the default
 * branch, which has to be asked for. `branch` is null where not even its name is known.
 */
export type JudgedBy =
  | { kind: 'checkout' }
  | { kind: 'commit'; sha: string; branch: string }
  | { kind: 'tip'; branch: string | null };

/**
 * Who judges a run on GitHub. The checkout of a push to a trusted branch, of a schedule and of a release is trusted; all others hold
 * what a change claims, dispatched runs and merge groups too.
 *
 * @param baseBranches patterns of the input `base-branches`.
 */
export function findJudge(
  { event, defaultBranch, sha, branch, into }: RunTrigger,
  baseBranches: readonly string[],
): JudgedBy {
  const isTrusted = (name: string | null) => isTrustedBranch(name, defaultBranch, baseBranches);
  const tip: JudgedBy = { kind: 'tip', branch: defaultBranch };
  if (into !== null) return isTrusted(into.branch) ? { kind: 'commit', ...into } : tip;
  if (event === 'schedule' || event === 'release') return { kind: 'checkout' };
  if (!isTrusted(branch)) return tip;
  if (event === 'push') return { kind: 'checkout' };
  return event.endsWith('_dispatch') && sha !== null && branch !== null
    ? { kind: 'commit', sha, branch }
    : tip;
}

/** Whether a branch's own files may judge what goes into it, and a change into it counts for the check of its commit. */
export function isTrustedBranch(
  name: string | null,
  defaultBranch: string | null,
  baseBranches: readonly string[],
): boolean {
  return name !== null && (name === defaultBranch || baseBranches.some((pattern) => matches(pattern, name)));
}

/** `base-branches` as it was written: names or patterns, by commas, blanks or lines. */
export function parseBaseBranches(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

/** As GitHub's own filters: `*` stands for anything but a slash, `**` for anything. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .split(/(\*+)/)
    .map((part) =>
      part.startsWith('*') ? (part.length > 1 ? '.*' : '[^/]*') : part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`).test(name);
}
