import { SosBenchError } from '../error.ts';
import { listIncludedTasks } from '../harness/lm-eval/included-tasks.ts';
import type { RunRecord } from '../record/schema.ts';
import { findGroup } from '../suite/groups.ts';
import { KNOWN_IDS, nearest } from '../suite/select.ts';
import type { SettingKey, Settings } from './table.ts';

/** `file:line:column` of a part of a setting; null where a flag or an input gives it. */
export type LocationOf = (key: SettingKey, path?: readonly PropertyKey[]) => string | null;

type NamingSettings = Pick<Settings, 'thresholds'> & Partial<Pick<Settings, 'benchmarks' | 'include-path'>>;

/** What beside the catalogue can have a name that settings use. */
export interface NamedElsewhere {
  /** Folders of task definitions; null where it is not known which there are. */
  includePaths: readonly string[] | null;
  cwd: string;
  /** Records that are compared; null where none is. */
  records: readonly { record: Pick<RunRecord, 'benchmarks'> }[] | null;
  locationOf: LocationOf;
}

/**
 * Refuses names of benchmarks and factors that nothing has: neither the catalogue, nor the tasks of `include-path`, nor a record that
 * is compared. A threshold with a slip in its name would hold nothing to anything, and say nothing. Where a folder of `include-path`
 * cannot be read here, its names are not known, and nothing is refused. (Whether the worker has a benchmark of `include-path`, it says.)
 *
 * @throws SosBenchError `benchmark-unknown`, with the nearest name and, for a file, line and column.
 */
export async function requireKnownIds(
  { thresholds, benchmarks = [] }: NamingSettings,
  { includePaths, cwd, records, locationOf }: NamedElsewhere,
): Promise<void> {
  const included = includePaths === null ? null : await listIncludedTasks(includePaths, cwd);
  if (included === null) return;
  const ofRecords = (records ?? []).flatMap(({ record }) => record.benchmarks.map(({ id }) => id));
  const ofWorker = includePaths!.length > 0 ? benchmarks : [];
  const known = new Set([...KNOWN_IDS, ...included, ...ofRecords, ...ofWorker]);
  const others = [
    ...(includePaths!.length > 0 ? ['tasks of include-path'] : []),
    ...(records === null ? [] : ['benchmarks of the records compared']),
  ];
  const more = others.length === 0 ? '' : `; ${others.join(' and ')} have names too`;
  const refuse = (key: SettingKey, id: string, step: PropertyKey) => {
    if (known.has(id) || (key === 'thresholds' && findGroup(id) !== undefined)) return;
    const at = locationOf(key, [step]);
    throw new SosBenchError(
      'benchmark-unknown',
      `${at === null ? `--${key}` : `${at}: ${key}`}: there is no benchmark '${id}'`,
      { hint: `did you mean '${nearest(id, [...known])}'? 'sos-bench list' shows all${more}` },
    );
  };
  for (const id of Object.keys(thresholds)) refuse('thresholds', id, id);
  for (const [index, id] of benchmarks.entries()) refuse('benchmarks', id, index);
}
