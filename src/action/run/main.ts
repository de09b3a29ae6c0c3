import { resolve } from 'node:path';
import * as core from '@actions/core';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderScores } from '../../report/scores.ts';
import { summarise } from '../../verdict/summary.ts';
import { connect } from '../connection.ts';
import { localConfig, readDoorInputs, readSettings } from '../inputs.ts';
import { reportFailure } from '../steps/conclude.ts';
import { evaluateModel } from '../steps/evaluate.ts';
import { findGivenPlan } from '../steps/given-plan.ts';
import { requireTrustedTasks } from '../steps/include-path.ts';
import { writeJobSummary } from '../steps/publish.ts';
import { subjectOf } from '../steps/references.ts';
import type { ActionWorld } from '../world.ts';

/** Evaluates and leaves a record, without any token: another job compares and reports. */
export async function main(world: ActionWorld): Promise<ExitCode> {
  try {
    const inputs = readDoorInputs();
    const connection = await connect(world, { token: null, log: core.info });
    const settings = await readSettings('action', localConfig(inputs, world.cwd));
    const subject = subjectOf(connection.event);
    await requireTrustedTasks(settings['include-path'], world.cwd, connection.event);
    const given = await findGivenPlan(settings.plan, world, connection, subject);
    for (const note of given?.notes ?? []) core.warning(note);
    settings.plan = given?.path;
    const folder = resolve(world.cwd, settings.output);
    const state = await evaluateModel('Evaluate the model', settings, inputs, world, connection);
    const candidate = await readRecord(folder);
    const summary = summarise(candidate, settings.preset);
    await writeJobSummary(
      renderScores(summary, { title: 'Evaluated', text: 'Another job compares it.' }),
      world,
    );
    core.setOutput('record-path', folder);
    core.setOutput('model-digest', candidate.record.model.digest ?? '');
    await state.end();
    return EXIT.passed;
  } catch (error) {
    return await reportFailure(error, world);
  }
}
