import type { Verdict } from '../../verdict/schema.ts';
import { describePreset, describeSubject } from '../comment/preset.ts';
import { formatPoints } from '../format.ts';
import { type Chapter, clip, html } from './markup.ts';

/** How to read the page, with the numbers that this comparison went by. */
export function guideChapter(
  { alpha, thresholds, factors, preset, runSpread, footnotes }: Verdict,
  reproduce: string | null,
): Chapter {
  const margins = factors.map(
    ({ name, threshold }) => `${formatPoints(threshold.margin)} (${name.toLowerCase()})`,
  );
  const lines = [
    'Difference: candidate minus baseline, on the questions that both answered, in points of 100. An interval is the range that holds the true difference in 95 of 100 such comparisons.',
    `Worse: the difference is significant (two-sided, alpha ${alpha}; Holm over the factors, Benjamini-Hochberg over the benchmarks) and the drop is larger than ${formatPoints(thresholds.minimumEffect.factor)} points for a factor, ${formatPoints(thresholds.minimumEffect.benchmark)} for a benchmark. Better: the same upwards.`,
    `Equivalent: the ${Math.round((1 - 2 * alpha) * 100)}% interval lies within the margin: ${margins.join(', ')} points. Held: no sign of the drop that the looks are made for. Cannot tell: neither; the detectable drop says what may hide.`,
    'Detectable drop: a true drop of that size would have been seen four times in five.',
    'Lost: a question scores less than before; gained: more. A near miss was close to a tie on one side: it would turn with any change. Look at confident losses first.',
    `Preset ${preset}: ${describePreset(preset)}.`,
    describeSubject(runSpread),
    ...footnotes,
  ];
  const body = html`<ul>${lines.map((line) => html`<li>${clip(line, 600)}</li>`)}</ul>${reproduce !== null && html`<p>The same numbers: <code>${clip(reproduce, 1000)}</code></p>`}`;
  return { id: 'guide', title: 'How to read this', body };
}
