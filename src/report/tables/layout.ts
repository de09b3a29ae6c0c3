export type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

/** Text as a terminal shows it in a colour. */
export type Paint = (text: string, colour: Colour | null) => string;

export interface Cell {
  text: string;
  colour: Colour | null;
}

/** Columns as wide as their widest cell, two spaces apart. */
export function layOut(rows: readonly Cell[][], alignment: string, paint: Paint): string[] {
  const widths = [...alignment].map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column]?.text ?? ''))),
  );
  return rows.map((row) =>
    row
      .map(({ text, colour }, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - widthOf(text));
        const painted = paint(text, colour);
        const last = column === row.length - 1;
        return alignment[column] === 'r' ? padding + painted : painted + (last ? '' : padding);
      })
      .join('  '),
  );
}

function widthOf(text: string): number {
  return [...text].length;
}
