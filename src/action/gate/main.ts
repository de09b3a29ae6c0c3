import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { findAnchor, isComparableSuite } from '../../history/lookup/find-baseline.ts';
import type { Store } from '../../history/store/store.ts';
import { readRecord } from '../../record/read.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { renderGate, writeObjection } from '../../report/gate.ts';
import { renderReport } from '../../report/html/document.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { policyOf } from '../../settings/policy.ts';
import { settingsOf } from '../../settings/table.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import type { Preset } from '../../verdict/policy.ts';
import { GATE_RULES, type Gate, type GateRule } from '../../verdict/release/gate.ts';
import { foundRecords, gateRelease, type Reference } from '../../verdict/release/gate-release.ts';
import { changesOfVerdict } from '../../verdict/signs/changes.ts';
import { summarise } from '../../verdict/summary.ts';
import { type Connection, connect } from '../connection.ts';
import { readActionInputs, readInput } from '../inputs.ts';
import { privateFolder } from '../private-folder.ts';
import type { ActionRuntime } from '../runtime.ts';
import { readGivenRecord } from '../steps/compare/given-record.ts';
import { historyOf, isPath } from '../steps/compare/lookup.ts';
import { storeOf } from '../steps/compare/store.ts';
import { subjectOf } from '../steps/compare/subject.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { makePage } from '../steps/publish/make-page.ts';
import { writeJobSummary } from '../steps/publish/publish.ts';
import { uploadPage } from '../steps/publish/upload-page.ts';
import { trustPath } from '../trust/paths.ts';
import { findSettings } from '../trust/settings.ts';
import { findTrust, type Trust } from '../trust/trust.ts';

/** Says whether a model may be released: compared with the last release, and with main. */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  try {
    const inputs = readActionInputs();
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    const trust = await findTrust(connection, { baseBranches: null });
    const { settings, notes, locationOf, origin } = await findSettings(
      settingsOf('report'),
      inputs,
      withRelease(trust, connection),
      connection,
      runtime,
    );
    for (const note of trust.isChange ? notes : []) core.warning(note);
    const store = await storeOf(inputs, runtime, connection, trust);
    const candidate = await findCandidate(connection, store, trust, runtime);
    const find = findersOf(connection, store, candidate, trust, runtime);
    const main = readInput('main') || (connection.event?.defaultBranch ?? 'none');
    const references: Reference[] = [
      { against: 'release', found: await find('release', readInput('release')) },
      { against: 'main', found: await find('main', main) },
    ];
    const anchor = await find('anchor', inputs.anchor ?? 'none');
    await requireKnownIds(settings, {
      includePaths: origin('include-path') === 'default' ? [] : null,
      cwd: runtime.cwd,
      records: [candidate, ...foundRecords([anchor, ...references.map(({ found }) => found)])],
      locationOf,
    });
    const gate = gateRelease(candidate, references, {
      policy: policyOf(settings),
      rule: readRule(),
      anchor,
    });
    const folder = join(privateFolder(runtime), 'gate');
    const markdown = renderGate(gate);
    await makeFolder(folder);
    await writeFileAtomic(join(folder, 'gate.md'), markdown);
    await writeFileAtomic(join(folder, 'gate.json'), `${JSON.stringify(gate, null, 2)}\n`);
    const pages = await writePages(folder, gate, { candidate, references, connection }, runtime);
    await writeJobSummary(markdown + pages, runtime);
    core.setOutput('passed', String(gate.passed));
    core.setOutput('report-path', folder);
    return conclude(gate);
  } catch (error) {
    return await reportFailure(error, runtime);
  }
}

/** Of a release the policy of its own commit, which the job need not check out. */
function withRelease(trust: Trust, { event, client }: Connection): Trust {
  if (trust.isChange || client === null || event?.kind !== 'commit') return trust;
  const branch = event.branch ?? event.defaultBranch ?? '';
  return { ...trust, isChange: true, base: { sha: event.sha, branch } };
}

function readRule(): GateRule {
  const given = readInput('rule');
  const rule = GATE_RULES.find((known) => known === given);
  if (rule !== undefined) return rule;
  throw new SosBenchError('usage', `rule is '${given}'`, { hint: `it is ${GATE_RULES.join(' or ')}` });
}

