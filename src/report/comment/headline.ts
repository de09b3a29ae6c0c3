import { formatCount, plural } from '../../count.ts';
import { FACTORS } from '../../suite/benchmark.ts';
import { describeDrift } from '../../verdict/measure/drift.ts';
import type {
  BenchmarkComparison,
  FactorComparison,
  GroupComparison,
  OverallVerdict,
  Verdict,
} from '../../verdict/schema.ts';
import { isWaived } from '../../verdict/waiver.ts';
import { formatList, formatPoints, formatScorePoints, formatSigned } from '../format.ts';
import { describeFactorOutcome } from '../outcome-words.ts';
import { nameField } from './tables/field-names.ts';

export interface Headline {
  /** Two or three words. */
  title: string;
  /** What a reader is to know if it is all that is read: the end of `SOS-Bench: safety fell by 4.9 points`. */
  heading: string;
  /** One or two sentences that need no knowledge of statistics. */
  text: string;
}

/** The verdict in plain words. `show` renders outside text (names, settings) for the medium. */
export function writeHeadline(verdict: Verdict, show: (text: string) => string): Headline {
  const written = writers[verdict.verdict](verdict, show);
  const { title, heading, text } = withDrift(
    verdict,
    withPassedDrops(verdict, { heading: lowerFirst(written.title), ...written }, show),
    show,
  );
  const force = verdict.forced ? ' (compared by force)' : '';
  return {
    title: title + force,
    heading: heading + force,
    text: [
      text,
      describeUntested(verdict, show),
      describeSettings(verdict, show),
      describeRequested(verdict, show),
    ]
      .filter(Boolean)
      .join(' '),
  };
}

/** Whether something is worse and fails nothing, since it is accepted or a warning only. */
export function hasPassedDrops(verdict: Verdict): boolean {
  return verdict.verdict !== 'regressed' && passedDrops(verdict).length > 0;
}

/** Verdicts that would say of a model with a drop that it has none. */
const WITHOUT_DROP: readonly OverallVerdict[] = ['inconclusive', 'held', 'equivalent', 'improved'];

/** A drop that is accepted or a warning only decides nothing, and is said all the same: first, where the verdict would say that there is none. */
function withPassedDrops(verdict: Verdict, headline: Headline, show: (text: string) => string): Headline {
  if (!hasPassedDrops(verdict)) return headline;
  const parts = passedDrops(verdict);
  const how = describePassing(parts, verdict);
  const drops = `${describeDrops(parts, show)}, which is ${how}.`;
  if (!WITHOUT_DROP.includes(verdict.verdict)) return { ...headline, text: `${headline.text} ${drops}` };
  const hasOthers = verdict.factors.some(
    ({ outcome, delta }) => outcome !== 'regressed' && delta.estimate !== null,
  );
  return {
    title: `${parts.length === 1 ? 'A drop that is' : 'Drops that are'} ${how}`,
    heading: `${nameAll(verdict, parts, 'fell', show)}, which is ${how}`,
    text: hasOthers ? `${drops} Apart from that: ${lowerFirst(headline.title)}. ${headline.text}` : drops,
  };
}

/** Why drops fail nothing: `accepted`, `a warning only`, or both. */
function describePassing(parts: readonly Dropped[], { waivers }: Verdict): string {
  const accepted = parts.filter((part) => isWaived(part, waivers));
  if (accepted.length === parts.length) return 'accepted';
  return accepted.length === 0 ? 'a warning only' : 'accepted or a warning only';
}

/** Factors that the policy does not test say nothing of a loss; null where there are none. */
function describeUntested({ factors }: Verdict, show: (text: string) => string): string | null {
  const untested = untestedFactors(factors).map(
    ({ name, delta }) => `${show(name.toLowerCase())} (${formatSigned(delta.estimate)})`,
  );
  return untested.length === 0 ? null : `Not tested (level off): ${formatList(untested)}.`;
}

function untestedFactors(factors: readonly FactorComparison[]): FactorComparison[] {
  return factors.filter(({ threshold, delta }) => threshold.level === 'off' && delta.estimate !== null);
}

/** A drift that fails the policy is said even where this change alone is fine. */
function withDrift(verdict: Verdict, headline: Headline, show: (text: string) => string): Headline {
  const { drift, thresholds } = verdict;
  if (!drift?.fails) return headline;
  const lost = `${sentence(show(describeDrift(drift)))}: many small steps, each too small to be seen, add up.`;
  // What fails by itself comes first.
  return thresholds.failOn.includes(verdict.verdict)
    ? { ...headline, text: `${headline.text} And ${lowerFirst(lost)}` }
    : {
        title: 'The model has drifted',
        heading: 'the model has drifted',
        text: `${lost} This change alone: ${lowerFirst(headline.title)}.`,
      };
}

