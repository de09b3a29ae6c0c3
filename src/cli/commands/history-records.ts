import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { plural } from '../../count.ts';
import { hasSystemCode, SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { CommitHistory, CommitRef } from '../../history/lookup/commit-history.ts';
import { type BaselineLookup, findBaseline, isComparableSuite } from '../../history/lookup/find-baseline.ts';
import { gitHistory } from '../../history/lookup/git-history.ts';
import { parseStoreAddress } from '../../history/store/open-store.ts';
import { recordBaseline } from '../../history/store/record-baseline.ts';
import type { Store, Stored } from '../../history/store/store.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { fileError } from '../../system/files/files.ts';
import { addSettings, readSettings } from '../flags.ts';
import type { StoreFlags } from '../history-store.ts';
import { shellWord } from '../next-step.ts';
import type { Runtime } from '../runtime.ts';

interface AddFlags extends StoreFlags {
  commit: string;
  branch: string;
  json?: boolean;
}

interface BaselineFlags extends StoreFlags, Record<string, unknown> {
  base: string;
  head: string;
  output: string;
  json?: boolean;
}

/** What the commands of `history` have in common. */
interface Shared {
  add: (name: string, description: string) => Command;
  open: (flags: StoreFlags) => Promise<Store>;
}

/** Adds the commands that keep records and take them out again where no action does it: CI that is not GitHub's. */
export function registerHistoryRecords(
  { add, open }: Shared,
  runtime: Runtime,
  finish: (code: ExitCode) => void,
): void {
  const history = gitHistory(runtime.cwd, runtime.environment);
  const note = (text: string) => runtime.stderr.write(`${escapeTerminal(text, 1000)}\n`);
  const print = (document: unknown) => runtime.stdout.write(`${JSON.stringify(document, null, 2)}\n`);

  add(
    'add',
    "Keep a record of the main branch in a folder: CI that is not GitHub's calls this for each push.",
  )
    .argument('<RECORD>', 'Record folder that run or merge left.')
    .requiredOption(
      '--commit <SHA>',
      'Commit that CI has evaluated, as CI names it. The record has to say the same.',
    )
    .requiredOption(
      '--branch <NAME>',
      'Main branch, as the clone in the current folder has it. The commit has to be on it: one of a merged branch is none of its states.',
    )
    .action(async (folder: string, flags: AddFlags) => {
      requireFolder(flags.store);
      const { sha, date } = await requireOnBranch(history, flags);
      const facts = {
        ...{ sha, parents: null, repository: null, branch: flags.branch, event: null, run: null },
        ...{ created: runtime.now(), committed: date, verdict: null },
      };
      const pins = { history, anchors: [] };
      const store = await open(flags);
      const { admission, stored } = await recordBaseline(
        store,
        resolve(runtime.cwd, folder),
        facts,
        null,
        pins,
      );
      if (!admission.admitted) throw refused(folder, admission.reason);
      for (const text of stored!.notes) note(text);
      note(`Record of ${sha.slice(0, 12)} in ${store.description}: ${OUTCOMES[stored!.outcome]}`);
      if (flags.json) print({ commit: sha, ...stored });
      finish(EXIT.passed);
    });

  const baseline = add('baseline', 'Copy the record that a change is compared with into a folder.')
    .requiredOption(
      '--base <REF>',
      'Branch that the change is to be merged into, or a commit, by the clone in the current folder. The record is that of the commit where both parted, or of the nearest one before it. For a push to the main branch: HEAD~1.',
    )
    .option('--head <REF>', 'The change.', 'HEAD')
    .requiredOption('--output <DIR>', 'Folder for the record; a new one, or an empty one.');
  addSettings(baseline, ['suite']).action(async (flags: BaselineFlags) => {
    const output = resolve(runtime.cwd, flags.output);
    await requireEmpty(output, flags.output);
    const { suite } = await readSettings(['suite'], flags, runtime.cwd);
    const store = await open(flags);
    const { found, reason, skipped, notes } = await findBaseline({
      ...{ history, store, mode: { kind: 'merge-base' }, head: flags.head, baseRef: flags.base },
      isComparable: (line) => isComparableSuite(suite, line.suite),
      now: runtime.now(),
    });
    for (const text of notes) note(text);
    if (found === null) throw noBaseline(reason);
    for (const text of describeSkipped(skipped)) note(text);
    await store.load(found.entry, output);
    const { sha, distance, entry } = found;
    const away = distance === 0 ? '' : `, ${plural(distance, 'commit')} before the one looked for`;
    note(`Record of ${sha.slice(0, 12)}${away}, recorded ${entry.created}, in ${shellWord(flags.output)}`);
    if (flags.json)
      print({ commit: sha, distance, created: entry.created, suite: entry.suite, path: output });
    finish(EXIT.passed);
  });
}

const OUTCOMES = {
  stored: 'stored',
  'already-there': 'already there',
  older: 'not stored, since the store has a newer evaluation of this commit',
} satisfies Record<Stored['outcome'], string>;

/** On GitHub the action alone keeps records, since it knows which event its run is of. */
function requireFolder(store: string): void {
  if (parseStoreAddress(store).kind === 'folder') return;
  throw new SosBenchError('usage', `records are not added to the store '${store}' by hand`, {
    hint: 'give --store folder:DIR; on GitHub the action keeps the records of pushes to the main branch itself',
  });
}

/** @throws SosBenchError `record-refused` where the branch has no such commit, by first parents. */
async function requireOnBranch(history: CommitHistory, { commit, branch }: AddFlags): Promise<CommitRef> {
  const { sha, problem } = await history.resolve(commit);
  if (sha === null) throw refused('the record', problem);
  // What CI fetched is newer than a branch that an earlier job may have left.
  const fetched = await history.resolve(`refs/remotes/origin/${branch}`);
  const tip = fetched.sha === null ? await history.resolve(branch) : fetched;
  if (tip.sha === null) throw refused('the record', tip.problem);
  for await (const commits of history.firstParents(tip.sha)) {
    const found = commits.find((one) => one.sha === sha);
    if (found !== undefined) return found;
  }
  const limits = await history.limits();
  throw refused(
    'the record',
    `${sha.slice(0, 12)} is no commit of ${branch}, by first parents from ${tip.sha.slice(0, 12)}${limits === null ? '' : ` (${limits})`}`,
  );
}

function refused(what: string, reason: string | null): SosBenchError {
  return new SosBenchError('record-refused', `${what} is not kept as a baseline: ${reason}`, {
    hint: 'add complete records of the main branch alone, each with the commit that it was made of',
  });
}

function noBaseline(reason: string | null): SosBenchError {
  return new SosBenchError('baseline-missing', `there is nothing to compare with: ${reason}`, {
    hint: "let the main branch's job evaluate one of these commits and keep its record (history add)",
  });
}

/** One of another plan is no news; one that is broken is. */
function describeSkipped(skipped: BaselineLookup['skipped']): string[] {
  return skipped
    .slice(0, 3)
    .map(
      ({ sha, reason }) => `A nearer record, of ${sha.slice(0, 12)}, could not be the baseline: ${reason}`,
    );
}

/** @throws SosBenchError `usage`: files of another record would be taken for this one's. */
async function requireEmpty(folder: string, named: string): Promise<void> {
  if (named === '') throw new SosBenchError('usage', '--output names no folder');
  try {
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return;
    throw fileError(error, folder, 'read');
  }
  throw new SosBenchError('usage', `--output ${named} is not empty`, {
    hint: 'name a new folder, so that files of another record are not mixed with this one',
  });
}
