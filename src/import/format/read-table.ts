import { readFile, stat } from 'node:fs/promises';
import Papa from 'papaparse';
import { noun, plural } from '../../count.ts';
import { fileError } from '../../system/files/files.ts';
import { BadRecords, Refusal } from '../refusal.ts';

/** Score tables are small; one of this size is something else. */
const MAX_TABLE_BYTES = 256 * 2 ** 20;

const DELIMITERS = [',', ';', '\t', '|'];

export interface Table {
  columns: string[];
  rows: Record<string, string>[];
  /** Rows that do not fit the header, in words. */
  leftOut: string[];
}

/**
 * Reads a table with a header line; commas, semicolons or tabs, with or without byte order mark. A row that does not fit the
 * header is left out and counted, and one that is there twice counts once.
 *
 * @throws Refusal when most rows do not fit the header, or two columns have one name.
 */
export async function readTable(path: string): Promise<Table> {
  try {
    const { size } = await stat(path);
    if (size > MAX_TABLE_BYTES)
      throw new Refusal(`a table of ${Math.round(size / 2 ** 20)} MB is too large (256 MB at most)`);
    return parseTable(await readFile(path, 'utf8'));
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

/** The column names in a header line. */
export function readHeader(line: string): string[] {
  const { data } = Papa.parse<string[]>(line, { delimitersToGuess: DELIMITERS });
  return (data[0] ?? []).map(cleanName);
}

function cleanName(name: string): string {
  return name.replace(/^\uFEFF/, '').trim();
}

/** @throws Refusal as {@link readTable}. */
export function parseTable(text: string): Table {
  const { data, errors } = parseRows(text);
  const broken = new Set(
    errors.filter(({ code }) => code !== 'UndetectableDelimiter').map(({ row }) => row ?? 0),
  );
  const [header, ...rows] = data;
  if (header === undefined) throw new Refusal('it is empty');
  const columns = header.map(cleanName);
  const twice = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i);
  if (twice !== undefined) throw new Refusal(`two columns are called '${twice}'`);
  const bad = new BadRecords();
  const seen = new Set<string>();
  let again = 0;
  const kept = rows.flatMap((row, i) => {
    if (row.length === columns.length && !broken.has(i + 1)) {
      const cells = row.map((cell) => cell.trim());
      const complete = JSON.stringify(cells);
      if (seen.has(complete)) {
        again++;
        return [];
      }
      seen.add(complete);
      return [Object.fromEntries(columns.map((name, at) => [name, cells[at]!]))];
    }
    const why = broken.has(i + 1)
      ? 'has quotes that do not close'
      : `has ${row.length} ${noun(row.length, 'field')}, the header ${columns.length}`;
    bad.add(why, `row ${i + 2} ${why}`);
    return [];
  });
  bad.requireMinority(kept.length);
  const leftOut = [...bad.reasons].map(([why, count]) => `${plural(count, 'row')} that ${why}`);
  if (again > 0) leftOut.push(`${plural(again, 'row')} that ${again === 1 ? 'is' : 'are'} there already`);
  return { columns, rows: kept, leftOut };
}

/** The table's rows and what is wrong with them. A quote that does not close would take all rows below it along: each line is one then. */
function parseRows(text: string): Pick<Papa.ParseResult<string[]>, 'data' | 'errors'> {
  const options = { skipEmptyLines: 'greedy', delimitersToGuess: DELIMITERS } as const;
  const complete = Papa.parse<string[]>(text, options);
  if (!complete.errors.some(({ code }) => code === 'MissingQuotes')) return complete;
  const { delimiter } = complete.meta;
  const parsed: Pick<Papa.ParseResult<string[]>, 'data' | 'errors'> = { data: [], errors: [] };
  for (const line of text.split(/\r\n|\n|\r/)) {
    const { data, errors } = Papa.parse<string[]>(line, { ...options, delimiter });
    if (data[0] === undefined) continue;
    for (const error of errors) parsed.errors.push({ ...error, row: parsed.data.length });
    parsed.data.push(data[0]);
  }
  return parsed;
}

/** `0x10` and the like are names of something, not scores. */
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** A number as a table has it: null for an empty field or `N/A`, a text for what is not a finite number. */
export function readCell(cell: string | undefined): number | string | null {
  if (cell === undefined || cell === '' || /^(n\/?a|nan|null|none|-)$/i.test(cell)) return null;
  const number = DECIMAL.test(cell) ? Number(cell) : Number.NaN;
  return Number.isFinite(number) ? number : cell;
}
