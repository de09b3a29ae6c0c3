import { formatCount, plural } from '../../count.ts';
import { describeDrift } from '../../verdict/measure/drift.ts';
import type {
  BenchmarkComparison,
  FactorComparison,
  GroupComparison,
  OverallVerdict,
  Verdict,
} from '../../verdict/schema.ts';
import { isWaived } from '../../verdict/waiver.ts';
import { formatList, formatPoints, formatScorePoints } from '../format.ts';

export interface Headline {
  /** Two or three words. */
  title: string;
  /** One or two sentences that need no knowledge of statistics. */
  text: string;
}

/** The verdict in plain words. `show` renders outside text (names, settings) for the medium. */
export function writeHeadline(verdict: Verdict, show: (text: string) => string): Headline {
  const { title, text } = withDrift(verdict, writers[verdict.verdict](verdict, show), show);
  return {
    title,
    text: [text, describeSettings(verdict, show), describeRequested(verdict, show)].filter(Boolean).join(' '),
  };
}

/** A drift that fails the policy is said even where this change alone is fine. */
function withDrift(verdict: Verdict, headline: Headline, show: (text: string) => string): Headline {
  const { drift, thresholds } = verdict;
  if (!drift?.fails) return headline;
  const lost = `${sentence(show(describeDrift(drift)))}: many small steps, each too small to be seen, add up.`;
  // What fails by itself comes first.
  return thresholds.failOn.includes(verdict.verdict)
    ? { title: headline.title, text: `${headline.text} And ${lowerFirst(lost)}` }
    : { title: 'The model has drifted', text: `${lost} This change alone: ${lowerFirst(headline.title)}.` };
}

/** A headline is short. */
const MAX_SETTINGS = 8;

/** The same weights answer otherwise in other settings: no sample is too small for that. */
function describeSettings({ otherSettings }: Verdict, show: (text: string) => string): string | null {
  if (otherSettings === null) return null;
  const more = otherSettings.length - MAX_SETTINGS;
  const names = otherSettings.slice(0, MAX_SETTINGS).map((name) => show(name));
  const list = names.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `Same weights, other settings: ${list}. Differences are systematic, not noise.`;
}

