import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { Client } from '../../github/client.ts';
import type { EventContext, Pull } from '../../github/event.ts';
import { fetchPull, findPull } from '../../github/pull.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import {
  parseRecordDigest,
  type RecordDigests,
  requireSame,
  trustInput,
} from '../../settings/trust/digests.ts';
import { artifactsOfRun, ownArtifacts } from '../artifacts/run-artifacts.ts';
import { type Connection, connect } from '../connection.ts';
import { type DoorInputs, readCount, readDoorInputs, readSha } from '../inputs.ts';
import { setOutputs } from '../outputs.ts';
import { objectionsTo } from '../steps/claim.ts';
import { conclude, reportFailure } from '../steps/conclude.ts';
import { readGivenRecord } from '../steps/given-record.ts';
import { judge, writeReport } from '../steps/judge.ts';
import { keepRecord } from '../steps/keep.ts';
import { leaveFlips } from '../steps/leave-flips.ts';
import {
  type BegunReport,
  beginCheck,
  concludeClaim,
  conclusionOf,
  type Place,
  placeOf,
  placeOfPull,
  postReport,
  writeJobSummary,
} from '../steps/publish.ts';
import {
  findReferences,
  isOfMain,
  recordsOf,
  type Subject,
  storeOf,
  subjectOf,
  temporaryFolder,
} from '../steps/references.ts';
import { baselinePlace, reproduceCommand } from '../steps/reproduce.ts';
import { addWaivers } from '../steps/waivers.ts';
import { CLAIM, requireDigested } from '../trust/record-digest.ts';
import { requireAsked } from '../trust/require-asked.ts';
import { findSettings, keysOf } from '../trust/settings.ts';
import { findTrust, judgedBy } from '../trust/trust.ts';
import { findWorkflowEdits } from '../trust/workflow-file.ts';
import type { ActionWorld } from '../world.ts';
import { explainJob } from './explain-job.ts';
import { fetchRecord } from './fetch-record.ts';
import { fetchShards } from './fetch-shards.ts';

/** Compares a record that another job or run left, and reports it. Runs nothing of the change itself. */
export async function main(world: ActionWorld): Promise<ExitCode> {
  let begun: BegunReport | null = null;
  try {
    const inputs = readDoorInputs();
    requireKnownBaseline(inputs);
    const connection = await connect(world, { token: inputs.githubToken, log: core.info });
    if (neverBegan(connection)) {
      core.notice('No job of that run began: it evaluated nothing, and there is nothing to report on.');
      return EXIT.passed;
    }
    const target = await findTarget(connection);
    if (target === null) {
      core.notice('No open pull request has that commit as its head any more: nothing to report on.');
      return EXIT.passed;
    }
    const { place, isKnown } = target;
    // What cannot be done is said on a commit that this run is known to be about, and on no other.
    if (isKnown) begun = await beginCheck(inputs, connection, place);
    const { baseBranches } = inputs;
    const trust = await findTrust(connection, { baseBranches, pull: place?.pull ?? null, newest: true });
    const subject = judgedBy(trust, target.subject);
    const found = await findSettings(keysOf('report'), inputs, trust, connection, world);
    const { settings } = found;
    const digests = parseRecordDigest(core.getInput('record-digest'));
    const candidate = await obtainRecord(inputs, connection, subject, digests, world);
    const modelDigest = trustInput(inputs.modelDigest);
    if (modelDigest !== null) requireSame("the record's model", candidate.record.model.digest, modelDigest);
    begun ??= await beginCheck(inputs, connection, place);
    const isDigested = digests !== null;
    const requested = trust.isChange
      ? await requireAsked(candidate, {
          ...{ trust, subject, connection, inputs, world, isDigested },
          named: target.subject.base?.sha ?? null,
        })
      : {};
    const edits = await findWorkflowEdits(connection, trust, subject, world);
    const claim = trust.isChange && !isDigested && !place?.claimant ? [CLAIM] : [];
    const store = await storeOf(inputs, world, connection, trust);
    const { suite } = candidate.record;
    const references = await findReferences(inputs, world, connection, { store, subject, suite, trust });
    await requireKnownIds(settings, {
      // What the folders of its configuration hold is known where they are: in the job that evaluates.
      includePaths: found.origin('include-path') === 'default' ? [] : null,
      cwd: world.cwd,
      records: [candidate, ...recordsOf(references)],
      place: found.place,
    });
    await addWaivers(references, store, connection, place, settings, world);
    const label = place?.pull ? 'PR' : (subject.sha?.slice(0, 7) ?? 'now');
    const report = judge(candidate, references, settings, {
      now: world.now(),
      notes: [...claim, ...trust.notes, ...found.notes, ...edits.notes],
      objections: [...edits.objections, ...objectionsTo(place)],
      isChange: trust.isChange,
      requested,
      label,
      failOnDrift: isOfMain(connection.event, subject),
      reproduce: reproduceCommand(inputs, {
        run: runOfRecord(connection),
        shards: readCount('shards'),
        folder: candidate.path,
        baseline: baselinePlace(inputs, references),
      }),
    });
    const reportPath = await writeReport(join(temporaryFolder(world), 'report'), report);
    await writeJobSummary(report.render(), world);
    await leaveFlips(report.flips, inputs, place, world);
    const commentUrl = await postReport(inputs, connection, place, report);
    setOutputs({ ...report, recordPath: candidate.path, reportPath, commentUrl });
    const { conclusion, title } = conclusionOf(report);
    await begun.conclude(conclusion, title, report.render);
    await concludeClaim(inputs, connection, place, { conclusion, title, summary: report.render });
    const kept = await keepRecord(store, candidate.path, { ...references, ...report }, connection, world);
    const exitCode = conclude(report);
    return kept ? exitCode : EXIT.notDone;
  } catch (error) {
    await begun?.giveUp(error);
    return await reportFailure(error, world);
  }
}

