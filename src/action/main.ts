import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../error.ts';
import type { KnownRecords } from '../evaluate/known/known-records.ts';
import { readPlan } from '../evaluate/planning/read-plan.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { requireKnownIds } from '../settings/known-ids.ts';
import type { Plan } from '../suite/plan/plan.ts';
import { type Connection, connect } from './connection.ts';
import { type ActionInputs, readActionInputs, readFlag } from './inputs.ts';
import { setOutputs } from './outputs.ts';
import type { ActionRuntime } from './runtime.ts';
import { writeReport } from './steps/compare/judge.ts';
import { findLooks, looksOn } from './steps/compare/looks.ts';
import { findReferences, type References, recordsOf } from './steps/compare/references.ts';
import { storeOf } from './steps/compare/store.ts';
import { subjectOf } from './steps/compare/subject.ts';
import { addWaivers } from './steps/compare/waivers.ts';
import { findBaselinePlan } from './steps/evaluate/baseline-plan.ts';
import { type Beginning, beginEvaluation } from './steps/evaluate/begin-evaluation.ts';
import { type Evaluated, evaluateModel } from './steps/evaluate/evaluate.ts';
import { knownRecords } from './steps/evaluate/known-records.ts';
import { announceRecord, openOutput, type StepOutput } from './steps/evaluate/output.ts';
import { reportFailure } from './steps/publish/conclude.ts';
import { beginCheck, type CheckHandle, reportTargetOf } from './steps/publish/publish.ts';
import { compareCandidate, publishReport } from './steps/report-candidate.ts';
import { requireOwnModel } from './trust/baseline-model.ts';
import { judgedBy } from './trust/trust.ts';
import { findWorkflowEdits } from './trust/workflow-file.ts';

/** The whole job in one step, for events that are trusted. */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  let begun: CheckHandle | null = null;
  try {
    await announceRecord(runtime);
    const inputs = readActionInputs();
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    const reportTarget = reportTargetOf(connection.event);
    begun = await beginCheck(inputs, connection, reportTarget);
    const beginning = await beginEvaluation(inputs, runtime, connection, { newest: true });
    const { trust, settings } = beginning;
    const output = await openOutput(settings.output, settings.shard ?? null, runtime);
    const { folder } = output;
    const subject = judgedBy(trust, subjectOf(connection.event));
    const edits = await findWorkflowEdits(connection, trust, subject, runtime);
    const suite = beginning.plan?.suite ?? settings.suite;
    const store = await storeOf(inputs, runtime, connection, trust);
    const references = await findReferences(inputs, runtime, connection, { store, subject, suite, trust });
    const records = recordsOf(references);
    await requireKnownIds(settings, {
      ...{
        includePaths: settings['include-path'],
        cwd: runtime.cwd,
        records,
        locationOf: beginning.locationOf,
      },
    });
    await addWaivers(references, store, connection, reportTarget, settings, runtime);
    if (references.rerun) {
      references.baseline = await rerunBaseline(inputs, beginning, output, runtime, connection);
    }
    const force = readFlag('force');
    const known = force ? undefined : knownRecords(references, store, runtime, connection, trust);
    const { record, state, notes } = await evaluateCandidate(
      references,
      { known, force },
      beginning,
      output,
      inputs,
      runtime,
      connection,
    );
    const reporting = {
      ...{ inputs, connection, runtime, reportTarget, trust, subject, settings, store, references },
    };
    const requested = trust.isChange ? { suite, plan: await plannedBy(beginning) } : {};
    const isClaim = trust.isChange && !reportTarget?.claimant;
    const report = compareCandidate(
      {
        record,
        isClaim,
        requested,
        looks: trust.isChange
          ? await findLooks(record, requested, references, settings, { isEvaluatedHere: true })
          : null,
        // By the evaluation, in this very job, unless that is its author's own.
        isModelKnown: !reportTarget?.claimant,
        notes: [...beginning.notes, ...edits.notes, ...notes],
        edits,
        found: { run: null, shards: null, folder: output.named },
        output: output.named,
      },
      reporting,
    );
    const path = await writeReport(folder, report);
    await output.publish();
    const told = { ...report, path, record, isClaim, pull: null };
    const { exitCode, isKept } = await publishReport(told, begun, reporting, setOutputs);
    // A step that failed may be run again to report again, or to be judged again: its results are kept for that.
    const isDone = isKept && output.isCopied();
    if (isDone && exitCode === EXIT.passed) await state.end();
    return isDone ? exitCode : EXIT.notDone;
  } catch (error) {
    await begun?.fail(error);
    return await reportFailure(error, runtime);
  }
}