/** What a look at some benchmarks does not tell; null where all were asked for. */
function describeRequested({ asked, benchmarks }: Verdict, show: (text: string) => string): string | null {
  if (asked === null) return null;
  const own = benchmarks.filter(({ id }) => asked.includes(id)).map(({ name }) => show(name));
  const others = benchmarks.length - own.length;
  return (
    `Only ${formatList(own)} ${own.length === 1 ? 'was' : 'were'} asked for; ` +
    `of the other ${plural(others, 'benchmark')} this says nothing.`
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

type Writer = (verdict: Verdict, show: (text: string) => string) => Headline;

const writers: Record<OverallVerdict, Writer> = {
  incomplete: (verdict, show) => {
    const missing = incompleteBenchmarks(verdict);
    // Benchmarks that are missing as a whole first, so that no count seems to be theirs.
    const inOrder = [...missing].sort((a, b) => countMissing(a).length - countMissing(b).length);
    const names = formatList(inOrder.map((benchmark) => countMissing(benchmark) + show(benchmark.name)));
    const dropped = regressedParts(verdict);
    const sight =
      dropped.length === 0
        ? ''
        : ` ${missesAny(dropped, verdict) ? 'With the missing questions counted as wrong' : 'The benchmarks that did run show a drop'}: ${describeDrops(dropped, show)}.`;
    const gap =
      missing.length === 0
        ? 'This run measured nothing.'
        : `This run lacks results that the baseline has (${names}), so it cannot show that nothing was lost there.`;
    return { title: 'Incomplete', text: gap + sight };
  },
  regressed: (verdict, show) => ({
    title: 'The model got worse',
    text:
      `${describeDrops(regressedParts(verdict), show)}. ` +
      (verdict.sameModel
        ? 'Both sides are one and the same model, though: look at the evaluation, not at the model.'
        : 'This is unlikely to be chance.'),
  }),
  'not-comparable': ({ notComparable, factors, unevaluated }, show) => {
    if (unevaluated?.confirmed === false && notComparable.length === 0) {
      return {
        title: 'Not evaluated',
        text:
          "The job that evaluates says that this is the baseline's very model, and took over main's answers in place of asking. This report did not see the model, and takes nobody's " +
          'word for that. Give `verify-model` to the report step, so that it takes the SHA-256 itself, or `force: true` to the step that evaluates.',
      };
    }
    const fields = formatList([...new Set(notComparable.map(({ path }) => show(lastField(path))))]);
    const some = factors.some(({ delta }) => delta.estimate !== null);
    return {
      title: 'Not comparable',
      text:
        `The two models were evaluated in different ways (${fields}), so ` +
        `${some ? 'part of the benchmarks could not be' : 'they were not'} compared. ` +
        'Evaluate the baseline again in the same way, or undo the change of settings.',
    };
  },
  'no-baseline': () => ({
    title: 'No baseline',
    text: 'There is nothing to compare this model with yet; its scores are below.',
  }),
  inconclusive: ({ factors, sameModel }, show) => {
    if (sameModel) {
      return { title: 'Same model', text: 'Both sides are one and the same model; any difference is noise.' };
    }
    const tested = factors.filter(({ detectable }) => detectable !== null);
    const visible = formatList(
      tested.map((f) => `${formatPoints(f.detectable)} in ${show(f.name.toLowerCase())}`),
    );
    const sight =
      tested.length > 0
        ? `This run would have noticed drops of about ${visible} (points); smaller ones may hide.`
        : 'There were too few questions to tell.';
    return { title: 'No drop found, but not ruled out', text: sight };
  },
  held: ({ factors }, show) => {
    const held = factors.flatMap(({ name, outcome, looks }) =>
      outcome === 'held' && looks !== undefined ? [{ name: show(name.toLowerCase()), ...looks }] : [],
    );
    const list = (parts: typeof held) =>
      formatList(parts.map(({ name, drop }) => `${formatPoints(drop)} points in ${name}`));
    const [out, unseen] = [held.filter(({ ruledOut }) => ruledOut), held.filter(({ ruledOut }) => !ruledOut)];
    const facts = [
      out.length > 0 && `A drop of ${list(out)} is ruled out.`,
      unseen.length > 0 &&
        `There is no sign of a drop of ${list(unseen)} (a drop of that size is missed once in five).`,
    ];
    return { title: 'No sign of a drop', text: facts.filter(Boolean).join(' ') };
  },
  equivalent: ({ sameModel, factors, asked, unevaluated }, show) => {
    if (unevaluated !== undefined) {
      return {
        title: 'Same model, nothing evaluated',
        text: "This is the baseline's very model: the SHA-256 of all that decides an answer is the same. So no question was asked; the scores are the baseline's.",
      };
    }
    if (sameModel) {
      return { title: 'Same model', text: 'Both sides are one and the same model, and score the same.' };
    }
    const held = factors.filter(({ outcome }) => outcome === 'equivalent' || outcome === 'improved');
    const margins = held.map(
      ({ name, threshold }) => `${show(name.toLowerCase())} ${formatPoints(threshold.margin)}`,
    );
    const within = margins.length > 0 ? ` within the margins (points: ${formatList(margins)})` : '';
    return asked === null
      ? { title: 'No loss', text: `The model scores as before${within}.` }
      : { title: 'No loss in what was asked for', text: `There the model scores as before${within}.` };
  },
  improved: ({ factors, benchmarks, betterAligned, asked }, show) => {
    const better = factors.filter(({ outcome }) => outcome === 'improved');
    // A benchmark outside of SOS-Bench is in no factor.
    const gained = better.length > 0 ? better : benchmarks.filter(({ outcome }) => outcome === 'improved');
    const gains = gained.map((part) => describeChange(part, show(part.name)));
    const aligned = betterAligned
      ? ' It is better in all three factors: better aligned, as the paper has it.'
      : '';
    const title = asked === null ? 'The model got better' : 'Better in what was asked for';
    return { title, text: `${formatList(gains)}.${aligned}` };
  },
};

/** Benchmarks that the baseline measured and the candidate did not, or not in full. */
export function incompleteBenchmarks({ benchmarks }: Verdict): BenchmarkComparison[] {
  return benchmarks.filter(({ incomplete }) => incomplete);
}

/** How many questions of a benchmark that has others are missing. */
function countMissing({ missing, required, candidate }: BenchmarkComparison): string {
  const count = missing.reduce((sum, task) => sum + task.missing, 0);
  if (candidate.score === null || count === 0) return '';
  return `${formatCount(count)} of ${plural(required ?? count, 'question')} of `;
}

/** Whether missing questions that count as wrong are part of what these rest on. */
function missesAny(parts: readonly Dropped[], { benchmarks }: Verdict): boolean {
  const ids = new Set(parts.flatMap((part) => ('members' in part ? part.members : [part.id])));
  return benchmarks.some(
    ({ id, factor, missing, delta }) =>
      delta.estimate !== null && missing.length > 0 && (ids.has(id) || (factor !== null && ids.has(factor))),
  );
}

type Dropped = FactorComparison | BenchmarkComparison | GroupComparison;

/** The factors that regressed or, where none did, the benchmarks; a group of them where none of its own is among these. */
function regressedParts({ factors, benchmarks, groups = [], waivers }: Verdict): Dropped[] {
  const failed = (part: Dropped) =>
    part.outcome === 'regressed' && part.threshold.level === 'error' && !isWaived(part, waivers);
  const dropped = factors.filter(failed);
  if (dropped.length > 0) return dropped;
  const single = benchmarks.filter(failed);
  const together = groups.filter(
    (group) => failed(group) && !single.some(({ id }) => group.members.includes(id)),
  );
  return [...single, ...together];
}

function describeDrops(parts: readonly Dropped[], show: (text: string) => string): string {
  return formatList(parts.map((part) => describeChange(part, show(part.name))));
}

function describeChange(
  { delta, baseline, candidate }: Pick<FactorComparison, 'delta' | 'baseline' | 'candidate'>,
  name: string,
): string {
  const estimate = delta.estimate ?? 0;
  const way = estimate < 0 ? 'fell' : 'rose';
  return (
    `${name} ${way} by ${formatPoints(Math.abs(estimate))} points ` +
    `(${formatScorePoints(baseline.score)} → ${formatScorePoints(candidate.score)})`
  );
}

/** `tasks.leaderboard_ifeval.fewshot` is `fewshot`: one setting usually differs in many tasks alike. */
function lastField(path: string): string {
  const field = /^tasks\.[^.]+\.(.+)$/.exec(path);
  return field ? field[1]! : path;
}
