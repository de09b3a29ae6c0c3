import { join } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../error.ts';
import type { RunState } from '../evaluate/run-state.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readRecord } from '../record/read.ts';
import { type Connection, connect } from './connection.ts';
import { type DoorInputs, readDoorInputs, readSettings } from './inputs.ts';
import { setOutputs } from './outputs.ts';
import { findBaselinePlan } from './steps/baseline-plan.ts';
import { conclude, reportFailure } from './steps/conclude.ts';
import { findConfig } from './steps/config.ts';
import { evaluateModel } from './steps/evaluate.ts';
import { findGivenPlan } from './steps/given-plan.ts';
import { requireTrustedTasks } from './steps/include-path.ts';
import { judge, writeReport } from './steps/judge.ts';
import { keepRecord } from './steps/keep.ts';
import { leaveFlips } from './steps/leave-flips.ts';
import { announceRecord, openOutput, type StepOutput } from './steps/output.ts';
import {
  type BegunReport,
  beginCheck,
  conclusionOf,
  placeOf,
  postReport,
  writeJobSummary,
} from './steps/publish.ts';
import { findReferences, isOfMain, type References, storeOf, subjectOf } from './steps/references.ts';
import { baselinePlace, reproduceCommand } from './steps/reproduce.ts';
import { addWaivers } from './steps/waivers.ts';
import type { ActionWorld } from './world.ts';

/** The whole job in one step, for events that are trusted. */
export async function main(world: ActionWorld): Promise<ExitCode> {
  let begun: BegunReport | null = null;
  try {
    await announceRecord(world);
    const inputs = readDoorInputs();
    const connection = await connect(world, { token: inputs.githubToken, log: core.info });
    const subject = subjectOf(connection.event);
    const place = placeOf(connection.event);
    begun = await beginCheck(inputs, connection, place);
    const config = await findConfig(inputs, world.cwd, connection, subject.base);
    const settings = await readSettings('action', config.source);
    const output = await openOutput(settings.output, settings.shard ?? null, world);
    const { folder } = output;
    await requireTrustedTasks(settings['include-path'], world.cwd, connection.event, world.environment);
    const given = await findGivenPlan(settings.plan, world, connection, subject);
    settings.plan = given?.path;
    const suite = given?.suite ?? settings.suite;
    const store = await storeOf(inputs, world, connection);
    const references = await findReferences(inputs, world, connection, store, subject, suite);
    await addWaivers(references, store, connection, place, settings, world);
    if (references.rerun) {
      references.baseline = await rerunBaseline(inputs, settings, output, world, connection);
    }
    const { state, notes } = await evaluateCandidate(references, settings, output, inputs, world, connection);
    const candidate = await readRecord(folder);
    const label = connection.event?.kind === 'pull' ? 'PR' : (subject.sha?.slice(0, 7) ?? 'now');
    const report = judge(candidate, references, settings, {
      now: world.now(),
      notes: [...config.notes, ...(given?.notes ?? []), ...notes],
      label,
      failOnDrift: isOfMain(connection.event, subject),
      reproduce: reproduceCommand(inputs, {
        ...{ run: null, shards: null, folder: output.named },
        baseline: baselinePlace(inputs, references, world, output.named),
      }),
    });
    const reportPath = await writeReport(folder, report);
    await output.publish();
    await writeJobSummary(report.render(), world);
    await leaveFlips(report.flips, inputs, place, world);
    const commentUrl = await postReport(inputs, connection, place, report);
    setOutputs({ ...report, recordPath: folder, reportPath, commentUrl });
    const { conclusion, title } = conclusionOf(report);
    await begun.conclude(conclusion, title, report.render);
    const kept = await keepRecord(store, folder, { ...references, ...report }, connection, world);
    const exitCode = conclude(report);
    // A step that failed may be run again to report again, or to be judged anew: its results are kept for that.
    const isDone = kept && output.isCopied();
    if (isDone && exitCode === EXIT.passed) await state.end();
    return isDone ? exitCode : EXIT.notDone;
  } catch (error) {
    await begun?.giveUp(error);
    return await reportFailure(error, world);
  }
}

/**
 * Evaluates the model on the plan of the baseline where there is one to follow. Where the questions here are not those it was
 * made of (a new revision of the data, a row that cannot be had), a new plan is made, and the questions in common are compared.
 */
async function evaluateCandidate(
  { baseline }: References,
  settings: Parameters<typeof evaluateModel>[1],
  output: StepOutput,
  inputs: DoorInputs,
  world: ActionWorld,
  connection: Connection,
): Promise<{ state: RunState; notes: string[] }> {
  const title = 'Evaluate the model';
  const plan = await findBaselinePlan(baseline, settings, world, subjectOf(connection.event));
  const notes: string[] = [];
  if (plan !== null) {
    try {
      const state = await evaluateModel(title, { ...settings, plan }, output, inputs, world, connection);
      return { state, notes };
    } catch (error) {
      if (!(error instanceof SosBenchError) || error.code !== 'plan-mismatch') throw error;
      notes.push(`A new plan was made, since the baseline's cannot be followed: ${error.message}.`);
      core.warning(notes.join());
    }
  }
  return { state: await evaluateModel(title, settings, output, inputs, world, connection), notes };
}

/** `baseline: rerun` evaluates the baseline's model in the same job, into a folder beside the record. */
async function rerunBaseline(
  inputs: DoorInputs,
  settings: Parameters<typeof evaluateModel>[1],
  { folder, named, publish, isCopied }: StepOutput,
  world: ActionWorld,
  connection: Connection,
): Promise<References['baseline']> {
  if (inputs.baselineModel === null) {
    throw new SosBenchError('usage', 'baseline: rerun needs baseline-model', {
      hint: "give the main branch's model, as `model` is given",
    });
  }
  // Its copy is a part of the record's, and its digest nobody's business.
  const output = { folder: join(folder, 'baseline'), named: join(named, 'baseline'), publish, isCopied };
  const given = { ...settings, model: inputs.baselineModel, 'model-name': undefined };
  const other = { ...inputs, artifact: `${inputs.artifact}-baseline`, modelDigest: null };
  const state = await evaluateModel('Evaluate the baseline', given, output, other, world, connection, {
    isOfCommit: false,
  });
  await state.end();
  return await readRecord(output.folder);
}
