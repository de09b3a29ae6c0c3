import { formatCount, plural } from '../../../count.ts';
import { hash64Text } from '../../../hash64.ts';
import { nameOf } from '../../../verdict/measure/result-view.ts';
import type { BenchmarkChanges } from '../../../verdict/signs/changes.ts';
import { UNKNOWN } from '../../format.ts';
import { iconOf } from '../marks.ts';
import { type Chapter, type Column, clip, dataTable, html, type Markup } from '../markup.ts';
import { formatMargin, nameAnswer } from './answers.ts';
import { packFlips } from './payload.ts';
import { plotFlips } from './plot.ts';
import { type Flip, type FlipKind, NEAR_SHARE, rankFlips } from './telling.ts';

/** Rows of the page itself; the script shows the others. */
const STATIC_FLIPS = 200;
/** Flips that the page holds at most. */
const MAX_FLIPS = 20_000;
const MAX_PLOTS = 40;
const MAX_NAME = 80;

const KIND_WORDS: Record<FlipKind, string> = {
  confident: 'confident',
  unknown: 'no margin',
  near: 'near miss',
};

const COLUMNS: readonly Column[] = [
  { title: 'Benchmark', kind: 'text' },
  { title: 'task', kind: 'text' },
  { title: 'question', kind: 'number' },
  { title: 'document', kind: 'text' },
  { title: 'change', kind: 'text' },
  { title: 'answer', kind: 'text' },
  { title: 'margin before', kind: 'number' },
  { title: 'margin after', kind: 'number' },
  { title: 'how sure', kind: 'text' },
];

/** Which questions were lost and gained: pictures, the most telling ones as a table, and all of them for the script. */
export function flipsChapter(changes: readonly BenchmarkChanges[], { hasTexts = false } = {}): Chapter {
  const title = 'Which questions changed';
  if (changes.length === 0) {
    return {
      id: 'flips',
      title,
      body: html`<p>No benchmark was compared question by question, so there are no questions to list. The reasons stand with the benchmarks above.</p>`,
    };
  }
  const ranked = rankFlips(changes);
  if (ranked.length === 0) {
    return {
      id: 'flips',
      title,
      body: html`<p>No question that was compared is scored otherwise than before.</p>`,
    };
  }
  const kept = ranked.slice(0, MAX_FLIPS);
  const lost = ranked.filter(({ isLost }) => isLost).length;
  const near = ranked.filter(({ kind }) => kind === 'near').length;
  const plots = changes
    .map((one) =>
      plotFlips(
        one,
        kept.filter(({ benchmark }) => benchmark === one.id),
      ),
    )
    .filter((plot) => plot !== null);
  const cut = ranked.length - kept.length;
  const body = html`<p><b>${plural(lost, 'question')} lost, ${formatCount(ranked.length - lost)} gained</b>, of ${plural(
    changes.reduce((sum, { n }) => sum + n, 0),
    'question',
  )} compared; ${formatCount(near)} of these are near misses. Lost: it scores less than before. A margin is the log-probability of the right answer less that of the best wrong one: above 0 the model is right. WMDP is counted inverted: there a question that the model no longer knows is gained. A near miss had a margin, before or after, of less than ${NEAR_SHARE * 100}% of the benchmark's median: such answers turn with any change. Confident ones were clear of a tie on both sides. A question has its index in the task and the hash of its document. ${!hasTexts && 'This page has no text of any question or answer.'}</p>
${plots.length > 0 && html`<h3>Margins before and after</h3><p>To the right: the margin before. Upwards: the margin after, in medians of the benchmark on a scale that grows outwards. The grey cross holds the near misses.</p><div class="plots">${plots.slice(0, MAX_PLOTS)}</div>`}
<h3 id="flip-list">The questions</h3>
<p id="flip-note">${
    ranked.length > STATIC_FLIPS
      ? html`The ${formatCount(STATIC_FLIPS)} most telling of ${formatCount(ranked.length)}: confident ones first, then answers without a margin, then near misses, the surest first in each. With JavaScript this table has ${cut > 0 ? formatCount(kept.length) : 'all'} of them, to filter and to sort; <code>flips.json</code> has every one.`
      : html`Confident ones first, then answers without a margin, then near misses, the surest first in each.`
  }</p>
<div id="flip-controls"></div><template id="flip-icons">${iconOf('regressed')}${iconOf('improved')}</template>
${dataTable('Questions that are scored otherwise than before', COLUMNS, kept.slice(0, STATIC_FLIPS).map(rowOf))}
<div id="flip-more"></div>
${packFlips(kept, changes)}`;
  return { id: 'flips', title, body };
}

function rowOf({ benchmark, task, docId, docHash, before, after, isLost, kind }: Flip): (Markup | string)[] {
  const margin = (value: number | null | undefined) => (value == null ? UNKNOWN : formatMargin(value));
  return [
    clip(nameOf(benchmark), MAX_NAME),
    clip(task, MAX_NAME),
    String(docId),
    html`<code>${hash64Text(docHash)}</code>`,
    html`${iconOf(isLost ? 'regressed' : 'improved')}${isLost ? 'lost' : 'gained'}${steps(before.score, after?.score ?? 0)}`,
    `${nameAnswer(before)} → ${nameAnswer(after)}`,
    margin(before.margin),
    margin(after?.margin),
    KIND_WORDS[kind],
  ];
}

/** Scores in between are shown: `0.5 → 0.25`. */
function steps(before: number, after: number): string {
  const isWhole = (score: number) => score === 0 || score === 1;
  if (isWhole(before) && isWhole(after)) return '';
  return ` (${Number(before.toFixed(2))} → ${Number(after.toFixed(2))})`;
}
