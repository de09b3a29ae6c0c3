import * as core from '@actions/core';
import { SosBenchError } from '../../../error.ts';
import { recordBaseline } from '../../../history/store/record-baseline.ts';
import type { Store } from '../../../history/store/store.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import type { Verdict } from '../../../verdict/schema.ts';
import type { Connection } from '../../connection.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { historyOf } from '../compare/lookup.ts';
import { describeFailure } from './failure.ts';

/**
 * Keeps the record of a commit of the default branch, for later changes to be compared with. What may not be kept is
 * left alone; what could not be kept is an error of the run, since the next pull request would miss it.
 *
 * @param anchor what drift was told from: its items are kept for the next time.
 */
export async function storeRecord(
  store: Store | null,
  folder: string,
  { verdict, anchor }: { verdict: Verdict | null; anchor: LoadedRecord | null },
  connection: Connection,
  runtime: ActionRuntime,
): Promise<boolean> {
  const { event } = connection;
  if (store === null || event?.kind !== 'commit' || !event.isDefaultBranch) return true;
  if (!['push', 'schedule'].includes(event.event)) return true;
  const facts = {
    sha: event.sha,
    parents: null,
    repository: event.repository,
    branch: event.branch,
    event: event.event,
    run: event.runId > 0 ? { id: event.runId, attempt: event.attempt } : null,
    created: runtime.now(),
    verdict,
  };
  try {
    const context = {
      repository: event.repository,
      headRepository: event.repository,
      defaultBranch: event.defaultBranch ?? '',
      branch: event.branch,
      event: event.event,
      headSha: event.sha,
    };
    const anchors = [anchor?.record.commit ?? null].filter((sha) => sha !== null);
    const pins = { history: historyOf(connection, runtime), anchors };
    const { admission, stored } = await recordBaseline(store, folder, facts, context, pins);
    for (const note of stored?.notes ?? []) core.warning(note);
    core.info(
      admission.admitted
        ? `Record of ${event.sha.slice(0, 12)} kept in ${store.description} (${stored?.outcome}).`
        : `This record is not kept as a baseline: ${admission.reason}.`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof SosBenchError)) throw error;
    core.error(`the record could not be kept: ${describeFailure(error)}`, {
      title: 'SOS-Bench: no baseline kept',
    });
    return false;
  }
}
