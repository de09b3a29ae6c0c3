import * as core from '@actions/core';
import { SosBenchError } from '../../../error.ts';
import type { Client } from '../../../github/client.ts';
import type { EventContext } from '../../../github/event.ts';
import { TOKEN_INPUT } from '../../../workflow-expression.ts';
import type { Connection } from '../../connection.ts';
import type { ActionInputs } from '../../inputs.ts';
import { hasCheck, type ReportTarget, reportTargetOf } from './publish.ts';

/**
 * Where the check of this run stands, for actions that do nothing but to see to it; null, and a line in the log, for an event
 * that has none.
 *
 * @param doing what is to be done: `opening`.
 * @throws SosBenchError `usage` without a token.
 */
export function findCheckTarget(
  inputs: ActionInputs,
  { event, client }: Connection,
  doing: string,
): { event: EventContext; client: Client; target: ReportTarget } | null {
  const target = reportTargetOf(event);
  if (event === null || target === null) {
    core.info(`No check belongs to '${event?.event ?? 'no event'}': nothing to do.`);
    return null;
  }
  if (!hasCheck(inputs, event, target)) return null;
  if (client === null) {
    throw new SosBenchError('usage', `${doing} a check needs a github-token`, {
      hint: `give \`${TOKEN_INPUT}\` and the permission \`checks: write\``,
    });
  }
  return { event, client, target };
}
