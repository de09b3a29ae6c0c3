import { z } from 'zod';
import { escapeMarkdown } from '../../markdown/escape.ts';
import { compareRuns, type RunStamp } from '../comment/marker.ts';
import { awaitedLegs, currentSections } from './check-legs.ts';

/** How a check run can end. `action_required` blocks a required check; `neutral` satisfies it. */
export const CONCLUSIONS = ['failure', 'cancelled', 'action_required', 'neutral', 'success'] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** What one report said of a commit, before it is put together with what the others said. */
export interface Said {
  conclusion: Conclusion;
  title: string;
  /** Whether a job that no matrix tells apart said it of what it reports on itself; others say how all jobs of a report ended. */
  isReport?: boolean | undefined;
}

/** One check run of ours on a commit: the section of one report on one pull request, by one run. */
export interface SectionRun {
  id: number;
  stamp: RunStamp;
  /** Null while the work goes on. One of several jobs that share a report may have said it while the others go on. */
  said: Said | null;
}

/** What a commit's check says, of all its reports together. */
export interface Together {
  conclusion: Conclusion;
  parts: Part[];
}

interface Part {
  /** Null for a pull request that has no report yet. */
  id: number | null;
  name: string;
  said: Said;
}

const SECTION = /^<!-- sos-bench:section (\{.*\}) -->$/m;

const SaidSchema = z.object({
  conclusion: z.enum(CONCLUSIONS),
  title: z.string().max(500),
  isReport: z.boolean().optional(),
});

/** The hidden line, in a check run's `text`, with what its own report said. It can end neither itself nor the HTML comment. */
export function writeSection({ conclusion, title, isReport }: Said): string {
  const json = JSON.stringify({ conclusion, title: title.slice(0, 200), ...(isReport && { isReport }) });
  const safe = json.replace(/[<>&-]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `<!-- sos-bench:section ${safe} -->`;
}

/** What the report of a check run said, or null where the text has no such line. */
export function readSection(text: string | null | undefined): Said | null {
  const [, json] = SECTION.exec(text ?? '') ?? [];
  if (json === undefined) return null;
  try {
    return SaidSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

/** Which report a section is of: a later run of the same one takes its place. */
export function sectionKey({ report, pull, leg, isClaim }: RunStamp): string {
  return JSON.stringify([report, pull, leg, isClaim]);
}

/** The newest run of each section, whether it counts or not. */
export function newestRuns<Run extends SectionRun>(runs: readonly Run[]): Run[] {
  const newest = new Map<string, Run>();
  for (const run of runs.toSorted((a, b) => compareRuns(a.stamp, b.stamp) || a.id - b.id)) {
    newest.set(sectionKey(run.stamp), run);
  }
  return [...newest.values()];
}

/** The newest run of each section that counts: `currentSections` says which do not. */
export function newestSections<Run extends SectionRun>(runs: readonly Run[]): Run[] {
  return currentSections(newestRuns(runs));
}

/**
 * What a commit's check says: the worst of its reports.
 *
 * - A pull request that is closed, or goes into a branch that is not trusted, does not count; `pulls` names those that do.
 * - A claim, or a report that decided nothing, does not count once somebody who may has had that commit evaluated, whole.
 * - A pull request that counts and has no report yet, one whose work goes on, and jobs of a matrix that have not begun are
 *   waited for.
 *
 * @param pulls open pull requests with this head and a trusted base; null where they are not known.
 * @param own the pull request that is reported on. Where the list lacks it, the list is not believed, and all count.
 */
export function putTogether(
  runs: readonly SectionRun[],
  pulls: readonly number[] | null,
  own: number | null,
): Together {
  const known = own !== null && pulls?.includes(own) ? pulls : null;
  const current = newestSections(runs);
  const confirmed = new Set(current.filter(isConfirming).map(({ stamp }) => stamp.pull));
  const counted = current.filter(
    ({ stamp, said }) =>
      // What names no pull request is of a merge group, or of a version before these.
      (stamp.pull === null ? own === null : known === null || known.includes(stamp.pull)) &&
      !(
        confirmed.has(stamp.pull) &&
        !stamp.isConfirming &&
        (stamp.isClaim || said?.conclusion === UNDECIDED)
      ),
  );
  const missing = (known ?? []).filter((pull) => !counted.some(({ stamp }) => stamp.pull === pull));
  const parts = [
    ...awaited(counted, current),
    ...counted.map(({ id, stamp, said }) => ({ id, name: nameOf(stamp), said: said ?? WAITING })),
    ...missing.map((pull) => ({ id: null, name: `pull request #${pull}`, said: WAITING })),
  ].sort((a, b) => rank(a.said) - rank(b.said));
  return { conclusion: parts[0]?.said.conclusion ?? 'action_required', parts };
}

/** How one check run shows what all say: its title, and a line of Markdown for each other report. */
export function present(
  { conclusion, parts }: Together,
  { id, said }: SectionRun,
): { title: string; others: string[] } {
  const others = parts.filter((part) => part.id !== id);
  const [worst] = others;
  const isOwn = said !== null && (said.conclusion === conclusion || worst === undefined);
  return {
    title: isOwn ? said.title : `${worst!.name}: ${worst!.said.title}`,
    others: others.map(
      ({ name, said: { title, conclusion } }) => `- ${name}: ${escapeMarkdown(title)} (${conclusion})`,
    ),
  };
}

/** Of each report some of whose jobs have not begun, what is waited for. */
function awaited(counted: readonly SectionRun[], current: readonly SectionRun[]): Part[] {
  const seen = new Set<string>();
  return counted.flatMap(({ stamp }) => {
    if (stamp.leg === null) return [];
    const key = sectionKey({ ...stamp, leg: null });
    const legs = seen.has(key) ? null : awaitedLegs(stamp, current);
    seen.add(key);
    const title = legs && `${legs.reported} of ${legs.of} jobs have reported`;
    return title === null
      ? []
      : [{ id: null, name: nameOf({ ...stamp, leg: null }), said: { ...WAITING, title } }];
  });
}

const UNDECIDED = 'action_required';

const WAITING: Said = { conclusion: UNDECIDED, title: 'Not reported yet' };

/** Whether it stands for what others could not decide on the same pull request. */
function isConfirming({ stamp, said }: SectionRun): boolean {
  return stamp.pull !== null && stamp.isConfirming && said !== null && said.conclusion !== 'cancelled';
}

function nameOf({ pull, report, leg, isClaim }: RunStamp): string {
  const what = pull === null ? 'this commit' : `pull request #${pull}`;
  const which = [escapeMarkdown(report, 60), leg && escapeMarkdown(leg, 60), isClaim && "its author's claim"];
  return `${what} (${which.filter(Boolean).join(', ')})`;
}

function rank({ conclusion }: Said): number {
  return CONCLUSIONS.indexOf(conclusion);
}
