import { STYLE_FEATURES, type StyleFeature } from '../../answer-style.ts';
import { formatCount, plural } from '../../count.ts';
import { escapeMarkdown } from '../../markdown/escape.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type { Verdict } from '../../verdict/schema.ts';
import type { Style } from '../../verdict/signs/style-schema.ts';
import type { Summary } from '../../verdict/summary.ts';
import { formatList } from '../format.ts';
import { fold, type Section, table } from './sections.ts';

type BenchmarkStyle = Style['benchmarks'][number];
type FeatureShift = BenchmarkStyle['features'][StyleFeature];

const NAMES: Record<StyleFeature, string> = {
  chars: 'characters',
  headers: 'headers',
  listItems: 'list items',
  bold: 'bold text',
};

/** Fewer an answer on either side are reported as they are: how many times as much as almost nothing says little. */
const MIN_FOR_RATIO = 0.1;
const MAX_NAMED = 3;

interface Reported {
  feature: StyleFeature;
  /** Reported as `6x the headers`; else as `headers went from none to 3.1 an answer`. */
  asRatio: boolean;
  shifts: FeatureShift[];
}

/**
 * How answers changed, and whether a factor rose with it: `In IFEval answers are 1.9x as long, with 6x the headers; no factor rose.` Null
 * where no shift is both beyond chance and large enough to be seen.
 *
 * @param show renders outside text (names of benchmarks) for the medium.
 */
