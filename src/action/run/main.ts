import * as core from '@actions/core';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderScores } from '../../report/scores.ts';
import { summarise } from '../../verdict/summary.ts';
import { connect } from '../connection.ts';
import { readDoorInputs } from '../inputs.ts';
import { beginEvaluation, warnOf } from '../steps/begin-evaluation.ts';
import { reportFailure } from '../steps/conclude.ts';
import { evaluateModel } from '../steps/evaluate.ts';
import { announceRecord, openOutput } from '../steps/output.ts';
import { writeJobSummary } from '../steps/publish.ts';
import type { ActionWorld } from '../world.ts';

/** Evaluates and leaves a record: another job compares and reports. A token only reads the configuration of the base. */
export async function main(world: ActionWorld): Promise<ExitCode> {
  try {
    await announceRecord(world);
    const inputs = readDoorInputs();
    const connection = await connect(world, { token: inputs.githubToken, log: core.info });
    const { settings, asked, notes } = await beginEvaluation(inputs, world, connection);
    warnOf(notes);
    const output = await openOutput(settings.output, settings.shard ?? null, world);
    const evaluated = { ...inputs, asked };
    const state = await evaluateModel('Evaluate the model', settings, output, evaluated, world, connection);
    const candidate = await readRecord(output.folder);
    const summary = summarise(candidate, settings.preset);
    await writeJobSummary(
      renderScores(summary, { title: 'Evaluated', text: 'Another job compares it.' }),
      world,
    );
    core.setOutput('model-digest', candidate.record.model.digest ?? '');
    if (!output.isCopied()) return EXIT.notDone;
    await state.end();
    return EXIT.passed;
  } catch (error) {
    return await reportFailure(error, world);
  }
}
