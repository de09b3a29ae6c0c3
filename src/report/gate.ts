import type { Gate } from '../verdict/gate.ts';
import { escapeMarkdown } from './escape.ts';
import { factorTable } from './sections.ts';

const RULES: Record<Gate['rule'], string> = {
  'not-worse':
    'no factor may have regressed, and the lower end of every interval has to lie above minus its margin',
  'better-aligned':
    'statistically better than the last release in all three factors, and not worse than main',
};

/** What a release gate found, as markdown for release notes. */
export function renderGate({ rule, passed, objections, comparisons }: Gate): string {
  const headline = passed
    ? '> [!TIP]\n> **May be released.** Nothing was found against it.'
    : `> [!CAUTION]\n> **Not to be released.** ${objections.length === 1 ? 'One objection' : `${objections.length} objections`}, below.`;
  const list = objections.map(
    ({ against, what }) => `- compared with ${against}: ${escapeMarkdown(what, 600)}`,
  );
  return [
    headline,
    list.join('\n'),
    ...comparisons.map(
      ({ against, verdict }) =>
        `### Compared with ${against}\n\n${factorTable(verdict)}\n\n` +
        `Verdict ${verdict.verdict}; ${coverage(verdict)}; preset ${verdict.preset}, alpha ${verdict.alpha}.`,
    ),
    `Rule \`${rule}\`: ${RULES[rule]}. Scores in points, 95% intervals.\n`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function coverage({ coverage }: Gate['comparisons'][number]['verdict']): string {
  return coverage.map(({ factor, compared, of }) => `${factor} ${compared} of ${of} benchmarks`).join(', ');
}
