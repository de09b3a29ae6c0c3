import { join } from 'node:path';
import { SosBenchError } from '../../../error.ts';
import { loadArtifactClient } from '../../../github/artifacts/upload.ts';
import type { CommitHistory } from '../../../history/lookup/commit-history.ts';
import {
  type BaselineLookup,
  findAnchor,
  findBaseline,
  isComparableSuite,
} from '../../../history/lookup/find-baseline.ts';
import { gitHistory } from '../../../history/lookup/git-history.ts';
import { gitHubHistory } from '../../../history/lookup/github-history.ts';
import { openStore, parseStoreAddress } from '../../../history/store/open-store.ts';
import type { Store } from '../../../history/store/store.ts';
import { readRecord } from '../../../record/read.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import type { TrendPoint } from '../../../report/comment/trend.ts';
import { readCalibration } from '../../../settings/calibration-file.ts';
import type { Calibration } from '../../../verdict/measure/calibration.ts';
import type { Waiver } from '../../../verdict/schema.ts';
import type { Connection } from '../../connection.ts';
import type { ActionInputs } from '../../inputs.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { trustPath } from '../../trust/paths.ts';
import type { Trust } from '../../trust/trust.ts';
import type { Subject } from './subject.ts';

/** What a candidate is compared with, and what else is known from before. */
export interface References {
  baseline: LoadedRecord | null;
  /** Commits between the baseline and the commit that was looked for; null where it was given. */
  distance: number | null;
  /** `baseline: rerun`: it is to be evaluated first. */
  rerun: boolean;
  anchor: LoadedRecord | null;
  calibration: Calibration | null;
  waivers: Waiver[];
  trend: TrendPoint[];
  /** What was looked at in vain, and what was wrong, in words. */
  notes: string[];
}

/** The records among what was found. */
export function recordsOf({ baseline, anchor }: Pick<References, 'baseline' | 'anchor'>): LoadedRecord[] {
  return [baseline, anchor].filter((record) => record !== null);
}

/** The store that the inputs name; null for none, or where it is out of reach. */
export async function storeOf(
  inputs: ActionInputs,
  runtime: ActionRuntime,
  { client }: Connection,
  trust: Trust,
): Promise<Store | null> {
  if (inputs.store === 'none') return null;
  const address = parseStoreAddress(inputs.store);
  if (address.kind !== 'folder' && client === null) return null;
  if (address.kind === 'folder')
    address.path = await trustPath('store', address.path, trust, runtime, 'folder:');
  return await openStore(address, {
    cwd: runtime.cwd,
    connect: async () => client!,
    serverUrl: runtime.environment.GITHUB_SERVER_URL,
    uploads: {
      client: loadArtifactClient,
      folder: temporaryFolder(runtime),
      retentionDays: inputs.retentionDays ?? undefined,
      trendRetentionDays: inputs.trendRetentionDays ?? undefined,
    },
  });
}

/**
 * Finds what to compare with, before GPU time is spent. That there is no baseline yet is an outcome; that it could not be
 * looked for is an error.
 */
export async function findReferences(
  inputs: ActionInputs,
  runtime: ActionRuntime,
  connection: Connection,
  looked: LookedFor,
): Promise<References> {
  const { store, suite, trust } = looked;
  const { runSpread } = inputs;
  const references: References = {
    baseline: null,
    distance: null,
    rerun: inputs.baseline === 'rerun',
    anchor: null,
    calibration:
      runSpread === null
        ? null
        : await readCalibration(await trustPath('run-spread', runSpread, trust, runtime)),
    waivers: [],
    trend: store === null ? [] : await readTrend(store, suite),
    notes: [],
  };
  const lookup = lookups(inputs, runtime, connection, looked);
  if (!references.rerun) {
    const found = await lookup.baseline();
    Object.assign(references, { baseline: found.record, distance: found.distance });
    references.notes.push(...found.notes);
  }
  if (inputs.anchor !== null) {
    const found = await lookup.anchor(inputs.anchor);
    references.anchor = found.record;
    references.notes.push(...found.notes);
  }
  return references;
}

/** What is looked for, and by whose word. */
interface LookedFor {
  store: Store | null;
  subject: Subject;
  suite: string;
  trust: Trust;
}

interface Looked {
  record: LoadedRecord | null;
  distance: number | null;
  notes: string[];
}

function lookups(
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
      return { record: null, distance: null, notes: [...notes, `No ${what}: ${found.reason}.`] };
    }
    const folder = join(temporaryFolder(runtime), `${what}-${found.found.sha.slice(0, 12)}`);
    const record = await store!.load(found.found.entry, folder);
    // One of another plan is no news; one that is broken is.
    for (const { sha, reason } of found.skipped.slice(0, 3))
      notes.push(`A nearer record, of ${sha.slice(0, 12)}, could not be the ${what}: ${reason}.`);
    return { record, distance: found.found.distance, notes };
  };
  const given = async (name: string, folder: string): Promise<Looked> => ({
    record: await readRecord(await trustPath(name, folder, trust, runtime)),
    distance: null,
    notes: [],
  });
  return {
    async baseline(): Promise<Looked> {
      if (inputs.baseline !== null && isPath(inputs.baseline))
        return await given('baseline', inputs.baseline);
      if (store === null || subject.sha === null) {
        if (inputs.baseline === null) return { record: null, distance: null, notes: [] };
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
        return { record: null, distance: null, notes: ['No baseline: this is the first commit.'] };
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
  let place = 0;
  for await (const commits of history.firstParents(subject.sha!)) {
    for (const { sha } of commits) if (place++ === 1) return { kind: 'ref', ref: sha } as const;
  }
  return null;
}

export function historyOf({ client }: Connection, runtime: ActionRuntime): CommitHistory {
  return client === null ? gitHistory(runtime.cwd, runtime.environment) : gitHubHistory(client);
}

/** Whether a text names a record folder. All else is a ref or a keyword, also where a folder of that name is there: a change may have brought it. */
export function isPath(text: string): boolean {
  return /^\.{0,2}\//.test(text);
}

/** This step's own folder: see `privateFolder`. */
export function temporaryFolder(runtime: ActionRuntime): string {
  return privateFolder(runtime);
}

/** More points than a chart can tell apart are not read. */
const MAX_POINTS = 12;

async function readTrend(store: Store, suite: string): Promise<TrendPoint[]> {
  const index = await store.openIndex();
  if (!index.exists) return [];
  const lines = await index.latest(MAX_POINTS, (line) => isComparableSuite(suite, line.suite));
  return lines.map(({ sha, factors }) => {
    const score = (id: string) => factors.find((factor) => factor.id === id)?.score ?? null;
    return { label: sha.slice(0, 7), scores: { wk: score('wk'), if: score('if'), safety: score('safety') } };
  });
}
