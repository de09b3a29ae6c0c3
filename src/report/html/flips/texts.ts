import { findBenchmark } from '../../../suite/catalogue.ts';
import { nameOf } from '../../../verdict/measure/result-view.ts';
import type { GivenAnswer } from '../../../verdict/signs/changes.ts';
import { iconOf } from '../marks.ts';
import { type Chapter, clip, html, linesOf, type Markup } from '../markup.ts';
import { nameAnswer } from './answers.ts';
import type { Flip } from './telling.ts';

/** A question as a harness puts it. */
export interface PrintedQuestion {
  text: string;
  /** What there is to choose from; null where an answer is written. */
  options: readonly string[] | null;
  /** The right answer: the index of an option, or a text. */
  target: string;
}

/** Changed answers with their questions: only ever on a page for the machine that the data is on. */
export interface ShownTexts {
  questions: readonly { flip: Flip; question: PrintedQuestion }[];
  /** Why others have none. */
  notes: readonly string[];
}

const MAX_NAME = 80;
const MAX_TEXT = 20_000;
const MAX_OPTION = 2000;

/** The questions themselves, the most telling first. */
export function textsChapter({ questions, notes }: ShownTexts): Chapter {
  const body = html`<p><b>This page holds questions of data sets. Keep it on this machine: do not upload or post it.</b></p>${notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${clip(note, 600)}</li>`)}</ul>`}${questions.map(({ flip, question }) => writeQuestion(flip, question))}`;
  return { id: 'texts', title: 'The questions themselves', body };
}

function writeQuestion(
  { benchmark, task, docId, before, after, isLost }: Flip,
  { text, options, target }: PrintedQuestion,
): Markup {
  const answers =
    options === null
      ? // IFEval has instructions in place of a right answer.
        findBenchmark(benchmark)?.metric !== 'ifeval' &&
        html`<p>Right: <span class="question">${linesOf(clip(target, MAX_OPTION))}</span></p>`
      : html`<ol class="options">${options.map((option, index) => html`<li>${clip(option, MAX_OPTION)}${marksOf(index, target, before, after)}</li>`)}</ol>`;
  return html`<h3>${iconOf(isLost ? 'regressed' : 'improved')}${clip(nameOf(benchmark), MAX_NAME)}, ${clip(task, MAX_NAME)}, question ${docId}: ${isLost ? 'lost' : 'gained'}</h3>
<p class="question">${linesOf(clip(text, MAX_TEXT))}</p>
${answers}
`;
}

/** Which option is right, and which were chosen. */
function marksOf(
  index: number,
  target: string,
  before: GivenAnswer,
  after: GivenAnswer | null,
): Markup | null {
  const letter = nameAnswer({ score: 0, margin: null, prediction: String(index) });
  const marks = [
    target === String(index) && 'right',
    nameAnswer(before) === letter && 'chosen before',
    nameAnswer(after) === letter && 'chosen after',
  ].filter((mark) => mark !== false);
  return marks.length === 0 ? null : html` <b>(${marks.join(', ')})</b>`;
}