/**
 * Whether a run ended before any of its jobs began: conditions kept them from it, and its pull request is another workflow's,
 * whose report stays; or somebody has to approve it first.
 */
function neverBegan({ event }: Connection): boolean {
  const conclusion = event?.kind === 'workflow-run' ? event.source.conclusion : null;
  return conclusion === 'skipped' || conclusion === 'action_required';
}

/** What would have to be evaluated cannot be compared with here, and must not pass for a baseline that is not there. */
function requireKnownBaseline({ baseline }: DoorInputs): void {
  if (baseline !== 'rerun') return;
  throw new SosBenchError('usage', 'baseline: rerun cannot be reported on: the report evaluates nothing', {
    hint: 'evaluate the baseline in a job with the `run` action and give `baseline: ./FOLDER`, its record; or let the whole action do both',
  });
}

/** The run that keeps the record: the one that ended, or this one; null outside of GitHub. */
function runOfRecord({ event }: Connection): number | null {
  return event?.kind === 'workflow-run' ? event.source.runId : event?.runId || null;
}

interface Target {
  subject: Subject;
  place: Place | null;
  /** Whether the run says, apart from its record, that it was about the place's commit. */
  isKnown: boolean;
}

/**
 * What the report is about: the pull request that a dispatched run names, or for a run that ended, the one that the API says
 * it was for; null where its head is another commit by now, or it is gone.
 */
async function findTarget({ event, client }: Connection): Promise<Target | null> {
  const named = readCount('pull');
  if (named !== null) {
    const sha = readSha('sha');
    const pull = await fetchPull(requireClient(client), named);
    return sha !== null && sha !== pull.headSha ? null : targetOf(event, pull, sha !== null);
  }
  if (event?.kind !== 'workflow-run') {
    return { subject: subjectOf(event), place: placeOf(event), isKnown: true };
  }
  const pull = await findPull(requireClient(client), event.source);
  return pull && targetOf(event, pull, true);
}

function targetOf(event: EventContext | null, pull: Pull, isKnown: boolean): Target {
  return {
    subject: { sha: pull.headSha, base: { sha: pull.baseSha, branch: pull.baseRef } },
    place: placeOfPull(event, pull, isKnown),
    isKnown,
  };
}

function requireClient(client: Client | null): Client {
  if (client !== null) return client;
  throw new SosBenchError('usage', 'reporting on another run needs a github-token', {
    hint: 'give `github-token: $' + '{{ github.token }}` and the permissions of docs/permissions.md',
  });
}

/** What lies in the workspace under some usual name may be the change's own. */
function requireRecord(given: string): string {
  if (given !== '') return given;
  throw new SosBenchError('usage', 'record is missing: which record is to be reported on', {
    hint:
      'give record: $' +
      '{{ steps.ID.outputs.record-path }} where a step of this job evaluated, or the folder that actions/download-artifact put ' +
      'it in, such as record: $' +
      '{{ runner.temp }}/record',
  });
}

/**
 * The candidate's record: shards that jobs of this run left (`shards`), the artifact of the run that ended, or a folder of an
 * earlier job.
 */
async function obtainRecord(
  { artifact }: DoorInputs,
  { event, client }: Connection,
  { sha }: Subject,
  digests: RecordDigests | null,
  world: ActionWorld,
): Promise<LoadedRecord> {
  const given = core.getInput('record');
  const of = readCount('shards');
  const source = event?.kind === 'workflow-run' && client !== null ? event.source : null;
  const folder = join(temporaryFolder(world), 'candidate');
  const artifacts =
    source === null ? ownArtifacts(join(folder, 'archives')) : artifactsOfRun(client!, source.runId);
  const candidate =
    of !== null
      ? await fetchShards(artifacts, {
          prefix: artifact,
          of,
          folder,
          digests,
          explain: (shard) => explainJob(client, source?.runId ?? event?.runId ?? 0, shard),
        })
      : given === '' && source !== null
        ? await fetchRecord(artifacts, source, artifact, folder)
        : await readGivenRecord(requireRecord(given), world);
  if (of === null && digests !== null) await requireDigested(candidate.path, digests, null);
  const { commit } = candidate.record;
  if (sha !== null && commit !== sha) {
    throw new SosBenchError(
      'record-invalid',
      `the record claims to be of ${commit ?? 'no commit'}, the run was for ${sha}`,
      {
        hint: 'evaluate the head as it is now; a run of an earlier commit is not reported on it',
      },
    );
  }
  return candidate;
}
