import * as core from '@actions/core';
import { EXIT, type ExitCode } from '../../exit-code.ts';
import { connect } from '../connection.ts';
import { readActionInputs } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { findCheckTarget } from '../steps/publish/check-target.ts';
import { reportFailure } from '../steps/publish/conclude.ts';
import { beginCheck } from '../steps/publish/publish.ts';

/**
 * Opens the check before the work begins, where evaluating and reporting are jobs of their own: `report` of the same run and
 * attempt finds it and concludes it.
 */
export async function main(runtime: ActionRuntime): Promise<ExitCode> {
  try {
    const inputs = readActionInputs();
    const connection = await connect(runtime, { token: inputs.githubToken, log: core.info });
    const found = findCheckTarget(inputs, connection, 'opening');
    if (found !== null) await beginCheck(inputs, connection, found.target);
    return EXIT.passed;
  } catch (error) {
    return await reportFailure(error, runtime);
  }
}
