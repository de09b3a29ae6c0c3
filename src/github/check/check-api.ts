import type { Client } from '../client.ts';
import type { PullOrigin } from '../commands/permission.ts';
import {
  type RunStamp,
  readExternalId,
  type SectionOf,
  type Stamp,
  writeExternalId,
} from '../comment/marker.ts';
import { askUnless } from '../post.ts';
import { type Conclusion, readSection, type Said, type SectionRun, writeSection } from './check-sections.ts';

export interface CheckSubject {
  /** Name of the check, as branch protection knows it. */
  name: string;
  /** Its `sha` is the head's, of a pull request or of a merge group; never the test merge's. */
  stamp: Stamp;
  /** What it is about, where several reports share the commit's check. */
  section?: SectionOf;
  /** Which branches a pull request may go into to count for the commit's check. Without it all that were reported count. */
  isTrustedBase?: (branch: string) => boolean;
  /** Where "Details" leads: the workflow run. */
  detailsUrl?: string;
  origin?: PullOrigin;
}

export interface CheckOutput {
  title: string;
  /** Markdown in at most `budget` bytes; what is longer all the same is cut. */
  summary: (budget: number) => string;
}

/** A check run of the name on the commit, with a stamp of ours. */
export interface CheckRun {
  id: number;
  url: string | null;
  status: string;
  conclusion: string | null;
  title: string;
  summary: string;
  stamp: RunStamp;
  /** What its own report said, whatever it ends as; null while the work goes on. */
  said: Said | null;
  /** The app that made it. */
  app: string | null;
}

/** How a check run is to be written: what it ends as, and what its own report said. */
export interface CheckState {
  /** Null for one that is open. */
  conclusion: Conclusion | null;
  said: Said | null;
  output: CheckOutput;
  /** Of each other report on the commit, a line of Markdown. */
  others?: readonly string[];
}

/** GitHub's limit for a summary; counted in bytes to be on the safe side. */
const SUMMARY_BUDGET = 65_535;

const CUT = '\n\nCut here for length; the job summary has the whole report.';

const TAILS: Partial<Record<Conclusion, string>> = {
  neutral:
    '\n\nNeutral means that nothing was decided. A neutral check satisfies a required check: this can be merged.',
  action_required:
    '\n\nAction required means that nothing was decided yet. It does not satisfy a required check: this cannot be merged.',
};

/** Hidden lines around what other reports on the commit say. */
const [OTHERS, END_OF_OTHERS] = ['<!-- sos-bench:commit -->\n', '\n<!-- /sos-bench:commit -->\n\n'] as const;

/** Makes a check run; not repeated where the answer is lost. */
export async function createRun(client: Client, subject: CheckSubject, state: CheckState): Promise<CheckRun> {
  const { data } = await client.rest.checks.create({
    ...client.repository,
    name: subject.name,
    head_sha: subject.stamp.sha,
    external_id: writeExternalId(wholeStamp(subject)),
    ...(subject.detailsUrl === undefined ? {} : { details_url: subject.detailsUrl }),
    ...(state.conclusion === null
      ? { status: 'in_progress' }
      : { status: 'completed', conclusion: state.conclusion }),
    output: composeOutput(state),
  });
  return await learn(client, data, wholeStamp(subject));
}

/** Ends a check run, or writes what it says while it stays open. */
export async function updateRun(
  client: Client,
  { id, stamp }: Pick<SectionRun, 'id' | 'stamp'>,
  state: CheckState,
): Promise<CheckRun> {
  const { data } = await client.rest.checks.update({
    ...client.repository,
    check_run_id: id,
    external_id: writeExternalId(stamp),
    ...(state.conclusion === null
      ? { status: 'in_progress' }
      : { status: 'completed', conclusion: state.conclusion }),
    output: composeOutput(state),
  });
  return await learn(client, data, stamp);
}

/** Our check runs of that name on the sha, oldest first. Those of other apps are none, whatever they say they are. */
export async function listRuns(client: Client, { name, stamp }: CheckSubject): Promise<CheckRun[]> {
  const all = await client.paginate(client.rest.checks.listForRef, {
    ...client.repository,
    ref: stamp.sha,
    check_name: name,
    filter: 'all',
    per_page: 100,
  });
  if (all.length === 0) return [];
  const login = await client.authorLogin();
  return all
    .flatMap((data) => {
      const read = readExternalId(data.external_id);
      return read === null ? [] : [readCheck(data, read)];
    })
    .filter(({ app }) => app !== null && `${app}[bot]`.toLowerCase() === login.toLowerCase())
    .sort((a, b) => a.id - b.id);
}

