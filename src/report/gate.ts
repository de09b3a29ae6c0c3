import { plural } from '../count.ts';
import { escapeCode, escapeMarkdown } from '../markdown/escape.ts';
import { FACTOR_NAMES } from '../suite/benchmark.ts';
import type { Gate } from '../verdict/release/gate.ts';
import type { Drift, Verdict } from '../verdict/schema.ts';
import { factorTable } from './comment/tables/factors.ts';
import { formatList, formatPoints } from './format.ts';

const RULES: Record<Gate['rule'], string> = {
  'not-worse':
    'no factor may have regressed, and the lower end of every interval has to lie above minus its margin',
  'better-aligned':
    'statistically better than the last release in all three factors, and not worse than main',
};

/** What a release gate found, as markdown for release notes. */
export function renderGate(gate: Gate): string {
  const { rule, objections, comparisons, drift } = gate;
  return [
    headline(gate),
    objections.map((objection) => `- ${escapeMarkdown(writeObjection(objection), 600)}`).join('\n'),
    ...comparisons.map(({ against, verdict }) =>
      [
        `### Compared with ${against}`,
        factorTable(verdict),
        `Verdict ${verdict.verdict}; ${coverage(verdict)}; preset ${verdict.preset}, alpha ${verdict.alpha}.` +
          remarks(verdict),
      ].join('\n\n'),
    ),
    drift === null ? '' : driftSection(gate, drift),
    `Rule \`${rule}\`: ${RULES[rule]}. Scores in points, 95% intervals.${leftOut(gate)}\n`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** One objection in plain text. */
export function writeObjection({ against, what }: Gate['objections'][number]): string {
  return against === 'candidate' ? what : `compared with ${against}: ${what}`;
}

function headline({ passed, objections, comparisons }: Gate): string {
  if (!passed) {
    const count = objections.length === 1 ? 'One objection' : `${objections.length} objections`;
    return `> [!CAUTION]\n> **Not to be released.** ${count}, below.`;
  }
  return comparisons.length > 0
    ? '> [!TIP]\n> **May be released.** Nothing was found against it.'
    : '> [!WARNING]\n> **May be released, compared with nothing**: the inputs leave out both the release and main.';
}

function coverage({ coverage }: Verdict): string {
  return coverage
    .map(
      ({ factor, compared, of }) =>
        `${FACTOR_NAMES[factor].toLowerCase()} ${compared} of ${plural(of, 'benchmark')}`,
    )
    .join(', ');
}

/** What limits a comparison that is right as it stands. */
function remarks({ sameModel, records, factors }: Verdict): string {
  const sampled = [records.baseline, records.candidate].find(({ suite }) => suite !== 'full');
  const visible = factors.flatMap(({ name, detectable }) =>
    detectable === null ? [] : [`${formatPoints(detectable)} in ${name.toLowerCase()}`],
  );
  return [
    sameModel ? ' Both sides are one and the same model.' : '',
    sampled === undefined
      ? ''
      : ` Evidence of the suite ${escapeCode(sampled.suite)}, not of all questions: true drops of less than ` +
        `${formatList(visible)} (points) may have gone unseen.`,
  ].join('');
}

function driftSection({ comparisons }: Gate, { anchor, alpha, factors }: Drift): string {
  const candidate = comparisons[0]?.verdict.records.candidate ?? { name: 'candidate' };
  const table = factorTable({ factors, records: { baseline: anchor, candidate } });
  return `### Drift since the anchor\n\n${table}\n\nThese factors are a family of tests of their own, with drift alpha ${alpha}.`;
}

function leftOut({ leftOut }: Gate): string {
  return leftOut.length === 0 ? '' : ` Not compared with ${formatList(leftOut)}: the inputs leave that out.`;
}
