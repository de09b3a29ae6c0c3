import { join, resolve } from 'node:path';
import { artifactName } from '../../../history/backends/artifact-listing.ts';
import { entryFolder } from '../../../history/store/layout.ts';
import { parseStoreAddress } from '../../../history/store/open-store.ts';
import { settingsOf } from '../../../settings/table.ts';
import { type ActionInputs, readSettingInput } from '../../inputs.ts';
import { isPath } from '../compare/lookup.ts';
import type { References } from '../compare/references.ts';

/** Where the two records of a comparison can be had by somebody who reads the report. */
export interface Reproducible {
  /** Workflow run that keeps the candidate's record as artifact `inputs.artifact`; null where a folder of the job has it alone. */
  run: number | null;
  /** Shards that are to be put together first; null for a whole record. */
  shards: number | null;
  /** Folder of the candidate's record, where there is no such run. */
  folder: string;
  baseline: {
    commit: string | null /** Folder that was given; null where it is from the store. */;
    path: string | null;
  };
}

/**
 * The command line that gives the same comparison, in a checkout of the base commit with `gh` logged in; null where the baseline is
 * in no place that it could name.
 */
export function reproduceCommand(
  inputs: Pick<ActionInputs, 'artifact' | 'store'>,
  { run, shards, folder, baseline }: Reproducible,
): string | null {
  const before = sourceOfBaseline(inputs.store, baseline);
  if (before === null) return null;
  const fetched: string[] = [];
  let candidate = folder;
  if (run !== null) {
    candidate = 'candidate';
    fetched.push(
      ...(shards === null
        ? [`gh run download ${run} -n ${quote(inputs.artifact)} -D candidate`]
        : [
            `gh run download ${run} -p ${quote(`${inputs.artifact}-*of${shards}-*`)} -D shards`,
            'sos-bench merge shards/* --output candidate',
          ]),
    );
  }
  fetched.push(...before.fetch);
  const settings = settingsOf('compare').flatMap((key) => {
    const value = readSettingInput(key);
    return value === '' ? [] : [`--${key} ${quote(value)}`];
  });
  const compare = `sos-bench compare --baseline ${quote(before.folder)} --candidate ${quote(candidate)}`;
  return [...fetched, [compare, ...settings].join(' ')].join(' && ');
}

/**
 * Where the baseline's record is: a folder that was given, or the store.
 *
 * @param output the folder that got a copy of the record, where the baseline was evaluated too.
 */
export function baselineSource(
  inputs: Pick<ActionInputs, 'baseline'>,
  { baseline, rerun }: Pick<References, 'baseline' | 'rerun'>,
  output?: string,
): Reproducible['baseline'] {
  const given = inputs.baseline !== null && isPath(inputs.baseline) ? inputs.baseline : null;
  const path = rerun && output !== undefined ? join(output, 'baseline') : given;
  return { commit: baseline?.record.commit ?? null, path };
}

function sourceOfBaseline(
  store: string,
  { commit, path }: Reproducible['baseline'],
): { fetch: string[]; folder: string } | null {
  if (path !== null) return { fetch: [], folder: path };
  if (store === 'none' || commit === null) return null;
  const address = parseStoreAddress(store);
  switch (address.kind) {
    case 'folder':
      return { fetch: [], folder: `${resolve(address.path)}/${entryFolder(commit)}` };
    case 'branch':
      return {
        fetch: [`git fetch origin ${quote(address.branch)}`, 'git worktree add --detach history FETCH_HEAD'],
        folder: `history/${entryFolder(commit)}`,
      };
    case 'artifacts':
      return {
        fetch: [`gh run download -n ${quote(artifactName(address.prefix, 'baseline', commit))} -D baseline`],
        folder: 'baseline',
      };
  }
}

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
