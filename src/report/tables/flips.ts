import { formatCount } from '../../count.ts';
import { escapeLines, escapeTerminal } from '../../markdown/escape.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import type { FlipList, ListedFlip } from '../../verdict/signs/flip-list.ts';
import { UNKNOWN } from '../format.ts';
import { nameOption } from '../option-name.ts';
import { type Cell, layOutWithin, type Paint, painter, type TableForm, type TableOptions } from './layout.ts';
import { groupByReason } from './rows/by-reason.ts';

const MAX_NAME_LENGTH = 40;
const MAX_TASK_LENGTH = 60;
const MIN_TASK_WIDTH = 12;
const MAX_TEXT_LENGTH = 4000;
const MAX_REASON_LENGTH = 300;
const MINUS = '\u2212';
/** A text is known by its hash. */
const HASH = /^[0-9a-f]{16}$/;

/** What `flips` prints on a terminal: counts by benchmark, then the questions, those first that changed most. */
export function renderFlips(
  list: FlipList,
  { colour, width = Number.POSITIVE_INFINITY }: TableOptions,
): string {
  const paint = painter(colour);
  const { baseline, candidate, flips, total, notCompared, notes } = list;
  const names = [baseline, candidate].map(({ name }) => escapeTerminal(name, MAX_NAME_LENGTH));
  const hasTexts = flips.some(({ question }) => question !== undefined);
  return `${[
    `Questions whose score changed from ${names[0]} to ${names[1]}:`,
    ...countLines(list, width, paint),
    ...groupByReason(notCompared, ({ id, reason }) => ({ name: nameOf(id), reason })).map(
      ([reason, names]) =>
        `Not compared question by question (${escapeTerminal(reason, MAX_REASON_LENGTH)}): ${names.join(', ')}`,
    ),
    ...(flips.length === 0
      ? ['', 'No such question.']
      : ['', ...(hasTexts ? textLines(flips, paint) : tableLines(flips, width, paint))]),
    '',
    ...(flips.length < total
      ? [`The first ${formatCount(flips.length)} of ${formatCount(total)}; --limit N shows more.`]
      : []),
    ...(flips.length === 0 ? [] : [EXPLANATION]),
    ...notes.map((text) => escapeTerminal(text, MAX_REASON_LENGTH)),
  ].join('\n')}\n`.replace(/\n{2,}$/, '\n');
}

const EXPLANATION =
  'Margin: log-probability of the right option less that of the best wrong one; near 0 either answer was a close call.';

function countLines({ benchmarks }: FlipList, width: number, paint: Paint): string[] {
  const changed = benchmarks.filter(({ lost, gained }) => lost + gained > 0);
  const still = benchmarks.filter(({ lost, gained }) => lost + gained === 0);
  const rows = changed.map(({ id, n, lost, gained }) =>
    [nameOf(id), formatCount(lost), formatCount(gained), formatCount(n)].map(plain),
  );
  const form = { rows: [['Benchmark', 'Lost', 'Gained', 'Of'].map(bold), ...rows], alignment: 'lrrr' };
  return [
    ...(changed.length === 0 ? [] : layOutWithin([form], width, paint)),
    ...(still.length === 0 ? [] : [`None in ${still.map(({ id }) => nameOf(id)).join(', ')}`]),
  ];
}

function tableLines(flips: readonly ListedFlip[], width: number, paint: Paint): string[] {
  const wide: TableForm = {
    rows: [
      ['Change', 'Benchmark', 'Task', 'Question', 'Document', 'Chosen', 'Margin'].map(bold),
      ...flips.map((flip) => [
        changeCell(flip),
        ...[
          nameOf(flip.benchmark),
          escapeTerminal(flip.task, MAX_TASK_LENGTH),
          String(flip.docId),
          flip.docHash,
          describeChosen(flip),
          describeMargin(flip),
        ].map(plain),
      ]),
    ],
    alignment: 'lllrlrr',
  };
  const narrow: TableForm = {
    rows: [
      ['Change', 'Task', 'Question', 'Chosen', 'Margin'].map(bold),
      ...flips.map((flip) => [
        changeCell(flip),
        ...[
          escapeTerminal(flip.task, MAX_TASK_LENGTH),
          String(flip.docId),
          describeChosen(flip),
          describeMargin(flip),
        ].map(plain),
      ]),
    ],
    alignment: 'llrrr',
    least: [[1, MIN_TASK_WIDTH]],
  };
  return layOutWithin([wide, narrow], width, paint);
}

function textLines(flips: readonly ListedFlip[], paint: Paint): string[] {
  return flips.flatMap((flip) => {
    const { text, colour } = changeCell(flip);
    const task = escapeTerminal(flip.task, MAX_TASK_LENGTH);
    const head = `${paint(text, colour)}  ${task}, question ${flip.docId}: chosen ${describeChosen(flip)}, margin ${describeMargin(flip)}`;
    return [
      ...(flip === flips[0] ? [] : ['']),
      head,
      ...(flip.question === undefined ? [] : questionLines(flip, flip.question)),
    ];
  });
}

function questionLines(
  { before, after }: ListedFlip,
  { text, options, target }: NonNullable<ListedFlip['question']>,
): string[] {
  const indent = (lines: string) =>
    escapeLines(lines.slice(0, MAX_TEXT_LENGTH))
      .split('\n')
      .map((line) => `    ${line}`);
  const marks = (index: string) =>
    [
      index === target ? 'right' : null,
      index === before.prediction ? 'before' : null,
      index === after?.prediction ? 'after' : null,
    ].filter((mark) => mark !== null);
  return [
    ...indent(text.trim()),
    ...(options === null
      ? indent(`Right: ${target.trim()}`)
      : options.flatMap((option, index) => {
          const found = marks(String(index));
          return indent(
            `(${nameOption(String(index))}) ${option.trim()}${found.length > 0 ? `   <- ${found.join(', ')}` : ''}`,
          );
        })),
  ];
}

function changeCell({ change, after }: ListedFlip): Cell {
  return { text: after === null ? 'missing' : change, colour: change === 'lost' ? 'red' : 'green' };
}

/** `B → A`, as the report page names options; of written answers only that there was another. */
function describeChosen({ before, after }: ListedFlip): string {
  if (after === null) return UNKNOWN;
  if (HASH.test(before.prediction) || HASH.test(after.prediction))
    return before.prediction === after.prediction ? 'same text' : 'other text';
  const name = ({ prediction }: { prediction: string }) =>
    nameOption(prediction) ?? escapeTerminal(prediction, MIN_TASK_WIDTH);
  return `${name(before)} → ${name(after)}`;
}

function describeMargin({ before, after }: ListedFlip): string {
  if (before.margin === null && after?.margin == null) return UNKNOWN;
  return `${formatMargin(before.margin)} → ${formatMargin(after?.margin ?? null)}`;
}

function formatMargin(margin: number | null): string {
  if (margin === null) return UNKNOWN;
  const text = Math.abs(margin).toFixed(2);
  return text === '0.00' ? text : `${margin < 0 ? MINUS : '+'}${text}`;
}

function nameOf(id: string): string {
  return escapeTerminal(findBenchmark(id)?.name ?? id, MAX_NAME_LENGTH);
}

function bold(text: string): Cell {
  return { text, colour: 'bold' };
}

function plain(text: string): Cell {
  return { text, colour: null };
}
