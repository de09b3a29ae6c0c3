import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { type Connection, connect } from '../connection.ts';
import { type ActionInputs, readActionInputs } from '../inputs.ts';
import { setOutputs } from '../outputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import type { Subject } from '../steps/compare/subject.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { findTargets, fittingTargets } from './find-targets.ts';
import { obtainRecord } from './obtain-record.ts';
import { type Reported, reportOn } from './report-on.ts';

/** Compares a record that another job or run left, and reports it. Runs nothing of the change itself. */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  try {
    const inputs = readActionInputs();
    requireKnownBaseline(inputs);
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    if (neverBegan(connection)) {
      core.notice('No job of that run began: it evaluated nothing, and there is nothing to report on.');
      return EXIT.passed;
    }
    const targets = await findTargets(connection);
    if (targets.length === 0) {
      core.notice('No open pull request has that commit as its head any more: nothing to report on.');
      return EXIT.passed;
    }
    /** All are of one head: one record. */
    let record: Promise<LoadedRecord> | null = null;
    const obtain = (subject: Subject) => {
      record ??= obtainRecord(inputs, connection, subject, runtime);
      return record;
    };
    const known = targets.length > 1 ? await obtain(targets[0]!.subject).catch(() => null) : null;
    const fitting = await fittingTargets(targets, known, inputs, connection, runtime);
    const done: Reported[] = [];
    for (const target of fitting) {
      done.push(
        await reportOn(target, { inputs, connection, obtain, isOneOfSeveral: targets.length > 1 }, runtime),
      );
    }
    const worst = done.toSorted((a, b) => SEVERITY.indexOf(b.exitCode) - SEVERITY.indexOf(a.exitCode))[0]!;
    if (worst.outputs !== null) setOutputs(worst.outputs);
    return worst.exitCode;
  } catch (error) {
    return await reportFailure(error, runtime);
  }
}

/** Of reports on several pull requests the worst is the step's. */
const SEVERITY: readonly ExitCode[] = [EXIT.passed, EXIT.failedPolicy, EXIT.notDone];

/**
 * Whether a run ended before any of its jobs began: conditions kept them from it, and its pull request is another workflow's,
 * whose report stays; or somebody has to approve it first.
 */
function neverBegan({ event }: Connection): boolean {
  const conclusion = event?.kind === 'workflow-run' ? event.source.conclusion : null;
  return conclusion === 'skipped' || conclusion === 'action_required';
}

/** What would have to be evaluated cannot be compared with here, and must not pass for a baseline that is not there. */
function requireKnownBaseline({ baseline }: ActionInputs): void {
  if (baseline !== 'rerun') return;
  throw new SosBenchError('usage', 'baseline: rerun cannot be reported on: the report evaluates nothing', {
    hint: 'evaluate the baseline in a job with the `run` action and give `baseline: ./FOLDER`, its record; or let the whole action do both',
  });
}
