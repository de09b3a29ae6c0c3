import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { noun } from '../../count.ts';
import { SosBenchError } from '../../error.ts';
import type { Plan } from '../../suite/plan/plan.ts';
import { type Shard, shardName } from '../../suite/plan/shards.ts';
import { fileError, makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import type { JournalIdentity, JournalSource } from './entry.ts';
import { identityDifferences } from './identity.ts';
import {
  encodeJournal,
  type JournalContent,
  type JournalCopy,
  parseJournal,
  readJournal,
} from './journal.ts';
import type { Sign } from './signature.ts';
import {
  attemptFile,
  evaluationFolder,
  listAttempts,
  listEvaluations,
  pruneStates,
  removeEvaluation,
  runFolder,
} from './state-folder.ts';

/** The run of a terminal, which knows of no attempts: all evaluations that it began are one. */
export const TERMINAL = 'command-line';

/** Which attempt at which run of a workflow this is. */
export interface Attempt {
  /** Names the run; the same in all its attempts. */
  run: string;
  number: number;
  /** Earliest attempt that may be resumed from: the run was begun again in it. */
  since: number;
}

/** The journal that an earlier attempt left elsewhere, as an artifact does. */
export interface Leftover {
  attempt: number;
  /** What to call it. */
  path: string;
  /** Null where that attempt had ended well. */
  journal: Buffer | null;
  /** Whether a signature shows that the job itself wrote it. */
  isSigned: boolean;
}

export interface RunStateOptions {
  attempt: Attempt;
  /** `state-dir`; null for none. */
  root: string | null;
  /** Journals of attempts from `since` on that were left elsewhere, newest first. Asked only after an attempt that failed. */
  fetch?: (shard: Shard | null, note: (text: string) => void) => Promise<Leftover | null>;
  now: () => Date;
}

/** An evaluation that is about to begin. */
export interface RunStart {
  /** Where its journal stands, or will. */
  journal: string;
  identity: JournalIdentity;
  shard: Shard | null;
  plan: Pick<Plan, 'chunks'>;
  /** Nothing is to be resumed. */
  fresh: boolean;
  note: (text: string) => void;
  /** Signs the lines of the journal; left out where they are not signed. */
  sign?: Sign | undefined;
}

/** What is kept of a run from one attempt to the next. */
export interface RunState {
  /**
   * Puts the journal of an earlier attempt where this one's is to be, unless there is one already, and says so. What does
   * not belong to this plan, model and protocol, or cannot be read, is told and left alone: nothing here is a reason
   * not to evaluate.
   *
   * @returns where to keep a second journal for later attempts; null for nowhere.
   */
  begin(beginning: RunStart): Promise<JournalCopy | null>;
  /**
   * The backend that earlier attempts at this run went by, before all of an evaluation is known that `begin` wants; null where there were
   * none, or where they went by different ones.
   *
   * @param modelDigest those of this model alone; null where it is not known yet.
   */
  begunWith?(of: { shard: Shard | null; modelDigest: string | null }): Promise<string | null>;
  /** Forgets what was begun: it ended well, and whoever runs it again wants it done again. */
  end(): Promise<void>;
}

/** What is kept of this run, in a folder and wherever `fetch` looks. */
export function openRunState(options: RunStateOptions): RunState {
  const { attempt, root, now } = options;
  options = { ...options, ...(options.fetch && { fetch: once(options.fetch) }) };
  const runPath = root === null ? null : runFolder(root, attempt.run);
  const begun: string[] = [];
  return {
    async begin(beginning) {
      const { journal, identity, shard, note } = beginning;
      const own = runPath === null ? null : evaluationFolder(runPath, identity, shard);
      if (!beginning.fresh && !existsSync(journal)) {
        const reasons: string[] = [];
        const collecting = { ...beginning, note: (reason: string) => void reasons.push(reason) };
        const found = await findEarlier(options, collecting, runPath, own);
        for (const reason of reasons) note(reason);
        if (found !== null) {
          await makeFolder(dirname(journal));
          const source = found.content.source === 'artifact' ? 'artifact' : found.from;
          await writeFileAtomic(journal, encodeJournal({ ...found.content, source }, beginning.sign));
          note(describe(found, beginning, attempt));
        } else if (attempt.number > 1) {
          if (reasons.length === 0) note('No earlier attempt left anything to resume from');
          note(`Attempt ${attempt.number} starts fresh`);
        }
      }
      if (root === null || own === null) return null;
      begun.push(own);
      const lost = (reason: string) =>
        note(`The run continues, but keeps nothing more for a later attempt in ${own}: ${reason}`);
      await pruneStates(root, now().getTime()).catch((error: unknown) => lost(String(error)));
      return { path: attemptFile(own, attempt.number), onLost: lost };
    },
    async begunWith({ shard, modelDigest }) {
      const contents = await journalsOf(options, runPath, shard);
      const own = contents.filter(({ identity }) =>
        modelDigest === null ? attempt.run !== TERMINAL : identity.modelDigest === modelDigest,
      );
      const backends = new Set(own.map(({ identity }) => identity.protocol.backend));
      return backends.size === 1 ? ([...backends][0] ?? null) : null;
    },
    async end() {
      for (const folder of begun.splice(0)) await removeEvaluation(folder);
    },
  };
}

/** The journals that attempts at a run left which may be resumed from, the newest of each evaluation. What cannot be read is told later. */
async function journalsOf(
  { attempt, fetch }: RunStateOptions,
  runPath: string | null,
  shard: Shard | null,
): Promise<JournalContent[]> {
  const silent = () => undefined;
  const found: JournalContent[] = [];
  for (const folder of runPath === null ? [] : await listEvaluations(runPath)) {
    const newest = (await attemptsIn(folder, silent)).find((n) => n >= attempt.since && n <= attempt.number);
    const content =
      newest === undefined ? null : await readJournal(attemptFile(folder, newest)).catch(silent);
    if (content) found.push(content);
  }
  if (found.length > 0 || attempt.number === attempt.since) return found;
  try {
    const leftover = await fetch?.(shard, silent);
    const content = leftover?.journal ? parseJournal(leftover.path, leftover.journal) : null;
    return content === null ? [] : [content];
  } catch {
    return [];
  }
}

/** Asks once, and tells each who asks what was told then. */
function once(fetch: NonNullable<RunStateOptions['fetch']>): NonNullable<RunStateOptions['fetch']> {
  const asked = new Map<string, { told: string[]; leftover: Promise<Leftover | null> }>();
  return async (shard, note) => {
    const key = shard === null ? '' : shardName(shard);
    let known = asked.get(key);
    if (known === undefined) {
      const told: string[] = [];
      known = { told, leftover: fetch(shard, (text) => void told.push(text)) };
      asked.set(key, known);
    }
    try {
      return await known.leftover;
    } finally {
      for (const text of known.told) note(text);
    }
  };
}

interface Found {
  attempt: number;
  content: JournalContent;
  from: JournalSource;
}

async function findEarlier(
  { attempt, fetch }: RunStateOptions,
  beginning: RunStart,
  runPath: string | null,
  own: string | null,
): Promise<Found | null> {
  const { note, identity, shard } = beginning;
  const may = (number: number) => number >= attempt.since && number <= attempt.number;
  if (own !== null) {
    for (const number of (await attemptsIn(own, note)).filter(may)) {
      const path = attemptFile(own, number);
      const content = await attemptOf(note, number, () => readJournal(path));
      if (content !== null) return { attempt: number, content, from: 'state-dir' };
    }
  }
  if (attempt.number === attempt.since) {
    if (attempt.number > 1) note('All jobs of this run were started again');
    return null;
  }
  const leftover = await fetch?.(shard, note).catch((error: unknown) => {
    note(`What earlier attempts left cannot be had: ${error instanceof Error ? error.message : error}`);
    return null;
  });
  if (leftover) {
    const { attempt: number, path, journal, isSigned } = leftover;
    if (journal === null) {
      note(`Attempt ${number} ended well (${path}), so this was started again on purpose`);
      return null;
    }
    const content = await attemptOf(note, number, async () => parseJournal(path, journal));
    if (content !== null && belongs(content, identity, number, note))
      return { attempt: number, content, from: isSigned ? 'signed-artifact' : 'artifact' };
  }
  // What is there of another model or protocol is worth a word: it may have been meant.
  if (runPath !== null) await tellOthers(runPath, own, identity, attempt, note);
  return null;
}

async function tellOthers(
  runPath: string,
  own: string | null,
  identity: JournalIdentity,
  { since, number: current }: Attempt,
  note: (text: string) => void,
): Promise<void> {
  for (const folder of await listEvaluations(runPath)) {
    const number = (await attemptsIn(folder, note)).find((one) => one >= since && one < current);
    if (folder === own || number === undefined) continue;
    const content = await readJournal(attemptFile(folder, number)).catch(() => null);
    // Other shards have the same identity.
    if (content !== null) belongs(content, identity, number, note);
  }
}

/** Whether a journal may be resumed from; says what differs where it may not. */
function belongs(
  { identity }: JournalContent,
  wanted: JournalIdentity,
  attempt: number,
  note: (text: string) => void,
): boolean {
  const differences = identityDifferences(identity, wanted);
  if (differences.length === 0) return true;
  const shown = differences.slice(0, 3).join(', ');
  note(`What attempt ${attempt} left is of another evaluation; different: ${shown}`);
  return false;
}

async function attemptOf(
  note: (text: string) => void,
  attempt: number,
  read: () => Promise<JournalContent | null>,
): Promise<JournalContent | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    note(`What attempt ${attempt} left is not used: ${error.message}`);
    return null;
  }
}

async function attemptsIn(folder: string, note: (text: string) => void): Promise<number[]> {
  try {
    return await listAttempts(folder);
  } catch (error) {
    const explained = fileError(error, folder, 'read');
    note(`${explained instanceof Error ? explained.message : explained}`);
    return [];
  }
}

/** How much of a plan need not be done again. */
export function describeResumed(
  { chunks }: Pick<Plan, 'chunks'>,
  isDone: (chunk: string) => boolean,
): string {
  const done = chunks.filter(({ id }) => isDone(id));
  return `${countQuestions(done)} of ${countQuestions(chunks)} ${noun(countQuestions(chunks), 'question')} (${done.length} of ${chunks.length} ${noun(chunks.length, 'chunk')})`;
}

export function countQuestions(chunks: Plan['chunks']): number {
  return chunks.reduce((total, { docIds }) => total + docIds.length, 0);
}

function describe({ attempt, content }: Found, { plan }: RunStart, current: Attempt): string {
  const done = new Set(content.entries.flatMap((entry) => (entry.type === 'chunk' ? [entry.chunk] : [])));
  const from = attempt === current.number ? 'what was left before' : `attempt ${attempt}`;
  return `Resumed from ${from}: ${describeResumed(plan, (id) => done.has(id))}`;
}
