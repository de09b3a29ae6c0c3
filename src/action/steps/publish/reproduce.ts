import { join, resolve } from 'node:path';
import { artifactName } from '../../../history/backends/artifact-listing.ts';
import { entryFolder } from '../../../history/store/layout.ts';
import { parseStoreAddress } from '../../../history/store/open-store.ts';
import { settingsOf } from '../../../settings/table.ts';
import { type ActionInputs, readSettingInput } from '../../inputs.ts';
import { isPath } from '../compare/lookup.ts';
import type { References } from '../compare/references.ts';

/** Where the records of a comparison can be had by somebody who reads the report. */
export interface Reproducible {
  /** Workflow run that keeps the candidate's record as artifact `inputs.artifact`; null where a folder of the job has it alone. */
  run: number | null;
  /** Shards that are to be put together first; null for a whole record. */
  shards: number | null;
  /** Folder of the candidate's record, where there is no such run. */
  folder: string;
  baseline: RecordSource;
  /** What drift is told from; null for nothing. */
  anchor: RecordSource | null;
  /** Whether drift fails the policy. */
  failOnDrift: boolean;
}

/** Where a record is kept. */
interface RecordSource {
  commit: string | null;
  /** Folder that was given; null where it is from the store. */
  path: string | null;
}

/**
 * The command line that gives the same comparison, in a checkout of the base commit with `gh` logged in; null where a record is in no place
 * that it could name.
 */
export function reproduceCommand(
  inputs: Pick<ActionInputs, 'artifact' | 'store' | 'runSpread' | 'judgeAudit'>,
  { run, shards, folder, baseline, anchor, failOnDrift }: Reproducible,
): string | null {
  const before = findSource(inputs.store, baseline, 'baseline');
  const earlier = anchor && findSource(inputs.store, anchor, 'anchor');
  if (before === null || (anchor !== null && earlier === null)) return null;
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
  fetched.push(...before.fetch, ...(earlier?.fetch ?? []));
  const settings = settingsOf('compare').map((key) => [key, readSettingInput(key)] as const);
  const flags = [
    ['baseline', before.folder],
    ['candidate', candidate],
    ...(earlier === null ? [] : [['anchor', earlier.folder] as const]),
    ['run-spread', inputs.runSpread],
    ['judge-audit', inputs.judgeAudit],
    ...settings,
  ] as const;
  const words = flags.flatMap(([name, value]) => (value ? [`--${name} ${quote(value)}`] : []));
  if (earlier !== null && failOnDrift) words.push('--fail-on-drift');
  // Two records of one branch need it once.
  return [...new Set(fetched), ['sos-bench compare', ...words].join(' ')].join(' && ');
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
): RecordSource {
  const path = rerun && output !== undefined ? join(output, 'baseline') : givenFolder(inputs.baseline);
  return { commit: baseline?.record.commit ?? null, path };
}

/** Where the record is that drift is told from; null where it is told from none. */
export function anchorSource(
  inputs: Pick<ActionInputs, 'anchor'>,
  { anchor }: Pick<References, 'anchor'>,
): RecordSource | null {
  return anchor && { commit: anchor.record.commit, path: givenFolder(inputs.anchor) };
}

function givenFolder(input: string | null): string | null {
  return input !== null && isPath(input) ? input : null;
}

/** @param name of the folder that is to get what is downloaded. */
function findSource(
  store: string,
  { commit, path }: RecordSource,
  name: string,
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
        fetch: [`gh run download -n ${quote(artifactName(address.prefix, 'baseline', commit))} -D ${name}`],
        folder: name,
      };
  }
}

/** For a POSIX shell. */
function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
