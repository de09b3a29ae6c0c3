import { z } from 'zod';
import { plural } from '../../count.ts';
import { JudgeBoardSchema, JudgeGameSchema } from '../../judge/score/game.ts';
import { readCell, type Table } from '../format/read-table.ts';
import { BadRecords, Refusal } from '../refusal.ts';
import { type PreferenceFile, Preferences, preferenceShare, soundStyle } from './preferences.ts';

const NamesSchema = z.object({
  model: JudgeBoardSchema.shape.judge,
  question: JudgeGameSchema.shape.question,
  judge: JudgeBoardSchema.shape.judge.optional(),
  reference: JudgeBoardSchema.shape.judge.optional(),
});

export function isPreferenceTable(columns: readonly string[]): boolean {
  return ['model', 'question', 'preference'].every((name) => columns.includes(name));
}

/**
 * Reads a table of preferences, a row a question: `model`, `question`, `preference` (1 the reference, 2 the model), and where they are there `variant` (how the
 * model was asked: another model, for a record), `judge`, `reference`, and of the model's answer `characters`, `headers`, `list_items`, `bold`.
 *
 * @throws Refusal where most rows are no preferences, or there are too many.
 */
export function readPreferenceTable({ columns, rows, leftOut }: Table, file: string): PreferenceFile[] {
  const found = new Preferences();
  const bad = new BadRecords();
  const hasStyle = ['characters', 'headers', 'list_items', 'bold'].every((name) => columns.includes(name));
  for (const [at, row] of rows.entries()) {
    const leave = (what: string) => bad.add(what, `row ${at + 2}: ${what}`);
    const { variant = '', judge, reference } = row;
    const names = NamesSchema.safeParse({
      model: `${row.model ?? ''}${variant === '' ? '' : ` (${variant})`}`,
      question: row.question,
      ...{ judge: judge || undefined, reference: reference || undefined },
    });
    const cell = readCell(row.preference);
    const share = preferenceShare(cell);
    if (row.model === '' || !names.success) leave('it has no model or no question');
    else if (share === undefined) leave('its preference is none from 1 to 2');
    else {
      const style = hasStyle ? soundStyle(countsOf(row)) : undefined;
      found.add(
        names.data.model,
        { judge: names.data.judge ?? `judge of ${file}`, reference: names.data.reference ?? null },
        {
          question: names.data.question,
          ...(share !== null && { preference: share }),
          answers: { model: null, reference: null },
          ...(style && { styles: { model: style, reference: null } }),
        },
      );
    }
  }
  bad.requireMinority(rows.length - bad.count);
  const lost = [
    ...leftOut.map((what) => `${file}: left out: ${what}`),
    ...[...bad.reasons].map(([reason, count]) => `${file}: ${plural(count, 'row')} left out: ${reason}`),
  ];
  const files = found.files(file, lost);
  if (files.length === 0) throw new Refusal('it has no rows');
  return files;
}

function countsOf(row: Record<string, string>) {
  const count = (name: string) => {
    const value = readCell(row[name]);
    return typeof value === 'number' ? value : Number.NaN;
  };
  return {
    ...{ chars: count('characters'), headers: count('headers') },
    ...{ listItems: count('list_items'), bold: count('bold') },
  };
}