/** The record that is to be released: a folder, or the store's of this commit. */
async function findCandidate(
  { event }: Connection,
  store: Store | null,
  trust: Trust,
  runtime: ActionRuntime,
): Promise<LoadedRecord> {
  const given = readInput('candidate');
  if (given !== '')
    return await readGivenRecord(await trustPath('candidate', given, trust, runtime), runtime);
  const { sha } = subjectOf(event);
  const read = sha === null ? null : await store?.get(sha);
  if (!read?.entry) {
    throw new SosBenchError('record-missing', `the store has no record of ${sha ?? 'this commit'}`, {
      hint: 'evaluate that commit on the default branch first, or give `candidate`, a record folder',
    });
  }
  return await store!.load(read.entry, join(privateFolder(runtime), 'candidate'));
}

/**
 * Finds what to compare with. A release is published before its gate runs, and main mostly is at that same commit: what is
 * of the candidate's own commit is passed by, and the release or commit before it taken.
 */
function findersOf(
  connection: Connection,
  store: Store | null,
  { record: candidate }: LoadedRecord,
  trust: Trust,
  runtime: ActionRuntime,
) {
  const own = [candidate.commit, subjectOf(connection.event).sha].filter((sha) => sha !== null);
  return async (against: string, text: string): Promise<Reference['found']> => {
    if (text === 'none') return null;
    if (isPath(text)) return await readRecord(await trustPath(against, text, trust, runtime));
    if (store === null) return `no record of ${text}: there is no store to look in`;
    const lookup = await findAnchor({
      history: historyOf(connection, runtime),
      store,
      isComparable: (line) => isComparableSuite(candidate.suite, line.suite),
      now: runtime.now(),
      ref: text === 'release' ? null : text,
      except: new Set(own),
    });
    if (lookup.found !== null)
      return await store.load(lookup.found.entry, join(privateFolder(runtime), against));
    return against === 'release'
      ? `no earlier release to compare with: ${lookup.reason}. Give its record folder or a ref, or for a first release set release: none`
      : `no earlier record to compare with: ${lookup.reason}. Give a record folder, or set ${against}: none`;
  };
}

/**
 * Leaves each comparison as a page, in the folder and as an artifact of the run.
 *
 * @returns Markdown with where they are; empty where no server keeps them.
 */
async function writePages(
  folder: string,
  { comparisons }: Gate,
  {
    candidate,
    references,
    connection,
  }: { candidate: LoadedRecord; references: readonly Reference[]; connection: Connection },
  runtime: ActionRuntime,
): Promise<string> {
  const links: string[] = [];
  for (const { against, verdict } of comparisons) {
    const baseline = references.find((reference) => reference.against === against)?.found;
    if (baseline == null || typeof baseline === 'string') continue;
    const page = makePage(() =>
      renderReport({
        verdict,
        summary: summarise(candidate, verdict.preset as Preset),
        changes: changesOfVerdict({ baseline, candidate, verdict, requested: {}, looks: null }),
        ...{ trend: [], label: 'candidate', objections: [], notes: [], now: runtime.now() },
        ...{ distance: null, reproduce: null },
        links: connection.runUrl === null ? {} : { run: connection.runUrl },
      }),
    );
    if (page === null) continue;
    await writeFileAtomic(join(folder, `report-${against}.html`), page);
    // Gates of one run are told apart by nothing: each leaves its own.
    const address = await uploadPage(page, { reportId: `gate-${against}` }, connection, runtime, {
      beside: true,
    });
    if (address !== null) links.push(`[Compared with ${against}, to look at](${address})`);
  }
  return links.length === 0 ? '' : `\n${links.join(' · ')}\n`;
}

function conclude({ passed, objections, comparisons }: Gate): ExitCode {
  if (passed) {
    core.info(
      comparisons.length > 0
        ? 'May be released: nothing was found against it.'
        : 'May be released, compared with nothing: release and main are left out.',
    );
    return EXIT.passed;
  }
  core.error(`not to be released: ${objections.map(writeObjection).join('; ')}`, { title: 'SOS-Bench gate' });
  return EXIT.failedPolicy;
}
