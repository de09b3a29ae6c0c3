import { noun, plural } from '../../../count.ts';
import { escapeCode, escapeMarkdown } from '../../../markdown/escape.ts';
import type { FactorComparison, Verdict } from '../../../verdict/schema.ts';
import {
  formatList,
  formatPoints,
  formatRange,
  formatScorePoints,
  formatShare,
  formatSigned,
  noBreak,
  UNKNOWN,
} from '../../format.ts';
import { linkTo, type ReportLinks } from '../../links.ts';
import { describeFactorOutcome } from '../../outcome-words.ts';
import { markWord, table } from '../sections.ts';

type Arm = { name: string; commit?: string | null };

/** What a table of factors shows: of a whole verdict, or of the drift from an anchor. */
export type ShownFactors = Pick<Verdict, 'factors'> &
  Partial<Pick<Verdict, 'coverage' | 'sameModel' | 'benchmarks' | 'alpha'>> & {
    records: Record<'baseline' | 'candidate', Arm>;
  };

/** Names in a head of a table; the whole name stands below. */
const MAX_NAME_LENGTH = 20;
const COMMIT_LENGTH = 7;

/** The factors: outcome first, then the difference with its interval, both scores, and what could have been seen. */
export function factorTable(shown: ShownFactors, links: ReportLinks = {}): string {
  const { factors, records, alpha, coverage, sameModel } = shown;
  const head = [
    'Outcome',
    'Factor',
    differenceTitle(alpha),
    `Baseline<br>${nameArm(records.baseline, links.baselineCommit)}`,
    `Candidate<br>${nameArm(records.candidate, links.candidateCommit)}`,
    'Detectable drop',
  ];
  const rows = factors.map((factor) => [
    markWord(describeFactorOutcome(factor, coverage, sameModel)),
    `**${escapeMarkdown(factor.name)}**`,
    showDelta(factor.delta),
    formatScorePoints(factor.baseline.score),
    formatScorePoints(factor.candidate.score),
    formatPoints(factor.detectable),
  ]);
  return [table([head, ...rows], 'llrrrr'), factorNotes(shown)].filter(Boolean).join('\n\n');
}

/** `Difference (95%)`: with its interval at that level. */
export function differenceTitle(alpha = 0.05): string {
  return `Difference (${Math.round(100 * (1 - alpha))}%)`;
}

/** `**−4.9** (−6.5 to −3.2)`, on one line. */
export function showDelta({ estimate, ci }: Pick<FactorComparison['delta'], 'estimate' | 'ci'>): string {
  if (estimate === null) return UNKNOWN;
  const range = formatRange(ci);
  return noBreak(`**${formatSigned(estimate)}**${range === '' ? '' : ` (${range})`}`);
}

/** The commit of one side, which tells more than the name of a model. */
export function nameArm({ name, commit = null }: Arm, address: string | undefined): string {
  if (commit === null) return escapeMarkdown(name, MAX_NAME_LENGTH);
  return linkTo(escapeCode(commit.slice(0, COMMIT_LENGTH)), address);
}

/** What is to be known of single factors, each once, below their table; null where there is nothing. */
function factorNotes(shown: ShownFactors): string | null {
  const { factors, benchmarks = [], coverage, sameModel } = shown;
  const weak = benchmarks.filter(
    ({ paired, factor, delta }) => !paired && factor !== null && delta.estimate !== null,
  );
  const compared = benchmarks.filter(({ factor, delta }) => factor !== null && delta.estimate !== null);
  const ofFactors = new Map<string, string[]>();
  for (const factor of factors) {
    const { note: share } = describeFactorOutcome(factor, coverage, sameModel);
    const notes = [
      share,
      ...ownReasons(factor.reason, { isWeakSaid: weak.length > 0, isShareSaid: share !== null }),
      factor.threshold.level === 'warn' && factor.outcome === 'regressed' ? 'a warning only' : null,
    ];
    for (const note of notes.filter((one) => one !== null))
      ofFactors.set(note, [...(ofFactors.get(note) ?? []), factor.name]);
  }
  const lines = [...ofFactors].map(([note, [first = '', ...others]]) => {
    const names = formatList([first, ...others.map((name) => name.toLowerCase())]);
    return `${escapeMarkdown(names)}: ${escapeMarkdown(note, 600)}.`;
  });
  if (weak.length > 0) {
    const where =
      weak.length === compared.length
        ? ''
        : ` in ${plural(weak.length, 'benchmark')} (${formatList(weak.map(({ name }) => escapeMarkdown(name)))})`;
    lines.push(`A weak comparison${where}: the questions of the two sides could not be paired.`);
  }
  return lines.length === 0 ? null : `<sub>${lines.join(' ')}</sub>`;
}

/** Why there is no test or no comparison, without what is said of all factors at once. */
function ownReasons(
  reason: string | null,
  { isWeakSaid, isShareSaid }: { isWeakSaid: boolean; isShareSaid: boolean },
): string[] {
  return (reason?.split('; ') ?? []).filter(
    (part) =>
      !(isWeakSaid && part.startsWith('unpaired, weak:')) && !(isShareSaid && part.startsWith('rests on ')),
  );
}

/** What the factors rest on. */
export function coverageLine({ coverage, factors, benchmarks, alpha }: Verdict): string {
  const parts = coverage.map(({ factor, compared, of, weight }) => {
    const name = escapeMarkdown(factors.find(({ id }) => id === factor)?.name ?? factor).toLowerCase();
    return `${name} ${compared} of ${of} ${noun(of, 'benchmark')} (${formatShare(weight)} of the weight)`;
  });
  const items = benchmarks.reduce((sum, { n }) => sum + n, 0);
  const others = benchmarks.filter(({ factor, delta }) => factor === null && delta.estimate !== null).length;
  const outside = others > 0 ? `; ${plural(others, 'benchmark')} in no factor` : '';
  return `<sub>Scores in points, with ${Math.round(100 * (1 - alpha))}% intervals of the differences. ${plural(items, 'question')} compared: ${parts.join(', ')}${outside}.</sub>`;
}
