import { join } from 'node:path';
import { SosBenchError } from '../../../error.ts';
import type { CommitHistory } from '../../../history/lookup/commit-history.ts';
import {
  type BaselineLookup,
  findAnchor,
  findBaseline,
  isComparableSuite,
} from '../../../history/lookup/find-baseline.ts';
import { gitHistory } from '../../../history/lookup/git-history.ts';
import { gitHubHistory } from '../../../history/lookup/github-history.ts';
import type { Entry } from '../../../history/store/entry.ts';
import type { Store } from '../../../history/store/store.ts';
import { readRecord } from '../../../record/read.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import type { Connection } from '../../connection.ts';
import type { ActionInputs } from '../../inputs.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { trustPath } from '../../trust/paths.ts';
import type { Trust } from '../../trust/trust.ts';
import type { Subject } from './subject.ts';

/** What is looked for, and by whose word. */
export interface LookedFor {
  store: Store | null;
  subject: Subject;
  suite: string;
  trust: Trust;
}

interface Looked {
  record: LoadedRecord | null;
  /** What the store says of it; null where it was given. */
  entry: Entry | null;
  distance: number | null;
  notes: string[];
}

/** How a baseline and an anchor are found: a folder that is given, or what the store has of a commit. */
export function lookups(
  inputs: ActionInputs,
  runtime: ActionRuntime,
  connection: Connection,
  { store, subject, suite, trust }: LookedFor,
) {
  const now = runtime.now();
  const isComparable = (line: { suite: string }) => isComparableSuite(suite, line.suite);
  const load = async (what: string, found: BaselineLookup): Promise<Looked> => {
    const notes = [...found.notes];
    if (found.found === null) {
      return { record: null, entry: null, distance: null, notes: [...notes, `No ${what}: ${found.reason}.`] };
    }
    const folder = join(privateFolder(runtime), `${what}-${found.found.sha.slice(0, 12)}`);
    const record = await store!.load(found.found.entry, folder);
    // One of another plan is no news; one that is broken is.
    for (const { sha, reason } of found.skipped.slice(0, 3))
      notes.push(`A nearer record, of ${sha.slice(0, 12)}, could not be the ${what}: ${reason}.`);
    return { record, entry: found.found.entry, distance: found.found.distance, notes };
  };
  const given = async (name: string, folder: string): Promise<Looked> => ({
    record: await readRecord(await trustPath(name, folder, trust, runtime)),
    entry: null,
    distance: null,
    notes: [],
  });
  return {
    async baseline(): Promise<Looked> {
      if (inputs.baseline !== null && isPath(inputs.baseline))
        return await given('baseline', inputs.baseline);
      if (store === null || subject.sha === null) {
        if (inputs.baseline === null) return { record: null, entry: null, distance: null, notes: [] };
        throw new SosBenchError(
          'usage',
          `baseline: ${inputs.baseline} needs a store and an event to look from`,
          {
            hint: 'set `store` (and `github-token`, unless it is a folder), or give a record folder, which begins with / or ./',
          },
        );
      }
      const history = historyOf(connection, runtime);
      const mode = await modeOf(inputs.baseline ?? 'merge-base', subject, history);
      if (mode === null)
        return {
          record: null,
          entry: null,
          distance: null,
          notes: ['No baseline: this is the first commit.'],
        };
      const found = await findBaseline({
        history,
        store,
        mode,
        head: subject.sha,
        // By its name it could be a tag's, which anybody who may push can make; and checkouts of changes have no branch of that name.
        baseRef: subject.base?.sha ?? subject.sha,
        isComparable,
        now,
      });
      return await load('baseline', found);
    },
    async anchor(anchor: string): Promise<Looked> {
      if (isPath(anchor)) return await given('anchor', anchor);
      if (store === null) {
        throw new SosBenchError('usage', `anchor: ${anchor} needs a store to look in`, {
          hint: 'set `store` (and `github-token`, unless it is a folder), or give a record folder, which begins with / or ./',
        });
      }
      const ref = anchor === 'release' ? null : anchor;
      return await load(
        'anchor',
        await findAnchor({
          history: historyOf(connection, runtime),
          store,
          isComparable,
          now,
          ref,
          except: new Set(subject.sha === null ? [] : [subject.sha]),
        }),
      );
    },
  };
}

/** A change is compared with where it began; a commit of the main branch with the one before it. */
async function modeOf(mode: string, subject: Subject, history: CommitHistory) {
  if (subject.base !== null && (mode === 'merge-base' || mode === 'base-tip')) return { kind: mode } as const;
  if (mode !== 'merge-base' && mode !== 'base-tip') return { kind: 'ref', ref: mode } as const;
  let index = 0;
  for await (const commits of history.firstParents(subject.sha!)) {
    for (const { sha } of commits) if (index++ === 1) return { kind: 'ref', ref: sha } as const;
  }
  return null;
}

/** The commits of the repository: by the API, or of the checkout where there is no token. */
export function historyOf({ client }: Connection, runtime: ActionRuntime): CommitHistory {
  return client === null ? gitHistory(runtime.cwd, runtime.environment) : gitHubHistory(client);
}

/** Whether a text names a record folder. All else is a ref or a keyword, also where a folder of that name is there: a change may have brought it. */
export function isPath(text: string): boolean {
  return /^\.{0,2}\//.test(text);
}
