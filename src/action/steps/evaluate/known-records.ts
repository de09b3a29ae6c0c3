import { join } from 'node:path';
import * as core from '@actions/core';
import type { KnownRecords } from '../../../evaluate/known/known-records.ts';
import { findKnown } from '../../../history/lookup/find-known.ts';
import type { Store } from '../../../history/store/store.ts';
import type { LoadedRecord } from '../../../record/schema.ts';
import type { Connection } from '../../connection.ts';
import { privateFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import type { Trust } from '../../trust/trust.ts';

/**
 * The records that an evaluation may take answers from: the baseline of a change, and those of the main branch that the store keeps. A
 * change's own records are in no store, so that main's is never made of one. A commit of the main branch is no change: all of its record is
 * checked against the questions as they are now, and none is left unasked since its model is the one before.
 */
export function knownRecords(
  { baseline }: { baseline: LoadedRecord | null },
  store: Store | null,
  runtime: ActionRuntime,
  { event }: Pick<Connection, 'event'>,
  trust: Trust,
): KnownRecords {
  return {
    baseline: trust.isChange ? baseline : null,
    async find(identity) {
      if (store === null) return [];
      const main = { repository: event?.repository ?? null, branch: event?.defaultBranch ?? null };
      const { records, notes } = await findKnown(store, identity, main, async (entry) =>
        store.load(entry, join(privateFolder(runtime), `known-${entry.sha.slice(0, 12)}`)),
      );
      for (const note of notes) core.info(`SOS-Bench: ${note}.`);
      return records;
    },
  };
}
