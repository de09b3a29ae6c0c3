import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { settleChecks } from '../../github/check-run.ts';
import { connect } from '../connection.ts';
import { readDoorInputs } from '../inputs.ts';
import { reportFailure } from '../steps/conclude.ts';
import { checkSubject, placeOf, warnUnlessPosted } from '../steps/publish.ts';
import type { ActionWorld } from '../world.ts';
import { outcomesOf } from './outcomes.ts';
import { readResult } from './result.ts';

/**
 * Concludes the check that the job before opened and could not conclude any more: a machine that is lost says nothing. Where
 * that job did what it had to, nothing is done.
 */
export async function main(world: ActionWorld): Promise<ExitCode> {
  try {
    const inputs = readDoorInputs();
    const connection = await connect(world, { token: inputs.githubToken, log: core.info });
    const { event, client, runUrl } = connection;
    const result = readResult(core.getInput('result'));
    const place = placeOf(event);
    if (event === null || place === null) {
      core.info(`No check belongs to '${event?.event ?? 'no event'}': nothing to conclude.`);
      return EXIT.passed;
    }
    if (client === null) {
      throw new SosBenchError('usage', 'concluding a check needs a github-token', {
        hint: 'give `github-token: $' + '{{ github.token }}` and the permission `checks: write`',
      });
    }
    const subject = checkSubject(inputs, connection, event, place);
    const settled = await settleChecks(client, subject, outcomesOf(result, runUrl));
    warnUnlessPosted(settled);
    if (settled.posted) core.info(describe(settled, result));
    return EXIT.passed;
  } catch (error) {
    return reportFailure(error);
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
  return done[outcome] + (swept === 0 ? '' : ` ${swept} of older runs were ended.`);
}
