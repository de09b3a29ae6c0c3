import type { EventContext } from '../../../github/event.ts';
import type { Store } from '../../../history/store/store.ts';
import { findWaivers, type WaiverSubject } from '../../../history/store/verify-waivers.ts';
import type { Connection } from '../../connection.ts';
import { readFlag } from '../../inputs.ts';
import type { ActionRuntime } from '../../runtime.ts';
import type { ReportTarget } from '../publish/publish.ts';
import type { References } from './references.ts';

/**
 * Adds to what a candidate is compared with the waivers that hold for it, and names those that were ignored.
 *
 * @param settings of the base: whether a pull request's author may accept its drops.
 * @throws SosBenchError `store-invalid`, and as the store is read.
 */
export async function addWaivers(
  references: References,
  store: Store | null,
  { event, client }: Pick<Connection, 'event' | 'client'>,
  target: ReportTarget | null,
  settings: { 'author-may-accept': boolean },
  runtime: ActionRuntime,
): Promise<void> {
  if (store === null) return;
  const { waivers, notes } = await findWaivers(await store.waivers(), waiverSubject(event, target), {
    now: runtime.now(),
    authorMayAccept: settings['author-may-accept'],
    client,
    trustUnverified: readFlag('unverified-waivers'),
  });
  references.waivers = waivers;
  references.notes.push(...notes);
}

/** What waivers may hold for: a pull request, in a merge group too, or a commit of the default branch. */
export function waiverSubject(event: EventContext | null, target: ReportTarget | null): WaiverSubject {
  if (target?.pull) return { pull: target.pull.number, main: null };
  if (event?.kind !== 'commit') return { pull: null, main: null };
  if (event.event === 'merge_group') return { pull: queuedPull(event.branch), main: null };
  const isMain = event.isDefaultBranch && event.branch !== null;
  return { pull: null, main: isMain ? { sha: event.sha, branch: event.branch! } : null };
}

/** The pull request that a merge group adds: GitHub names the group's branch by it. */
function queuedPull(branch: string | null): number | null {
  const [, number] = /^gh-readonly-queue\/.+\/pr-(\d+)-[0-9a-f]+$/.exec(branch ?? '') ?? [];
  return number === undefined ? null : Number(number);
}
