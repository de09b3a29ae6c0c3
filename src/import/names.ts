import { basename } from 'node:path';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { readTable } from './format/read-table.ts';
import { Refusal } from './refusal.ts';

/** Which names in different files are one model. */
export interface Names {
  /** Name of the file. */
  file: string;
  /** The model of a name that LiveBench's files use. */
  liveBench: Map<string, string>;
  /** The model of a name that a judge's board uses, letter by letter. */
  boards: Map<string, string>;
  /** The names file's own remark on a model. */
  notes: Map<string, string>;
}

/** Columns that hold other names of the model. */
export const OTHER_NAME = /^(name|alias)$|_model$/;

/**
 * Reads a names file: columns `model`, `livebench_model` or other names (`name`, `alias`, `..._model`), optionally `note`. LiveBench's names are compared
 * without case, a board's letter by letter.
 *
 * @throws SosBenchError `import-invalid` where it is none or names one model twice.
 */
export async function readNames(path: string): Promise<Names> {
  const invalidNames = (what: string) =>
    new SosBenchError('import-invalid', `names file ${path} cannot be used: ${what}`, {
      hint: "it has to be a CSV with columns 'model' and 'livebench_model' (or 'name', 'alias', '..._model'), a row a model",
    });
  const { columns, rows } = await readTable(path).catch((error: unknown) => {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw invalidNames('there is no such file');
    throw error instanceof Refusal ? invalidNames(error.message) : error;
  });
  const others = columns.filter((column) => OTHER_NAME.test(column));
  for (const column of ['model', ...(others.length === 0 ? ['livebench_model'] : [])]) {
    if (!columns.includes(column)) throw invalidNames(`it has no column '${column}'`);
  }
  const names: Names = {
    ...{ file: basename(path), liveBench: new Map(), boards: new Map(), notes: new Map() },
  };
  const seen = new Set<string>();
  for (const row of rows) {
    const { model = '', livebench_model: other = '', note = '' } = row;
    if (model === '') throw invalidNames('a row has no model');
    if (seen.has(model.toLowerCase())) throw invalidNames(`'${model}' is there twice`);
    seen.add(model.toLowerCase());
    if (note !== '') names.notes.set(model.toLowerCase(), note);
    for (const name of others.map((column) => row[column] ?? '').filter((own) => own !== '')) {
      const before = names.boards.get(name) ?? model;
      if (before !== model) throw invalidNames(`'${name}' stands for two models`);
      names.boards.set(name, model);
    }
    if (other === '') continue;
    if (names.liveBench.has(other.toLowerCase())) throw invalidNames(`'${other}' stands for two models`);
    names.liveBench.set(other.toLowerCase(), model);
  }
  return names;
}
