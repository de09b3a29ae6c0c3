import type { Client } from './client.ts';
import { createOnce } from './create-once.ts';
import { checkSha, compareRuns, readExternalId, type Stamp, writeExternalId } from './marker.ts';
import type { Need, Origin } from './permission.ts';
import { type Posted, post } from './post.ts';

export interface CheckSubject {
  /** Name of the check, as branch protection knows it. */
  name: string;
  /** Its `sha` is the head's, of a pull request or of a merge group; never the test merge's. */
  stamp: Stamp;
  /** Where "Details" leads: the workflow run. */
  detailsUrl?: string;
  origin?: Origin;
}

export interface CheckOutput {
  title: string;
  /** Markdown in at most `budget` bytes; what is longer all the same is cut. */
  summary: (budget: number) => string;
}

export type Conclusion = 'success' | 'failure' | 'neutral' | 'cancelled';

/** How a check is to end. */
export interface Conclude {
  conclusion: Conclusion;
  output: CheckOutput;
}

export type CheckPosted = Posted<{ id: number }>;

/** GitHub's limit for a summary; counted in bytes to be on the safe side. */
const SUMMARY_BUDGET = 65_535;

const CUT = '\n\nCut here for length; the job summary has the whole report.';

const NEUTRAL =
  'Neutral means that nothing was decided. A neutral check satisfies a required check: this can be merged.';

interface CheckRun {
  id: number;
  url: string | null;
  status: string;
  stamp: ReturnType<typeof readExternalId>;
}

/** Opens the check before the work begins, so that a required check never stays away. Opening twice gives the same one. */
export async function openCheck(
  client: Client,
  subject: CheckSubject,
  output: CheckOutput,
): Promise<CheckPosted> {
  return post(needFor(subject, `open the check '${subject.name}'`), async () => {
    const run = (await findOwn(client, subject)) ?? (await createCheck(client, subject, output, null));
    return { posted: true, id: run.id, url: run.url };
  });
}

/**
 * Concludes the check of this run and attempt, wherever it was opened; where it was not, it is made, concluded at once.
 *
 * @param id from `openCheck`, where the caller still has it; saves a request.
 */
export async function concludeCheck(
  client: Client,
  subject: CheckSubject,
  { conclusion, output, id }: Conclude & { id?: number },
): Promise<CheckPosted> {
  return post(needFor(subject, `conclude the check '${subject.name}'`), async () => {
    const open = id ?? (await findOwn(client, subject))?.id;
    let run = open === undefined ? await createCheck(client, subject, output, conclusion) : null;
    if (run?.status !== 'completed') {
      run = await updateCheck(client, run?.id ?? open!, output, conclusion);
    }
    return { posted: true, id: run.id, url: run.url };
  });
}

/**
 * Concludes as cancelled the checks that older runs of this report opened on this sha and never concluded. Gives how
 * many there were.
 */
export async function sweepChecks(client: Client, subject: CheckSubject): Promise<Posted<{ swept: number }>> {
  return post(needFor(subject, `conclude old checks '${subject.name}'`), async () => {
    const { report, run, attempt } = subject.stamp;
    const stale = (await listOwn(client, subject)).filter(
      ({ status, stamp }) =>
        status !== 'completed' && stamp?.report === report && compareRuns(stamp, subject.stamp) < 0,
    );
    const output = {
      title: 'Cancelled',
      summary: () => `This run ended without a verdict. Run ${run}, attempt ${attempt}, took its place.`,
    };
    for (const { id } of stale) await updateCheck(client, id, output, 'cancelled');
    return { posted: true, url: null, swept: stale.length };
  });
}

/** What became of the checks that a run's own job may have left open. */
export interface Settled {
  /** `left`: there was nothing to do; `made`: the job had opened none. */
  outcome: 'concluded' | 'made' | 'left';
  /** Checks of older runs that were left open. */
  swept: number;
}

