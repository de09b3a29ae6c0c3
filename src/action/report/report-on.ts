import { join } from 'node:path';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { settingsOf } from '../../settings/table.ts';
import { parseRecordDigest, requireSame, trustInput } from '../../settings/trust/digests.ts';
import type { Connection } from '../connection.ts';
import { type ActionInputs, readCount, readInput } from '../inputs.ts';
import type { StepOutputs } from '../outputs.ts';
import { privateFolder } from '../private-folder.ts';
import type { ActionRuntime } from '../runtime.ts';
import { writeReport } from '../steps/compare/judge.ts';
import { findLooks } from '../steps/compare/looks.ts';
import { findReferences, recordsOf } from '../steps/compare/references.ts';
import { storeOf } from '../steps/compare/store.ts';
import type { Subject } from '../steps/compare/subject.ts';
import { addWaivers } from '../steps/compare/waivers.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { beginCheck, type CheckHandle } from '../steps/publish/publish.ts';
import { compareCandidate, publishReport } from '../steps/report-candidate.ts';
import { requireAsked } from '../trust/require-asked.ts';
import { findSettings } from '../trust/settings.ts';
import { findTrust, judgedBy } from '../trust/trust.ts';
import { knowsModel } from '../trust/verify-model.ts';
import { findWorkflowEdits } from '../trust/workflow-file.ts';
import type { Target } from './find-targets.ts';

/** How a report ended, and what the step tells of it; null where nothing was reported. */
export interface Reported {
  exitCode: ExitCode;
  outputs: StepOutputs | null;
}

interface Means {
  inputs: ActionInputs;
  connection: Connection;
  /** The record, refused where it is of another commit than the subject's. */
  obtain: (subject: Subject) => Promise<LoadedRecord>;
  /** Whether the head has several pull requests that are reported on. */
  isOneOfSeveral: boolean;
}

/** Compares the record with what one target's base has, and says it there. What cannot be done is said there too, and thrown nowhere. */
export async function reportOn(
  target: Target,
  { inputs, connection, obtain, isOneOfSeveral }: Means,
  runtime: ActionRuntime,
): Promise<Reported> {
  let begun: CheckHandle | null = null;
  let outputs: StepOutputs | null = null;
  try {
    const { reportTarget, isKnown } = target;
    // What cannot be done is said on a commit that this run is known to be about, and on no other.
    if (isKnown) begun = await beginCheck(inputs, connection, reportTarget);
    const { baseBranches } = inputs;
    const trust = await findTrust(connection, {
      baseBranches,
      pull: reportTarget?.pull ?? null,
      newest: true,
    });
    const subject = judgedBy(trust, target.subject);
    const found = await findSettings(settingsOf('report'), inputs, trust, connection, runtime);
    const { settings } = found;
    const candidate = await obtain(subject);
    const isDigested = parseRecordDigest(readInput('record-digest')) !== null;
    const modelDigest = trustInput(inputs.modelDigest);
    if (modelDigest !== null) requireSame("the record's model", candidate.record.model.digest, modelDigest);
    begun ??= await beginCheck(inputs, connection, reportTarget);
    const requested = trust.isChange
      ? await requireAsked(candidate, {
          ...{ trust, subject, connection, inputs, runtime, isDigested },
          named: target.subject.base?.sha ?? null,
        })
      : {};
    const edits = await findWorkflowEdits(connection, trust, subject, runtime);
    const store = await storeOf(inputs, runtime, connection, trust);
    const { suite } = candidate.record;
    const references = await findReferences(inputs, runtime, connection, { store, subject, suite, trust });
    await requireKnownIds(settings, {
      // What the folders of its configuration hold is known where they are: in the job that evaluates.
      includePaths: found.origin('include-path') === 'default' ? [] : null,
      cwd: runtime.cwd,
      records: [candidate, ...recordsOf(references)],
      locationOf: found.locationOf,
    });
    await addWaivers(references, store, connection, reportTarget, settings, runtime);
    const isModelKnown =
      !trust.isChange ||
      (await knowsModel(readInput('verify-model'), candidate, references.baseline, runtime));
    const reporting = {
      ...{ inputs, connection, runtime, reportTarget, trust, subject, settings, store, references },
    };
    const isClaim = trust.isChange && !isDigested && !reportTarget?.claimant;
    const report = compareCandidate(
      {
        record: candidate,
        isClaim,
        isModelKnown,
        requested,
        looks: trust.isChange ? await findLooks(candidate, requested, references, settings) : null,
        notes: [...trust.notes, ...found.notes, ...edits.notes],
        edits,
        found: { run: runOfRecord(connection), shards: readCount('shards'), folder: candidate.path },
      },
      reporting,
    );
    const pull = isOneOfSeveral ? (reportTarget?.pull?.number ?? null) : null;
    const folder = pull === null ? 'report' : `report-${pull}`;
    const path = await writeReport(join(privateFolder(runtime), folder), report);
    const told = { ...report, path, record: candidate, isClaim, pull };
    const { exitCode, isKept } = await publishReport(told, begun, reporting, (known) => {
      outputs = known;
    });
    return { exitCode: isKept ? exitCode : EXIT.notDone, outputs };
  } catch (error) {
    await begun?.fail(error);
    return { exitCode: await reportFailure(error, runtime), outputs };
  }
}

/** The run that keeps the record: the one that ended, or this one; null outside of GitHub. */
function runOfRecord({ event }: Connection): number | null {
  return event?.kind === 'workflow-run' ? event.source.runId : event?.runId || null;
}
