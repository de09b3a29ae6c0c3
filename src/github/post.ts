import { type ErrorCode, SosBenchError } from '../error.ts';
import type { Need } from './commands/permission.ts';
import { explainFailure, hasStatus } from './failure.ts';

/** What became of something posted. A failure is a warning: it never changes a verdict. */
export type Posted<Details extends object = object> =
  | ({ posted: true; url: string | null } & Details)
  | { posted: false; code: ErrorCode | 'superseded'; warning: string };

/**
 * Runs `work`; what GitHub refuses or does not answer becomes a warning that says what to do. Other errors are mistakes
 * and pass.
 */
export async function post<Details extends object>(
  need: Need,
  work: () => Promise<Posted<Details>>,
): Promise<Posted<Details>> {
  try {
    return await work();
  } catch (error) {
    const explained = explainFailure(error, need);
    if (!(explained instanceof SosBenchError) || explained.code === 'usage') throw explained;
    const { code, message, hint } = explained;
    return { posted: false, code, warning: hint === undefined ? message : `${message}. ${hint}` };
  }
}

/** Runs `work`; what GitHub refuses or does not answer is thrown as an error that says what to do. */
export async function ask<Answer>(need: Need, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    throw explainFailure(error, need);
  }
}

/** As `ask`; null where GitHub answers with one of these statuses, which here say that there is no such thing. */
export async function askUnless<Answer>(
  need: Need,
  statuses: readonly number[],
  work: () => Promise<Answer>,
): Promise<Answer | null> {
  return ask(need, async () => {
    try {
      return await work();
    } catch (error) {
      if (hasStatus(error, ...statuses)) return null;
      throw error;
    }
  });
}