/**
 * Ends what the job that did the work left open, for a job that runs after it whatever happened: this run's checks, of any
 * attempt, and those of older runs as `sweepChecks` does. A concluded check is never touched.
 *
 * @param missing what to say where this run has no check at all; null to make none.
 */
export async function settleChecks(
  client: Client,
  subject: CheckSubject,
  { open, missing }: { open: Conclude; missing: Conclude | null },
): Promise<Posted<Settled>> {
  return post(needFor(subject, `conclude the check '${subject.name}'`), async () => {
    const { report, run } = subject.stamp;
    const own = (await listOwn(client, subject)).filter(
      ({ stamp }) => stamp?.report === report && stamp.run === run,
    );
    const unfinished = own.filter(({ status }) => status !== 'completed');
    for (const { id } of unfinished) await updateCheck(client, id, open.output, open.conclusion);
    const make = own.length === 0 ? missing : null;
    if (make !== null) await createCheck(client, subject, make.output, make.conclusion);
    const outcome = unfinished.length > 0 ? 'concluded' : make !== null ? 'made' : 'left';
    const swept = await sweepChecks(client, subject);
    return swept.posted ? { posted: true, url: null, outcome, swept: swept.swept } : swept;
  });
}

function needFor({ stamp, origin }: CheckSubject, doing: string): Need {
  checkSha(stamp.sha);
  return {
    doing,
    permission: { checks: 'write' },
    target: `commit ${stamp.sha.slice(0, 12)}`,
    ...(origin && { origin }),
  };
}

async function createCheck(
  client: Client,
  subject: CheckSubject,
  output: CheckOutput,
  conclusion: Conclusion | null,
): Promise<CheckRun> {
  return createOnce(client, {
    find: () => findOwn(client, subject),
    create: async () => {
      const { data } = await client.rest.checks.create({
        ...client.repository,
        name: subject.name,
        head_sha: subject.stamp.sha,
        external_id: writeExternalId(subject.stamp),
        ...(subject.detailsUrl === undefined ? {} : { details_url: subject.detailsUrl }),
        ...(conclusion === null ? { status: 'in_progress' } : { status: 'completed', conclusion }),
        output: composeOutput(output, conclusion),
      });
      return readCheck(data);
    },
  });
}

async function updateCheck(
  client: Client,
  id: number,
  output: CheckOutput,
  conclusion: Conclusion,
): Promise<CheckRun> {
  const { data } = await client.rest.checks.update({
    ...client.repository,
    check_run_id: id,
    status: 'completed',
    conclusion,
    output: composeOutput(output, conclusion),
  });
  return readCheck(data);
}

/** The check of exactly this run and attempt. */
async function findOwn(client: Client, subject: CheckSubject): Promise<CheckRun | null> {
  const wanted = writeExternalId(subject.stamp);
  const runs = await listOwn(client, subject);
  return (
    runs.find(({ stamp }) => stamp !== null && writeExternalId({ ...subject.stamp, ...stamp }) === wanted) ??
    null
  );
}

/** All checks of that name on the sha, oldest first; `stamp` is null where another program made it. */
async function listOwn(client: Client, { name, stamp }: CheckSubject): Promise<CheckRun[]> {
  const runs = await client.paginate(client.rest.checks.listForRef, {
    ...client.repository,
    ref: stamp.sha,
    check_name: name,
    filter: 'all',
    per_page: 100,
  });
  return runs.map(readCheck).sort((a, b) => a.id - b.id);
}

function readCheck(data: {
  id: number;
  html_url: string | null;
  status: string;
  external_id: string | null;
}): CheckRun {
  return { id: data.id, url: data.html_url, status: data.status, stamp: readExternalId(data.external_id) };
}

function composeOutput({ title, summary }: CheckOutput, conclusion: Conclusion | null) {
  const tail = conclusion === 'neutral' ? `\n\n${NEUTRAL}` : '';
  const budget = SUMMARY_BUDGET - Buffer.byteLength(tail);
  return { title: title.slice(0, 200), summary: cut(summary(budget), budget) + tail };
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
