import type { Names } from './names.ts';
import type { ImportSource } from './source.ts';

/** A row that found no partner. */
export interface Unjoined {
  model: string;
  file: string;
  reason: string;
}

export interface Halves {
  /** The harness half of the published scores. */
  harness: ImportSource[];
  /** The LiveBench half, or any LiveBench table. */
  liveBench: ImportSource[];
}

/**
 * Gives the LiveBench half the names of the harness half, by the names file, else by equal names (without case).
 * Beside a harness half, lines of LiveBench's table without a partner are left out and reported: they are other people's models.
 * `superseded` are the tables of category means of which task means were there too.
 */
export function joinHalves(
  { harness, liveBench }: Halves,
  names: Names | null,
): { sources: ImportSource[]; unjoined: Unjoined[]; superseded: string[] } {
  if (names !== null) {
    for (const source of harness) {
      const note = names.notes.get(source.model.toLowerCase());
      if (note !== undefined) source.notes.push(`${names.file}: ${note}`);
    }
  }
  const single = preferTasks(liveBench);
  const left = new Set(single.flatMap(({ files }) => files));
  const superseded = [...new Set(liveBench.flatMap(({ files }) => files))].filter((file) => !left.has(file));
  if (harness.length === 0) return { sources: single, unjoined: [], superseded };
  const models = new Map(harness.map(({ model }) => [model.toLowerCase(), model]));
  const joined = new Set<string>();
  const unjoined: Unjoined[] = [];
  const kept = single.filter((source) => {
    const named = names?.liveBench.get(source.model.toLowerCase()) ?? source.model;
    const model = models.get(named.toLowerCase());
    const file = source.files[0]!;
    if (model === undefined) {
      unjoined.push({ model: source.model, file, reason: 'no such model in the harness half' });
      return false;
    }
    if (model !== source.model) source.notes.push(`LiveBench scores are those of '${source.model}'`);
    source.model = model;
    joined.add(model);
    return true;
  });
  if (single.length > 0) {
    for (const { model, files } of harness) {
      if (!joined.has(model))
        unjoined.push({ model, file: files[0]!, reason: 'no such model in the LiveBench half' });
    }
  }
  return { sources: [...harness, ...kept], unjoined, superseded };
}

/** Where a model has task means and category means, the categories are the means of the tasks and say less. */
function preferTasks(tables: readonly ImportSource[]): ImportSource[] {
  const byTask = new Set(tables.filter(hasTasks).map(({ model }) => model));
  return tables.filter((source) => hasTasks(source) || !byTask.has(source.model));
}

function hasTasks({ tasks }: ImportSource): boolean {
  return tasks.some(({ task, benchmark }) => benchmark !== `livebench-${task.replaceAll('_', '-')}`);
}
