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
  /** The names file's own remark on a model. */
  notes: Map<string, string>;
}

/**
 * Reads a names file: columns `model`, `livebench_model`, optionally `note`. Names are compared without case.
 *
 * @throws SosBenchError `import-invalid` where it is none or names one model twice.
 */
export async function readNames(path: string): Promise<Names> {
  const invalidNames = (what: string) =>
    new SosBenchError('import-invalid', `names file ${path} cannot be used: ${what}`, {
      hint: "it has to be a CSV with columns 'model' and 'livebench_model', a row a model",
    });
  const { columns, rows } = await readTable(path).catch((error: unknown) => {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) throw invalidNames('there is no such file');
    throw error instanceof Refusal ? invalidNames(error.message) : error;
  });
  for (const column of ['model', 'livebench_model']) {
    if (!columns.includes(column)) throw invalidNames(`it has no column '${column}'`);
  }
  const names: Names = { file: basename(path), liveBench: new Map(), notes: new Map() };
  const seen = new Set<string>();
  for (const { model = '', livebench_model: other = '', note = '' } of rows) {
    if (model === '') throw invalidNames('a row has no model');
    if (seen.has(model.toLowerCase())) throw invalidNames(`'${model}' is there twice`);
    seen.add(model.toLowerCase());
    if (note !== '') names.notes.set(model.toLowerCase(), note);
    if (other === '') continue;
    if (names.liveBench.has(other.toLowerCase())) throw invalidNames(`'${other}' stands for two models`);
    names.liveBench.set(other.toLowerCase(), model);
  }
  return names;
}
