import { SosBenchError } from '../error.ts';
import { readRecord } from '../record/read.ts';
import type { Preset } from '../verdict/policy.ts';
import type { Board } from './board.ts';
import { findScoreFiles, readBoards, type Twice } from './read-boards.ts';
import { type ModelNames, NO_NAMES, readModelNames } from './read-model-names.ts';
import { boardsOfHistory, boardsOfModels, type RecordBoards, takeScores } from './record-boards.ts';

export interface AgreementInputs {
  /** Record folders. */
  records: readonly string[];
  /** CSV files with scores, or folders of them. */
  tables: readonly string[];
  names: string | null;
  twice: Twice;
  preset: Preset;
  /** Whether the records are of one history. */
  changes: boolean;
}

export interface GatheredBoards {
  boards: Board[];
  families: Map<string, string>;
  notes: string[];
}

/**
 * Reads records and tables into boards, under the names that the names file gives.
 *
 * @throws SosBenchError `scores-invalid`, `usage`, and those of {@link readRecord}.
 */
export async function gatherBoards(inputs: AgreementInputs): Promise<GatheredBoards> {
  const { records, tables, changes, preset } = inputs;
  if (changes && tables.length > 0) {
    throw new SosBenchError('usage', '--changes is of records alone, --with of models', {
      hint: 'leave one of the two out',
    });
  }
  const names = inputs.names === null ? NO_NAMES : await readModelNames(inputs.names);
  const taken: RecordBoards[] = [];
  // One record at a time: items of many full runs would not fit.
  for (const path of records) taken.push(takeScores(await readRecord(path), preset, names));
  const own = changes ? boardsOfHistory(taken) : boardsOfModels(taken);
  const files: string[] = [];
  for (const path of tables) files.push(...(await findScoreFiles(path)));
  const read = [];
  for (const file of files) read.push(await readBoards(file, names, inputs.twice));
  const boards = [...own, ...read.flatMap((table) => table.boards)];
  const families = new Map(names.families);
  for (const table of read) {
    for (const [model, family] of table.families) {
      const before = families.get(model) ?? family;
      if (before !== family) {
        throw new SosBenchError('scores-invalid', `'${model}' is of two families: ${before} and ${family}`, {
          hint: 'a model has one family, in the names file or in the tables',
        });
      }
      families.set(model, family);
    }
  }
  return {
    boards,
    families: changes ? new Map() : families,
    notes: [...read.flatMap(({ notes }) => notes), ...describeRemarks(names, boards)],
  };
}

/** What the names file remarks on models that count. */
function describeRemarks({ file, notes }: ModelNames, boards: readonly Board[]): string[] {
  const models = new Set(boards.flatMap(({ scores }) => [...scores.keys()]));
  return [...notes]
    .filter(([model]) => models.has(model))
    .map(([model, note]) => `${file}: ${model}: ${note}`);
}