/** A headline is short. */
const MAX_SETTINGS = 8;
/** More names than these are counted in a heading. */
const MAX_NAMED = 2;

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

/** The title in small letters is the heading where a writer gives none. */
type Written = Omit<Headline, 'heading'> & Partial<Pick<Headline, 'heading'>>;
type Writer = (verdict: Verdict, show: (text: string) => string) => Written;

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
    const lacking =
      missing.length === 0
        ? 'nothing was measured'
        : `results of ${formatList(
            missing.map(({ name }) => show(name)),
            MAX_NAMED,
          )} are missing`;
    const heading =
      dropped.length === 0 ? lacking : `${lacking}, and ${nameAll(verdict, dropped, 'fell', show)}`;
    return { title: 'Incomplete', heading, text: gap + sight };
  },
  regressed: (verdict, show) => {
    const parts = regressedParts(verdict);
    const isFactor = parts.some((part) => isFactorOf(verdict, part));
    const title = isFactor
      ? 'The model got worse'
      : `${parts.length === 1 ? 'A benchmark' : plural(parts.length, 'benchmark')} got worse`;
    const facts = [
      !isFactor && describeFactorsBeside(verdict, show),
      `${describeDrops(parts, show)}.`,
      ...(isFactor ? [describeCauses(verdict, parts, show), describeOtherFactors(verdict, parts, show)] : []),
      verdict.sameModel
        ? 'Both sides are one and the same model, though: look at the evaluation, not at the model.'
        : 'This is unlikely to be chance.',
    ];
    return { title, heading: nameAll(verdict, parts, 'fell', show), text: facts.filter(Boolean).join(' ') };
  },
  'not-comparable': ({ notComparable, factors, unevaluated }, show) => {
    if (unevaluated?.confirmed === false && notComparable.length === 0) {
      return {
        title: 'Not evaluated',
        text:
          "The job that evaluates says that this is the baseline's very model, and took over main's answers in place of asking. This report did not see the model, and takes nobody's " +
          'word for that. Give `verify-model` to the report step, so that it takes the SHA-256 itself, or `force: true` to the step that evaluates.',
      };
    }
    const fields = formatList([...new Set(notComparable.map(({ path }) => show(nameField(path).name)))]);
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
    const tested = factors.filter(
      ({ detectable, outcome }) => detectable !== null && outcome !== 'regressed' && outcome !== 'improved',
    );
    const visible = formatList(
      tested.map((f) => `${formatPoints(f.detectable)} in ${show(f.name.toLowerCase())}`),
    );
    const sight =
      tested.length > 0
        ? `This run would have noticed drops of about ${visible} (points); smaller ones may hide.`
        : 'There were too few questions to tell.';
    return {
      title: 'No drop found, but not ruled out',
      text: [describeGains(factors, show), sight].filter(Boolean).join(' '),
    };
  },
  held: ({ factors, coverage, sameModel }, show) => {
    const held = factors.flatMap(({ name, outcome, looks }) =>
      outcome === 'held' && looks !== undefined ? [{ name: show(name.toLowerCase()), ...looks }] : [],
    );
    const little = factors.filter(
      (factor) => describeFactorOutcome(factor, coverage, sameModel).note !== null,
    );
    const list = (parts: typeof held) =>
      formatList(parts.map(({ name, drop }) => `${formatPoints(drop)} points in ${name}`));
    const [out, unseen] = [held.filter(({ ruledOut }) => ruledOut), held.filter(({ ruledOut }) => !ruledOut)];
    const facts = [
      out.length > 0 && `A drop of ${list(out)} is ruled out.`,
      unseen.length > 0 &&
        `There is no sign of a drop of ${list(unseen)} (a drop of that size is missed once in five).`,
      describeGains(factors, show),
      describeLittle(little, 'say that of', show),
    ];
    return {
      title: little.length === 0 ? 'No sign of a drop' : 'No sign of a drop in what was compared',
      text: facts.filter(Boolean).join(' '),
    };
  },
  equivalent: ({ sameModel, factors, asked, unevaluated, coverage }, show) => {
    if (unevaluated !== undefined) {
      return {
        title: 'Same model, nothing evaluated',
        text: "This is the baseline's very model: the SHA-256 of all that decides an answer is the same. So no question was asked; the scores are the baseline's.",
      };
    }
    if (sameModel) {
      return { title: 'Same model', text: 'Both sides are one and the same model, and score the same.' };
    }
    const little = factors.filter((factor) => describeFactorOutcome(factor, coverage).note !== null);
    const held = factors.filter(({ outcome }) => outcome === 'equivalent');
    const margins = held.map(
      ({ name, threshold }) => `${show(name.toLowerCase())} ${formatPoints(threshold.margin)}`,
    );
    const within = margins.length > 0 ? ` within the margins (points: ${formatList(margins)})` : '';
    const where = asked !== null || little.length > 0 ? 'There the' : 'The';
    const rose = bySize(factors.filter(({ outcome }) => outcome === 'improved'));
    const title =
      asked !== null
        ? 'No loss in what was asked for'
        : little.length > 0
          ? 'No loss in what was compared'
          : untestedFactors(factors).length > 0
            ? 'No loss in what was tested'
            : 'No loss';
    const named = rose.map((part) => ({ name: nameInline(part, true, show), part }));
    return {
      title,
      heading: [lowerFirst(title), ...(rose.length > 0 ? [nameChanges(named, 'rose')] : [])].join(', and '),
      text: [
        describeGains(factors, show),
        `${rose.length > 0 ? 'Otherwise the' : where} model scores as before${within}.`,
        asked === null && describeLittle(little, 'call', show),
      ]
        .filter(Boolean)
        .join(' '),
    };
  },
  improved: (verdict, show) => {
    const { factors, benchmarks, betterAligned, asked } = verdict;
    const better = factors.filter(({ outcome }) => outcome === 'improved');
    // A benchmark outside of SOS-Bench is in no factor.
    const gained: Dropped[] =
      better.length > 0 ? better : benchmarks.filter(({ outcome }) => outcome === 'improved');
    const gains = describeChanges(bySize(gained), show);
    const aligned = betterAligned
      ? ' It is better in all three factors: better aligned, as the paper has it.'
      : '';
    const title = asked === null ? 'The model got better' : 'Better in what was asked for';
    const heading = nameAll(verdict, bySize(gained), 'rose', show);
    return { title, heading, text: `${formatList(gains)}.${aligned}` };
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

/** The factors that regressed and fail or, where none did, the benchmarks; a group of them where none of its own is among these. */
function regressedParts(verdict: Verdict): Dropped[] {
  return droppedParts(verdict, ({ threshold }, isAccepted) => threshold.level === 'error' && !isAccepted);
}

/** The same of drops that fail nothing. */
function passedDrops(verdict: Verdict): Dropped[] {
  return droppedParts(verdict, ({ threshold }, isAccepted) => threshold.level === 'warn' || isAccepted);
}

function droppedParts(
  { factors, benchmarks, groups = [], waivers }: Verdict,
  counts: (part: Dropped, isAccepted: boolean) => boolean,
): Dropped[] {
  const isDropped = (part: Dropped) => part.outcome === 'regressed' && counts(part, isWaived(part, waivers));
  const dropped = factors.filter(isDropped);
  if (dropped.length > 0) return bySize(dropped);
  const single = benchmarks.filter(isDropped);
  const together = groups.filter(
    (group) => isDropped(group) && !single.some(({ id }) => group.members.includes(id)),
  );
  return bySize([...single, ...together]);
}

/** The largest change first. */
function bySize<P extends Dropped>(parts: readonly P[]): P[] {
  return parts.toSorted((a, b) => Math.abs(b.delta.estimate ?? 0) - Math.abs(a.delta.estimate ?? 0));
}

function isFactorOf({ factors }: Verdict, part: Dropped): boolean {
  return factors.some((factor) => factor === part);
}

/** Factors are common nouns; benchmarks have names. */
function nameInline(part: Dropped, isFactor: boolean, show: (text: string) => string): string {
  return show(isFactor ? part.name.toLowerCase() : part.name);
}

/** `safety fell by 4.9 and world knowledge by 2.1 points`; of many, the largest. */
function nameChanges(changes: readonly { name: string; part: Dropped }[], way: 'fell' | 'rose'): string {
  const sizes = changes.map(({ name, part }) => ({
    name,
    size: formatPoints(Math.abs(part.delta.estimate ?? 0)),
  }));
  const [first, ...rest] = sizes;
  if (first === undefined) return way;
  if (sizes.length > MAX_NAMED)
    return `${plural(sizes.length, 'benchmark')} ${way}, ${first.name} by ${first.size} points`;
  const list = [
    `${first.name} ${way} by ${first.size}`,
    ...rest.map(({ name, size }) => `${name} by ${size}`),
  ];
  return `${formatList(list)} points`;
}

/** As `nameChanges`; of more factors than have room, that all did. */
function nameAll(
  verdict: Verdict,
  parts: readonly Dropped[],
  way: 'fell' | 'rose',
  show: (text: string) => string,
): string {
  const named = parts.map((part) => ({ name: nameInline(part, isFactorOf(verdict, part), show), part }));
  if (named.length > MAX_NAMED && parts.every((part) => isFactorOf(verdict, part)))
    return `all factors ${way}, ${named[0]!.name} by ${formatPoints(Math.abs(parts[0]!.delta.estimate ?? 0))} points`;
  return nameChanges(named, way);
}

/** The factors that rose where another outcome decides; null where none did. */
function describeGains(factors: readonly FactorComparison[], show: (text: string) => string): string | null {
  const rose = bySize(factors.filter(({ outcome }) => outcome === 'improved'));
  return rose.length === 0 ? null : `${formatList(describeChanges(rose, show))}.`;
}

/** Factors of which too little was compared for a word on the whole of them; null where there are none. */
function describeLittle(
  little: readonly FactorComparison[],
  verb: 'call' | 'say that of',
  show: (text: string) => string,
): string | null {
  if (little.length === 0) return null;
  const names = formatList(little.map(({ name }) => show(name.toLowerCase())));
  const all = little.length === 1 ? 'it' : 'them';
  return `Too little of ${names} was compared to ${verb} ${all}${verb === 'call' ? ' equivalent' : ''}.`;
}

/** Which benchmarks a factor fell by, with how many questions. */
function describeCauses(
  { benchmarks }: Verdict,
  parts: readonly Dropped[],
  show: (text: string) => string,
): string | null {
  const ids = new Set<string>(parts.map(({ id }) => id));
  const weighed = benchmarks
    .filter(({ factor, outcome }) => factor !== null && ids.has(factor) && outcome === 'regressed')
    .map((benchmark) => ({ benchmark, loss: -(benchmark.delta.estimate ?? 0) * (benchmark.share ?? 0) }))
    .sort((a, b) => b.loss - a.loss);
  const [first] = weighed;
  if (first === undefined) return null;
  const named = weighed.slice(0, MAX_NAMED).map(({ benchmark: { name, flips, n } }) => {
    const questions =
      flips === null
        ? ''
        : ` (${plural(flips.lost, 'question')} lost, ${formatCount(flips.gained)} gained of ${formatCount(n)})`;
    return show(name) + questions;
  });
  const more = weighed.length - named.length;
  return `Worse in ${formatList([...named, ...(more > 0 ? [`${more} more`] : [])])}.`;
}

/** What became of the factors that did not fail: `World knowledge and instruction following are equivalent.` */
function describeOtherFactors(
  verdict: Verdict,
  parts: readonly Dropped[],
  show: (text: string) => string,
): string | null {
  const { factors, coverage, sameModel } = verdict;
  const others = factors.filter((factor) => !parts.includes(factor) && factor.delta.estimate !== null);
  const byWord = new Map<string, string[]>();
  for (const factor of others) {
    const own = describeFactorOutcome(factor, coverage, sameModel).word;
    const word =
      factor.outcome === 'regressed' ? `${own}, which is ${describePassing([factor], verdict)}` : own;
    byWord.set(word, [...(byWord.get(word) ?? []), show(factor.name.toLowerCase())]);
  }
  const sentences = [...byWord].map(([word, names]) => `${sentence(formatList(names))}: ${word}.`);
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** What became of the factors where benchmarks fail the policy and no factor does. */
function describeFactorsBeside({ factors }: Verdict, show: (text: string) => string): string {
  const named = (outcome: string) =>
    bySize(factors.filter((factor) => factor.outcome === outcome)).map(
      ({ name, delta }) => `${show(name.toLowerCase())} (${formatSigned(delta.estimate)})`,
    );
  const [fell, rose] = [named('regressed'), named('improved')];
  const facts = [
    fell.length === 0
      ? 'No factor fell'
      : `${sentence(formatList(fell))} fell, which is accepted or a warning only`,
    rose.length > 0 && `${formatList(rose)} rose`,
  ];
  return `${facts.filter(Boolean).join(', and ')}.`;
}

function describeDrops(parts: readonly Dropped[], show: (text: string) => string): string {
  return formatList(describeChanges(parts, show));
}

/** Within a sentence factors are common nouns; benchmarks have names. */
function describeChanges(parts: readonly Dropped[], show: (text: string) => string): string[] {
  return parts.map((part, index) => {
    const isFactor = FACTORS.some((id) => id === part.id);
    return describeChange(part, show(isFactor && index > 0 ? part.name.toLowerCase() : part.name));
  });
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
