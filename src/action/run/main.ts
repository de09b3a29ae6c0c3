import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import type { KnownRecords } from '../../evaluate/known/known-records.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { Pull } from '../../github/event.ts';
import { fetchPull } from '../../github/pull.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { renderScores } from '../../report/tables/scores.ts';
import { requireKnownIds } from '../../settings/known-ids.ts';
import { summarise } from '../../verdict/summary.ts';
import { type Connection, connect } from '../connection.ts';
import { type ActionInputs, readActionInputs, readCount, readFlag, readInput, readSha } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { looksOn } from '../steps/compare/looks.ts';
import { lookups } from '../steps/compare/lookup.ts';
import { readRunSpread } from '../steps/compare/references.ts';
import { storeOf } from '../steps/compare/store.ts';
import { subjectOf, subjectOfPull } from '../steps/compare/subject.ts';
import { type Beginning, beginEvaluation, warnOf } from '../steps/evaluate/begin-evaluation.ts';
import { evaluateModel } from '../steps/evaluate/evaluate.ts';
import { knownRecords } from '../steps/evaluate/known-records.ts';
import { announceRecord, openOutput } from '../steps/evaluate/output.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { writeJobSummary } from '../steps/publish/publish.ts';
import { judgedBy } from '../trust/trust.ts';

/** Evaluates and leaves a record: another job compares and reports. A token only reads the configuration of the base. */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  try {
    await announceRecord(runtime);
    const inputs = readActionInputs();
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    const pull = await findNamedPull(connection);
    const beginning = await beginEvaluation(inputs, runtime, connection, { pull });
    const { settings, asked, notes, locationOf, trust } = beginning;
    const includePaths = settings['include-path'];
    await requireKnownIds(settings, { includePaths, cwd: runtime.cwd, records: null, locationOf });
    warnOf(notes);
    const output = await openOutput(settings.output, settings.shard ?? null, runtime);
    const force = readFlag('force');
    const known = force ? undefined : await findReusable(inputs, runtime, connection, beginning, pull);
    const baseline = trust.isChange ? (known?.baseline ?? null) : null;
    const calibration = await readRunSpread(inputs, trust, runtime);
    const decideLook =
      baseline === null
        ? null
        : looksOn(baseline, calibration, settings, { isTrusted: beginning.plan !== null });
    const evaluated = {
      ...{ ...inputs, asked, known, force, decideLook, baselineRecord: baseline },
      ...{ isChange: trust.isChange, sha: readSha('sha') },
    };
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

/**
 * What `reuse-store` knows, and the baseline in it; undefined where it names no store. That it cannot be read is a note: everything is asked then.
 */
async function findReusable(
  inputs: ActionInputs,
  runtime: ActionRuntime,
  connection: Connection,
  { trust, settings, plan }: Beginning,
  pull: Pull | null,
): Promise<KnownRecords | undefined> {
  const named = readInput('reuse-store');
  const given = { ...inputs, store: named, baseline: null };
  const store = await storeOf(given, runtime, connection, trust, 'reuse-store');
  if (store === null) {
    if (named !== 'none')
      core.warning(`reuse-store: ${named} needs a github-token (contents: read): everything is asked`);
    return undefined;
  }
  const own = pull === null ? subjectOf(connection.event) : subjectOfPull(pull);
  const looked = { store, trust, subject: judgedBy(trust, own), suite: plan?.suite ?? settings.suite };
  const baseline = trust.isChange ? await findQuietly(lookups(given, runtime, connection, looked)) : null;
  return knownRecords({ baseline }, store, runtime, connection, trust);
}

async function findQuietly(lookup: ReturnType<typeof lookups>): Promise<LoadedRecord | null> {
  try {
    return (await lookup.baseline()).record;
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    core.warning(`the baseline could not be looked for: ${error.message}`);
    return null;
  }
}