/** The plan that was given; null where the settings or the baseline made one. */
async function plannedBy({ plan }: Beginning): Promise<Plan | null> {
  return plan === null ? null : await readPlan(plan.path);
}

/**
 * Evaluates the model on the plan of the baseline where there is one to follow. Where the questions here are not those it was
 * made of (a new revision of the data, a benchmark that cannot be had), a new plan is made, and the questions in common are compared.
 */
async function evaluateCandidate(
  { baseline, calibration }: References,
  reuse: { known: KnownRecords | undefined; force: boolean },
  { settings, asked, trust }: Beginning,
  output: StepOutput,
  inputs: ActionInputs,
  runtime: ActionRuntime,
  connection: Connection,
): Promise<Evaluated & { notes: string[] }> {
  const title = 'Evaluate the model';
  const plan = await findBaselinePlan(
    baseline,
    settings,
    runtime,
    judgedBy(trust, subjectOf(connection.event)),
  );
  const evaluated = { ...inputs, ...reuse, asked, isChange: trust.isChange, comparedWith: baseline };
  // The plan is the base's, or made here by trusted settings: the report of this job trusts it as well.
  const decideLook =
    baseline !== null && trust.isChange
      ? looksOn(baseline, calibration, settings, { isTrusted: true })
      : null;
  const evaluateBy = (own: typeof settings) =>
    evaluateModel(title, own, output, { ...evaluated, decideLook }, runtime, connection);
  const notes: string[] = [];
  if (plan !== null) {
    try {
      return { ...(await evaluateBy({ ...settings, plan })), notes };
    } catch (error) {
      if (!(error instanceof SosBenchError) || error.code !== 'plan-mismatch') throw error;
      notes.push(`A new plan was made, since the baseline's cannot be followed: ${error.message}.`);
      core.warning(notes.join());
    }
  }
  return { ...(await evaluateBy(settings)), notes };
}

/** `baseline: rerun` evaluates the baseline's model in the same job, into a folder beside the record. */
async function rerunBaseline(
  inputs: ActionInputs,
  { settings, ofBase, asked, trust }: Beginning,
  { folder, named, publish, isCopied }: StepOutput,
  runtime: ActionRuntime,
  connection: Connection,
): Promise<References['baseline']> {
  if (inputs.baselineModel === null) {
    throw new SosBenchError('usage', 'baseline: rerun needs baseline-model', {
      hint: "give the main branch's model, as `model` is given",
    });
  }
  // Its copy is a part of the record's, and its digest nobody's business.
  const output = { folder: join(folder, 'baseline'), named: join(named, 'baseline'), publish, isCopied };
  const model = await requireOwnModel(inputs.baselineModel, trust, runtime);
  const given = { ...ofBase({ model }), 'model-name': undefined, plan: settings.plan };
  const other = {
    ...inputs,
    artifact: `${inputs.artifact}-baseline`,
    modelDigest: null,
    asked,
    force: false,
    isChange: trust.isChange,
  };
  const { record, state } = await evaluateModel(
    'Evaluate the baseline',
    given,
    output,
    other,
    runtime,
    connection,
    { isOfCommit: false },
  );
  await state.end();
  return record;
}
