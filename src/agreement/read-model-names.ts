import { basename } from 'node:path';
import { OTHER_NAME } from '../import/names.ts';
import { invalidScores, readScoreTable } from './read-text.ts';

/** Which names are one model, which family it is of, and what the file remarks on it. */
export interface ModelNames {
  file: string | null;
  /** The model of each other name. */
  models: ReadonlyMap<string, string>;
  families: ReadonlyMap<string, string>;
  notes: ReadonlyMap<string, string>;
}

export const NO_NAMES: ModelNames = { file: null, models: new Map(), families: new Map(), notes: new Map() };

/**
 * Reads a names file: column `model`, columns `name`, `alias` or `..._model` with other names of it, and where there are any `family` and `note`.
 * Names count letter by letter: what is to be one model has to be written there.
 *
 * @throws SosBenchError `scores-invalid` where it is none, or one name stands for two models.
 */
export async function readModelNames(path: string): Promise<ModelNames> {
  const hint = "a CSV with columns 'model' and 'name', 'alias' or '..._model', a row a model, is needed";
  const { columns, rows, leftOut } = await readScoreTable(path);
  const others = columns.filter((column) => OTHER_NAME.test(column));
  if (!columns.includes('model')) throw invalidScores(path, "it has no column 'model'", hint);
  if (others.length === 0 && !columns.includes('family'))
    throw invalidScores(path, 'it has no column of other names', hint);
  if (leftOut.length > 0) throw invalidScores(path, leftOut.join(', '), hint);
  const models = new Map<string, string>();
  const families = new Map<string, string>();
  const notes = new Map<string, string>();
  for (const row of rows) {
    const model = row.model ?? '';
    if (model === '') throw invalidScores(path, 'a row has no model', hint);
    for (const name of [model, ...others.map((column) => row[column] ?? '')]) {
      const before = models.get(name);
      if (before !== undefined && before !== model)
        throw invalidScores(path, `'${name}' stands for '${before}' and '${model}'`, 'keep one of the two');
      if (name !== '') models.set(name, model);
    }
    const family = families.get(model) ?? row.family ?? '';
    if (row.family && row.family !== family)
      throw invalidScores(path, `'${model}' is of two families`, 'keep one of the two');
    if (family !== '') families.set(model, family);
    if (row.note) notes.set(model, row.note);
  }
  return { file: basename(path), models, families, notes };
}
