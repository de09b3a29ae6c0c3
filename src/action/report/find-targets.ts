import * as core from '@actions/core';
import { SosBenchError } from '../../error.ts';
import type { Client } from '../../github/client.ts';
import type { EventContext, Pull } from '../../github/event.ts';
import { fetchPull, findPulls } from '../../github/pull.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { TOKEN_INPUT } from '../../workflow-expression.ts';
import type { Connection } from '../connection.ts';
import { type ActionInputs, readCount, readSha } from '../inputs.ts';
import type { ActionRuntime } from '../runtime.ts';
import { type Subject, subjectOf } from '../steps/compare/subject.ts';
import { type ReportTarget, reportTargetOf, reportTargetOfPull } from '../steps/publish/publish.ts';
import { isOfBase } from '../trust/require-asked.ts';
import { findTrust, judgedBy } from '../trust/trust.ts';

/** One thing that a record is reported on. */
export interface Target {
  subject: Subject;
  reportTarget: ReportTarget | null;
  /** Whether the run says, apart from its record, that it was about the target's commit. */
  isKnown: boolean;
}

/**
 * What the report is about: the pull request that a dispatched run names, or for a run that ended, those that the API says it can
 * have been for (one head may go into several branches); none where their head is another commit by now, or they are gone.
 */
export async function findTargets({ event, client }: Connection): Promise<Target[]> {
  const named = readCount('pull');
  if (named !== null) {
    const sha = readSha('sha');
    const pull = await fetchPull(requireClient(client), named);
    return sha !== null && sha !== pull.headSha ? [] : [targetOf(event, pull, sha !== null)];
  }
  if (event?.kind !== 'workflow-run') {
    return [{ subject: subjectOf(event), reportTarget: reportTargetOf(event), isKnown: true }];
  }
  const pulls = await findPulls(requireClient(client), event.source);
  return pulls.map((pull) => targetOf(event, pull, true));
}

/**
 * Of several pull requests with one head, those whose base the record was evaluated for: each of them has a run of its own, by the
 * settings of its own base, and GitHub does not say which run is whose. All where the record fits none, so that each is told.
 *
 * @param record null where there is none.
 */
export async function fittingTargets(
  targets: readonly Target[],
  record: LoadedRecord | null,
  inputs: ActionInputs,
  connection: Connection,
  runtime: ActionRuntime,
): Promise<readonly Target[]> {
  const commit = record?.record.asked?.commit ?? null;
  if (targets.length < 2 || commit === null) return targets;
  const fitting: Target[] = [];
  for (const target of targets) {
    const pull = target.reportTarget?.pull ?? null;
    const trust = await findTrust(connection, { baseBranches: inputs.baseBranches, pull, newest: true });
    const subject = judgedBy(trust, target.subject);
    const named = target.subject.base?.sha ?? null;
    if (await isOfBase(commit, { trust, subject, named, connection, runtime })) fitting.push(target);
  }
  if (fitting.length === 0) return targets;
  for (const { reportTarget } of targets.filter((target) => !fitting.includes(target))) {
    core.notice(
      `Pull request #${reportTarget?.pull?.number} has the same head and another base: this record was evaluated by the settings of ${commit.slice(0, 12)}, which is not a commit of its base. Its own run reports on it.`,
    );
  }
  return fitting;
}

function targetOf(event: EventContext | null, pull: Pull, isKnown: boolean): Target {
  return {
    subject: { sha: pull.headSha, base: { sha: pull.baseSha, branch: pull.baseRef } },
    reportTarget: reportTargetOfPull(event, pull, isKnown),
    isKnown,
  };
}

function requireClient(client: Client | null): Client {
  if (client !== null) return client;
  throw new SosBenchError('usage', 'reporting on another run needs a github-token', {
    hint: `give \`${TOKEN_INPUT}\` and the permissions of docs/permissions.md`,
  });
}
