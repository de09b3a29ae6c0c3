import { styleText } from 'node:util';
import stringWidth from 'string-width';

export type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

/** Text as a terminal shows it in a colour. */
export type Paint = (text: string, colour: Colour | null) => string;

/** What a terminal has room for, and whether it shows colours. */
export interface TableOptions {
  colour: boolean;
  /** Columns of the terminal; as wide as it takes when left out. */
  width?: number;
}

export interface Cell {
  text: string;
  colour: Colour | null;
}

/** One way to show something as a table. */
export interface TableForm {
  rows: readonly (readonly Cell[])[];
  /** `l` or `r` for each column. */
  alignment: string;
  /** Columns whose cells may be cut, the first of them first, and to how little. */
  least?: readonly (readonly [column: number, width: number])[];
}

const GAP = '  ';

/** Paints, or leaves text as it is. Who wants colours is decided where the terminal is known. */
export function painter(enabled: boolean): Paint {
  return (text, colour) =>
    enabled && colour !== null && text !== '' ? styleText(colour, text, { validateStream: false }) : text;
}

/** Columns as wide as their widest cell, two spaces apart. */
export function layOut(rows: readonly (readonly Cell[])[], alignment: string, paint: Paint): string[] {
  return draw(rows, alignment, measure(rows, alignment), paint);
}

/**
 * A table in the first of several forms that a terminal has room for. Where none fits, the last, with its long cells cut.
 *
 * @param width columns of the terminal.
 */
export function layOutWithin(
  forms: readonly [TableForm, ...TableForm[]],
  width: number,
  paint: Paint,
): string[] {
  const measured = forms.map((form) => ({ ...form, widths: measure(form.rows, form.alignment) }));
  const fitting = measured.find(({ widths }) => widthOfRow(widths) <= width);
  const { rows, alignment, widths, least = [] } = fitting ?? measured.at(-1)!;
  let excess = Math.max(0, widthOfRow(widths) - width);
  for (const [column, low] of least) {
    const cut = Math.max(0, Math.min(excess, widths[column]! - low));
    widths[column]! -= cut;
    excess -= cut;
  }
  return draw(rows, alignment, widths, paint);
}

/** Whether a terminal of so many columns has room for a table without a cut. */
export function fits({ rows, alignment }: TableForm, width: number): boolean {
  return widthOfRow(measure(rows, alignment)) <= width;
}

/** Columns of a terminal that a text takes: wide characters take two, combining ones none. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A text cut to so many columns, with an ellipsis where something was cut. */
export function cutToWidth(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  let left = width - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= widthOf(segment);
    if (left < 0) break;
    cut += segment;
  }
  return `${cut}…`;
}

function measure(rows: TableForm['rows'], alignment: string): number[] {
  return [...alignment].map((_, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column]?.text ?? ''))),
  );
}

function widthOfRow(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

function draw(rows: TableForm['rows'], alignment: string, widths: readonly number[], paint: Paint): string[] {
  return rows.map((row) =>
    row
      .map(({ text, colour }, column) => {
        const width = widths[column] ?? 0;
        const shown = cutToWidth(text, width);
        const padding = ' '.repeat(Math.max(0, width - widthOf(shown)));
        const painted = paint(shown, colour);
        const last = column === row.length - 1;
        return alignment[column] === 'r' ? padding + painted : painted + (last ? '' : padding);
      })
      .join(GAP),
  );
}