function describeStyleShift(verdict: Verdict, show: (text: string) => string): string | null {
  const benchmarks = verdict.style?.benchmarks ?? [];
  // What is reported of the same benchmarks is reported together.
  const groups = new Map<string, { names: string[]; reported: Reported[] }>();
  for (const feature of STYLE_FEATURES) {
    for (const asRatio of [true, false]) {
      const own = benchmarks.filter(
        ({ features }) => isReported(features[feature]) && hasRatio(feature, features[feature]) === asRatio,
      );
      if (own.length === 0) continue;
      const key = own.map(({ id }) => id).join('\n');
      const group = groups.get(key) ?? { names: own.map(({ name }) => show(name)), reported: [] };
      group.reported.push({ feature, asRatio, shifts: own.map(({ features }) => features[feature]) });
      groups.set(key, group);
    }
  }
  if (groups.size === 0) return null;
  const shifts = [...groups.values()].map(({ names, reported }) => {
    const everywhere = names.length === benchmarks.length && names.length > 1;
    return `${everywhere ? '' : `in ${formatList(names, MAX_NAMED)} `}${describeGroup(reported)}`;
  });
  const text = [...shifts, describeFactors(verdict)].filter((part) => part !== null).join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** How the judged answers changed: `answers are 1.7x as long, with 6x the headers`; null where no shift is reported. */
export function describeAnswerShift({ features }: Pick<BenchmarkStyle, 'features'>): string | null {
  const reported = STYLE_FEATURES.filter((feature) => isReported(features[feature])).map((feature) => ({
    ...{ feature, asRatio: hasRatio(feature, features[feature]), shifts: [features[feature]] },
  }));
  return reported.length === 0 ? null : describeGroup(reported);
}

/** `characters 620 → 1,190; headers 0 → 3.0; ...`, an answer on average. */
export function listAnswerShift({ features }: Pick<BenchmarkStyle, 'features'>): string {
  return STYLE_FEATURES.map((feature) => {
    const { baseline, candidate } = features[feature];
    return `${NAMES[feature]} ${formatMean(baseline)} → ${formatMean(candidate)}`;
  }).join(', ');
}

function isReported({ rejected, large }: FeatureShift): boolean {
  return rejected && large;
}

function hasRatio(feature: StyleFeature, { baseline, candidate, ratio }: FeatureShift): boolean {
  return feature === 'chars' ? ratio !== null : Math.min(baseline, candidate) >= MIN_FOR_RATIO;
}

/** `answers are 1.9x as long, with 6x the headers, and bold text went from none to 3.1 an answer` */
function describeGroup(reported: readonly Reported[]): string {
  const ratios = reported.filter(({ asRatio }) => asRatio);
  const length = ratios.find(({ feature }) => feature === 'chars');
  const markup = ratios
    .filter(({ feature }) => feature !== 'chars')
    .map(({ feature, shifts }) => `${formatRatios(shifts)} the ${NAMES[feature]}`);
  const first = [
    length && `answers are ${formatRatios(length.shifts)} as long`,
    markup.length > 0 && `${length ? 'with' : 'answers have'} ${formatList(markup)}`,
  ];
  const moves = reported
    .filter(({ asRatio }) => !asRatio)
    .map(
      ({ feature, shifts }) =>
        `${NAMES[feature]} went ${formatList(shifts.map(formatMove), MAX_NAMED)} an answer`,
    );
  return [first.filter(Boolean).join(', '), ...moves].filter((part) => part !== '').join(', and ');
}

function describeFactors({ factors }: Verdict): string | null {
  const compared = factors.filter(({ delta }) => delta.estimate !== null);
  if (compared.length === 0) return null;
  const named = (outcome: string) =>
    compared.filter((factor) => factor.outcome === outcome).map(({ name }) => name.toLowerCase());
  const [rose, fell] = [named('improved'), named('regressed')];
  const none = compared.length < factors.length ? 'no factor that was compared rose' : 'no factor rose';
  return [
    rose.length > 0 ? `${formatList(rose)} rose` : none,
    ...(fell.length > 0 ? [`${formatList(fell)} fell`] : []),
  ].join(', ');
}

/** The line of the comment. */
export function styleLine(verdict: Verdict): Section | null {
  const text = describeStyleShift(verdict, (name) => escapeMarkdown(name, 60));
  return text === null ? null : { title: 'Style', text: `**Style.** ${text}`, keep: 7 };
}

/** All four by benchmark, with intervals. */
export function styleTable({ style, alpha }: Verdict): Section | null {
  const benchmarks = style?.benchmarks ?? [];
  if (benchmarks.length === 0) return null;
  const cell = (shift: FeatureShift) => {
    const move = `${formatMean(shift.baseline)} → ${formatMean(shift.candidate)}`;
    return `${isReported(shift) ? `**${move}**` : move}<br>${formatDifference(shift)}`;
  };
  const rows = benchmarks.map(({ name, n, features }) => [
    escapeMarkdown(name, 60),
    ...STYLE_FEATURES.map((feature) => cell(features[feature])),
    formatCount(n),
  ]);
  const head = ['Benchmark', 'Characters', 'Headers', 'List items', 'Bold text', 'n'];
  const note =
    `An answer, on average: baseline → candidate, and the difference by question with its ${Math.round(100 * (1 - alpha))}% interval. Bold: ` +
    'rejected (Holm over the four), and the length moved by 10% or the markup by half. None of it is part of the verdict.';
  return fold(
    `How answers are written (${benchmarks.length})`,
    `${table([head, ...rows], 'lrrrrr')}\n\n${note}`,
    2,
  );
}

/** Lines for a terminal: the shift in words, then what it rests on; unescaped. */
export function styleNotes(verdict: Verdict): { name: string; text: string }[] {
  const benchmarks = verdict.style?.benchmarks ?? [];
  if (benchmarks.length === 0) return [];
  const reported = describeStyleShift(verdict, (name) => name);
  const moved = benchmarks.filter(({ features }) =>
    STYLE_FEATURES.some((feature) => isReported(features[feature])),
  );
  const names = formatList(benchmarks.map(({ name }) => name));
  const tested = benchmarks.some(({ features }) => features.chars.p !== null);
  return [
    {
      name: 'Style',
      text:
        reported ??
        `${tested ? 'no large shift of length or markup was found' : 'there are too few questions to tell whether length or markup moved'} in ${names}.`,
    },
    ...moved.map(({ name, n, features }) => ({
      name: `${name}, an answer`,
      text: `${STYLE_FEATURES.map(
        (feature) =>
          `${NAMES[feature]} ${formatMean(features[feature].baseline)} → ${formatMean(features[feature].candidate)} (${formatDifference(features[feature])})`,
      ).join('; ')}; ${plural(n, 'question')}`,
    })),
  ];
}

/** How the answers of records are written, in the order of the benchmarks; unescaped. */
export function writtenNotes(summaries: readonly Summary[]): { name: string; text: string }[] {
  return summaries.flatMap(({ model, benchmarks }) => {
    const of = (name: string) => (summaries.length > 1 ? `${model}, ${name}` : name);
    const written = benchmarks.flatMap(({ id, style }) => (style ? [{ id, style }] : []));
    const lacks = benchmarks.some(({ style }) => style === null);
    return [
      ...written.map(({ id, style }) => ({
        name: of(findBenchmark(id)?.name ?? id),
        text: `an answer has ${STYLE_FEATURES.map((feature) => `${formatMean(style[feature])} ${feature === 'bold' ? 'pieces of bold text' : NAMES[feature]}`).join(', ')} on average (${plural(style.n, 'answer')})`,
      })),
      ...(lacks && written.length === 0
        ? [{ name: of('Style'), text: 'no style was recorded, as in all records of older versions' }]
        : []),
    ];
  });
}

/** `1.9x`, or `1.2x to 1.9x` of several. */
function formatRatios(shifts: readonly FeatureShift[]): string {
  const ratios = shifts.map(({ ratio }) => ratio ?? 0).sort((a, b) => a - b);
  return [...new Set([formatRatio(ratios[0]!), formatRatio(ratios.at(-1)!)])].join(' to ');
}

/** `1.9x`, `6x`, `14x`, `0.62x`. */
function formatRatio(ratio: number): string {
  if (ratio > 1000) return 'over 1,000x';
  if (ratio > 0 && ratio < 0.01) return 'under 0.01x';
  const digits = ratio < 1 ? 2 : ratio < 10 ? 1 : 0;
  return `${Number(ratio.toFixed(digits))}x`;
}

/** `from none to 3.1` */
function formatMove({ baseline, candidate }: FeatureShift): string {
  const of = (mean: number) => (mean === 0 ? 'none' : formatMean(mean));
  return `from ${of(baseline)} to ${of(candidate)}`;
}

/** `1,540`, `3.1`, `0.02`, `0`: a mean of a count. */
function formatMean(mean: number): string {
  if (mean < 0) return `\u2212${formatMean(-mean)}`;
  if (mean === 0) return '0';
  if (mean >= 100) return formatCount(Math.round(mean));
  return mean.toFixed(mean < 0.1 ? 2 : 1);
}

/** `+728 [+650, +806]` */
function formatDifference({ difference, ci }: FeatureShift): string {
  const signed = (mean: number) => (mean > 0 ? `+${formatMean(mean)}` : formatMean(mean));
  return ci === null ? signed(difference) : `${signed(difference)} [${ci.map(signed).join(', ')}]`;
}
