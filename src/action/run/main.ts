import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { Pull } from '../../github/event.ts';
import { fetchPull } from '../../github/pull.ts';
import { renderScores } from '../../report/tables/scores.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { summarise } from '../../verdict/summary.ts';
import { type Connection, connect } from '../connection.ts';
import { readActionInputs, readCount, readSha } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { beginEvaluation, warnOf } from '../steps/evaluate/begin-evaluation.ts';
import { evaluateModel } from '../steps/evaluate/evaluate.ts';
import { announceRecord, openOutput } from '../steps/evaluate/output.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { writeJobSummary } from '../steps/publish/publish.ts';

/** Evaluates and leaves a record: another job compares and reports. A token only reads the configuration of the base. */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  try {
    await announceRecord(runtime);
    const inputs = readActionInputs();
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    const pull = await findNamedPull(connection);
    const { settings, asked, notes, locationOf, trust } = await beginEvaluation(inputs, runtime, connection, {
      pull,
    });
    const includePaths = settings['include-path'];
    await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records: null, locationOf });
    warnOf(notes);
    const output = await openOutput(settings.output, settings.shard ?? null, runtime);
    const evaluated = { ...inputs, asked, isChange: trust.isChange, sha: readSha('sha') };
    const { record: candidate, state } = await evaluateModel(
      'Evaluate the model',
      settings,
      output,
      evaluated,
      runtime,
      connection,
    );
    const summary = summarise(candidate, settings.preset);
    await writeJobSummary(
      renderScores(summary, { title: 'Evaluated', text: 'Another job compares it.' }),
      runtime,
    );
    core.setOutput('model-digest', candidate.record.model.digest ?? '');
    if (!output.isCopied()) return EXIT.notDone;
    await state.end();
    return EXIT.passed;
  } catch (error) {
    return await reportFailure(error, runtime);
  }
}

/**
 * The pull request that `pull` names: its base says whose settings judge. Null where the token may not see it; the default branch
 * judges then.
 */
async function findNamedPull({ client, event }: Connection): Promise<Pull | null> {
  const number = readCount('pull');
  if (number === null || client === null || event?.kind === 'pull') return null;
  try {
    return await fetchPull(client, number);
  } catch (error) {
    if (!(error instanceof SosBenchError) || error.code !== 'permission-missing') throw error;
    core.info(`Pull request #${number} cannot be read (pull-requests: read): the default branch judges.`);
    return null;
  }
}
