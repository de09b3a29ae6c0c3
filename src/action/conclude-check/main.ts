import * as core from '@actions/core';
import { plural } from '../../count.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { settleChecks } from '../../github/check/check-run.ts';
import { connect } from '../connection.ts';
import { readActionInputs, readInput } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { findCheckTarget } from '../steps/publish/check-target.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { checkSubject, warnUnlessPosted } from '../steps/publish/publish.ts';
import { outcomesOf } from './outcomes.ts';
import { readResult } from './result.ts';

/**
 * Concludes the check that the job before opened and could not conclude any more: a machine that is lost says nothing. Where
 * that job did what it had to, nothing is done.
 */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  try {
    const inputs = readActionInputs();
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    const result = readResult(readInput('result'));
    const found = findCheckTarget(inputs, connection, 'concluding');
    if (found === null) return EXIT.passed;
    const subject = checkSubject(inputs, connection, found.event, found.target);
    const settled = await settleChecks(found.client, subject, outcomesOf(result, connection.runUrl));
    warnUnlessPosted(settled);
    if (settled.posted) core.info(describe(settled, result));
    return EXIT.passed;
  } catch (error) {
    return await reportFailure(error, runtime);
  }
}

function describe(
  { outcome, swept }: { outcome: 'concluded' | 'made' | 'left'; swept: number },
  result: string,
): string {
  const done = {
    concluded: `The check was still open: concluded, since the job ended with ${result}.`,
    made: `There was no check: one was made, since the job ended with ${result}.`,
    left: 'The check needs nothing.',
  };
  return (
    done[outcome] +
    (swept === 0 ? '' : ` ${plural(swept, 'check')} of older runs ${swept === 1 ? 'was' : 'were'} ended.`)
  );
}