/**
 * Open pull requests that have the commit as their head and go into a trusted branch; null where the subject does not say which
 * those are, or the token may not ask.
 */
export async function listPulls(client: Client, subject: CheckSubject): Promise<number[] | null> {
  const { isTrustedBase, stamp } = subject;
  if (isTrustedBase === undefined || (subject.section?.pull ?? null) === null) return null;
  const need = {
    doing: `list the pull requests of commit ${stamp.sha.slice(0, 12)}`,
    permission: { 'pull-requests': 'read' } as const,
  };
  const found = await askUnless(need, [403, 404, 422], () =>
    client.paginate(client.rest.repos.listPullRequestsAssociatedWithCommit, {
      ...client.repository,
      commit_sha: stamp.sha,
      per_page: 100,
    }),
  );
  return (
    found
      ?.filter(
        ({ state, head, base }) => state === 'open' && head.sha === stamp.sha && isTrustedBase(base.ref),
      )
      .map(({ number }) => number) ?? null
  );
}

/** Run, attempt and all that tells the subject's section from others. */
export function wholeStamp({ stamp: { report, run, attempt }, section = {} }: CheckSubject): RunStamp {
  const { pull = null, leg = null, legs, isClaim = false, isConfirming = false } = section;
  return { report, run, attempt, pull, leg, ...(legs === undefined ? {} : { legs }), isClaim, isConfirming };
}

/** A check run's summary as its own report wrote it. */
export function ownSummary({ summary }: Pick<CheckRun, 'summary'>): string {
  const end = summary.startsWith(OTHERS) ? summary.indexOf(END_OF_OTHERS) : -1;
  const own = end < 0 ? summary : summary.slice(end + END_OF_OTHERS.length);
  const tail = Object.values(TAILS).find((text) => own.endsWith(text));
  return tail === undefined ? own : own.slice(0, -tail.length);
}

interface ApiRun {
  id: number;
  html_url: string | null;
  status: string;
  conclusion?: string | null;
  output?: { title: string | null; summary: string | null; text?: string | null };
  app?: { slug?: string } | null;
}

/** Which app we are shows in what we made. */
async function learn(client: Client, data: ApiRun, stamp: RunStamp): Promise<CheckRun> {
  const run = readCheck(data, stamp);
  if (run.app !== null) await client.learnLogin(`${run.app}[bot]`);
  return run;
}

function readCheck(data: ApiRun, stamp: RunStamp): CheckRun {
  const { title, summary, text } = data.output ?? {};
  const isDone = data.status === 'completed';
  // One that a version before sections ended says it by its conclusion alone.
  const bare = isDone ? { conclusion: asConclusion(data.conclusion), title: title ?? '' } : null;
  return {
    id: data.id,
    url: data.html_url,
    status: data.status,
    conclusion: data.conclusion ?? null,
    title: title ?? '',
    summary: summary ?? '',
    stamp,
    said: readSection(text) ?? bare,
    app: data.app?.slug ?? null,
  };
}

function asConclusion(text: string | null | undefined): Conclusion {
  return text === 'success' || text === 'neutral' || text === 'cancelled' || text === 'action_required'
    ? text
    : 'failure';
}

function composeOutput({ output: { title, summary }, conclusion, said, others = [] }: CheckState) {
  const tail = (conclusion && TAILS[conclusion]) ?? '';
  const head =
    others.length === 0
      ? ''
      : `${OTHERS}The check of this commit is the worst of all its reports. Besides the one below:\n\n${others.slice(0, 20).join('\n')}${END_OF_OTHERS}`;
  const budget = SUMMARY_BUDGET - Buffer.byteLength(tail) - Buffer.byteLength(head);
  return {
    title: title.slice(0, 200),
    summary: head + cut(summary(budget), budget) + tail,
    ...(said === null ? {} : { text: writeSection(said) }),
  };
}

/** Cuts a text at the end of a line, so that it and the note take at most `budget` bytes. */
function cut(text: string, budget: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= budget) return text;
  const end = budget - Buffer.byteLength(CUT);
  const line = bytes.lastIndexOf('\n', end);
  // A single line longer than all: at a whole character.
  const kept =
    line > 0
      ? bytes.subarray(0, line).toString()
      : bytes
          .subarray(0, end)
          .toString()
          .replace(/\ufffd+$/, '');
  return kept + CUT;
}
