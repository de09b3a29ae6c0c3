import { resolve } from 'node:path';
import * as core from '@actions/core';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { readRecord } from '../../record/read.ts';
import { renderScores } from '../../report/scores.ts';
import { summarise } from '../../verdict/summary.ts';
import { readDoorInputs } from '../inputs.ts';
import { beginWithoutToken } from '../steps/begin-without-token.ts';
import { reportFailure } from '../steps/conclude.ts';
import { evaluateModel } from '../steps/evaluate.ts';
import { writeJobSummary } from '../steps/publish.ts';
import { tellDigest } from '../steps/tell-digest.ts';
import type { ActionWorld } from '../world.ts';

/** Evaluates and leaves a record, without any token: another job compares and reports. */
export async function main(world: ActionWorld): Promise<ExitCode> {
  try {
    const inputs = readDoorInputs();
    const { connection, settings } = await beginWithoutToken(inputs, world);
    const folder = resolve(world.cwd, settings.output);
    const state = await evaluateModel('Evaluate the model', settings, inputs, world, connection).finally(() =>
      tellDigest(folder, settings.shard ?? null),
    );
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
