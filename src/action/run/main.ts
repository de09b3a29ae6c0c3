import * as core from '@actions/core';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderScores } from '../../report/scores.ts';
import { summarise } from '../../verdict/summary.ts';
import { readDoorInputs } from '../inputs.ts';
import { beginWithoutToken } from '../steps/begin-without-token.ts';
import { reportFailure } from '../steps/conclude.ts';
import { evaluateModel } from '../steps/evaluate.ts';
import { announceRecord, openOutput } from '../steps/output.ts';
import { writeJobSummary } from '../steps/publish.ts';
import type { ActionWorld } from '../world.ts';

/** Evaluates and leaves a record, without any token: another job compares and reports. */
export async function main(world: ActionWorld): Promise<ExitCode> {
  try {
    await announceRecord(world);
    const inputs = readDoorInputs();
    const { connection, settings } = await beginWithoutToken(inputs, world);
    const output = await openOutput(settings.output, settings.shard ?? null, world);
    const state = await evaluateModel('Evaluate the model', settings, output, inputs, world, connection);
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
