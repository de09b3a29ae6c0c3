import { SosBenchError } from '../../error.ts';
import { artifactApi } from '../../github/artifacts/artifact-api.ts';
import type { Client } from '../../github/client.ts';
import { readSections } from '../../github/comment/comment-legs.ts';
import { findReports } from '../../github/comment/our-comments.ts';
import type { Pull } from '../../github/event.ts';
import { parseJsonOrUndefined } from '../../history/store/entry.ts';
import { escapeMarkdown } from '../../markdown/escape.ts';
import type { ExplainedFlips } from '../../report/explain.ts';
import { type Flips, FlipsSchema } from '../../verdict/signs/flips.ts';
import { flipsArtifact } from '../steps/publish/upload-flips.ts';

/** Of the full suite with a tenth of the items flipped it has 1.5 MB. */
const LIMITS = { 'flips.json': 32_000_000 } as const;

/**
 * Which items of a benchmark flipped, from what the last report on the pull request left that compared it: one that somebody
 * asked for may be of a few benchmarks only. The runs are those that our own comments name, so nobody else's artifact is taken for
 * theirs; its content is ids and hashes, checked as such.
 *
 * @param reports ids of the reports to look at.
 */
export async function findFlips(
  client: Client,
  pull: Pull,
  reports: readonly string[],
  benchmark: string,
): Promise<ExplainedFlips> {
  try {
    const found = await findReports(client, pull.number, reports);
    let newest: ExplainedFlips | null = null;
    for (const report of found) {
      const told = await readReport(client, pull, report, benchmark);
      const isTold = told.problem === null && told.flips !== null;
      // An older report stands in only for a newer one that is known not to have the benchmark.
      if (isTold || (newest === null && told.problem !== null)) return told;
      newest ??= told;
    }
    return newest ?? { problem: 'there is no report on this pull request yet.' };
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    // Names of files in a hostile archive can be in it.
    return { problem: escapeMarkdown(`${error.message}. ${error.hint ?? ''}`, 500) };
  }
}

type Shown = Awaited<ReturnType<typeof findReports>>[number];

/** Of a report that several jobs share, what each of them left. */
async function readReport(
  client: Client,
  pull: Pull,
  report: Shown,
  benchmark: string,
): Promise<ExplainedFlips> {
  const legs = readSections(report.body).map(({ leg }) => leg);
  if (legs.length === 0) return await readLeg(client, pull, report, null, benchmark);
  const parts: ExplainedFlips[] = [];
  for (const leg of legs) parts.push({ ...(await readLeg(client, pull, report, leg, benchmark)), leg });
  // The one that tells most speaks for all.
  const told = parts.find(
    ({ problem, ...part }) => problem === null && 'flips' in part && part.flips !== null,
  );
  const first = told ?? parts.find(({ problem }) => problem === null) ?? parts[0]!;
  return { ...first, others: parts.filter((part) => part !== first) };
}

async function readLeg(
  client: Client,
  pull: Pull,
  { stamp: { report: reportId, run, sha }, url }: Shown,
  leg: string | null,
  benchmark: string,
): Promise<ExplainedFlips> {
  const name = flipsArtifact({ reportId, leg });
  const flips = await fetchFlips(client, run, name, flipsArtifact({ reportId, leg, pull: pull.number }));
  if (typeof flips === 'string') return { problem: `run ${run} of [the last report](${url}) ${flips}.` };
  if (flips.candidate !== sha)
    return { problem: `the list that run ${run} left is not of the commit it reported on.` };
  return {
    flips: flips.benchmarks.find(({ id }) => id === benchmark) ?? null,
    baseline: flips.baseline,
    candidate: sha,
    report: url,
    isCurrent: sha === pull.headSha,
    fullLists: `\`flips.json\` of artifact \`${name}\` of run ${run}`,
    problem: null,
  };
}

/**
 * Ids of the benchmarks in the pull request's reports that are none of SOS-Bench's: task definitions of the team's own. Those that
 * cannot be known are left out.
 */
export async function findOtherNames(
  client: Client,
  pull: Pull,
  reports: readonly string[],
): Promise<string[]> {
  try {
    const found = await findReports(client, pull.number, reports);
    const names: string[] = [];
    for (const { stamp, body } of found) {
      const legs = readSections(body).map(({ leg }) => leg);
      for (const leg of legs.length === 0 ? [null] : legs) {
        const name = flipsArtifact({ reportId: stamp.report, leg });
        const own = flipsArtifact({ reportId: stamp.report, leg, pull: pull.number });
        const flips = await fetchFlips(client, stamp.run, name, own);
        if (typeof flips !== 'string' && flips.candidate === stamp.sha) names.push(...flips.others);
      }
    }
    return names;
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    return [];
  }
}

/**
 * In words why there is none.
 *
 * @param own its name where the run reported on several pull requests with one head.
 */
async function fetchFlips(client: Client, run: number, name: string, own: string): Promise<Flips | string> {
  const api = artifactApi(client);
  const named = await api.named(name, run);
  // Where an upload that was never finished keeps the name, the next free one was taken.
  const found = named.length > 0 ? named : pickOther(await api.ofRun(run), name, own);
  const [newest] = found.sort((a, b) => b.id - a.id);
  if (newest === undefined) return 'left no list of them (it had no baseline, or could not upload one)';
  if (newest.expired) return 'left a list of them that has expired; `/sos-bench run` makes a new one';
  const content = (await api.read(newest, LIMITS)).get('flips.json');
  const parsed = FlipsSchema.safeParse(content && parseJsonOrUndefined(content));
  return parsed.success ? parsed.data : 'left a list of them that cannot be read';
}

function pickOther<Artifact extends { name: string }>(
  artifacts: readonly Artifact[],
  name: string,
  own: string,
): Artifact[] {
  const isOwn = ({ name: found }: Artifact) => found === own || isCopy(found, own);
  const owned = artifacts.filter(isOwn);
  return owned.length > 0 ? owned : artifacts.filter(({ name: found }) => isCopy(found, name));
}

function isCopy(found: string, name: string): boolean {
  return found.startsWith(`${name}-`) && /^[1-9]\d{0,2}$/.test(found.slice(name.length + 1));
}
