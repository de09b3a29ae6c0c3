import { formatCount, plural } from '../../count.ts';
import type { Verdict } from '../../verdict/schema.ts';
import { hasPassedDrops, writeHeadline } from '../comment/headline.ts';
import { formatAge, formatPoints, formatSigned } from '../format.ts';
import { describeFactorOutcome, describeOutcome, tallyOutcomes } from '../outcome-words.ts';
import { iconOf } from './marks.ts';
import { clip, html, link, type Markup } from './markup.ts';
import type { ReportPage } from './page.ts';

const MAX_NAME = 60;
const MAX_NOTE = 1000;

/** The top of the page: the verdict as the comment has it, the factors, and what was counted. */
export function writeHeader(page: ReportPage): Markup {
  const { verdict, summary, now, objections, notes } = page;
  const { title, text } =
    verdict === null
      ? {
          title: 'No baseline',
          text: 'There is nothing to compare this model with yet; its scores are below.',
        }
      : writeHeadline(verdict, (part) => clip(part, MAX_NAME));
  const fails = verdict === null ? (page.failsWithoutBaseline ?? false) : !verdict.passed;
  const state = verdict === null ? (fails ? 'bad' : 'open') : stateOf(verdict);
  const pages = [
    ['workflow run', page.links.run],
    ['how to read it', page.links.docs],
  ].filter(([, address]) => address !== undefined) as [string, string][];
  return html`<header>
<p class="product">SOS-Bench report${pages.map(([text, address]) => html` · ${link(address, text)}`)}</p>
<div class="verdict ${state}"><h1>${title}</h1><p>${text}${fails && html` <b>This fails the check.</b>`}</p></div>
${objections.map((objection) => html`<div class="verdict bad"><p><b>${objection.title}.</b> ${clip(objection.text, MAX_NOTE)}</p></div>`)}
${verdict === null ? html`<p>Model: ${clip(summary.model, MAX_NAME)}.</p>` : [tiles(verdict), tally(verdict), sides(page, verdict, now)]}
${notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${clip(note, MAX_NOTE)}</li>`)}</ul>`}
</header>`;
}

function stateOf(whole: Verdict): string {
  const { verdict, passed, drift } = whole;
  if (!passed || verdict === 'regressed' || drift?.fails) return 'bad';
  if (hasPassedDrops(whole)) return 'open';
  if (verdict === 'improved') return 'good';
  return verdict === 'equivalent' || verdict === 'held' ? 'same' : 'open';
}

function tiles({ factors, coverage, sameModel }: Verdict): Markup {
  return html`<ul class="tiles">${factors.map((factor) => {
    const { name, delta, outcome, detectable } = factor;
    const { word, note } = describeFactorOutcome(factor, coverage, sameModel);
    return html`<li><b>${name}</b><span class="big">${formatSigned(delta.estimate)}</span><span>${note === null && iconOf(outcome)}${word}</span>${detectable !== null && html`<span class="soft">detectable drop ${formatPoints(detectable)}</span>`}${note !== null && html`<span class="soft">${note}</span>`}</li>
`;
  })}</ul>`;
}

function tally({ benchmarks }: Verdict): Markup {
  const counts = tallyOutcomes(benchmarks.map(({ outcome }) => outcome));
  const questions = benchmarks.reduce((sum, { n }) => sum + n, 0);
  return html`<p>${counts.map(({ outcome, word, count }, index) => html`${index > 0 && ' · '}${iconOf(outcome)}${formatCount(count)} ${word}`)} · ${plural(questions, 'question')}, each asked of both models</p>`;
}

function sides({ distance, links }: ReportPage, { records, preset, alpha }: Verdict, now: Date): Markup {
  const { baseline, candidate } = records;
  const name = (side: typeof baseline, address: string | undefined) =>
    html`<b>${clip(side.name, MAX_NAME)}</b>${side.commit !== null && html` ${link(address, html`<code>${side.commit.slice(0, 12)}</code>`)}`}`;
  const age = baseline.finished === null ? 'of unknown age' : `${formatAge(baseline.finished, now)} old`;
  return html`<p>Candidate ${name(candidate, links.candidateCommit)}, baseline ${name(baseline, links.baselineCommit)}, ${age}${distance !== null && distance > 0 && `, ${plural(distance, 'commit')} back`}. Preset <code>${clip(preset, MAX_NAME)}</code>, alpha ${alpha}. Scores and differences in points.</p>`;
}

/** An outcome with its shape. */
export function outcomeCell(outcome: Verdict['factors'][number]['outcome']): Markup {
  return html`${iconOf(outcome)}${describeOutcome(outcome).word}`;
}
