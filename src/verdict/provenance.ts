import type { LoadedRecord } from '../record/schema.ts';
import type { Source } from './schema.ts';

/** Where the numbers of one side come from. */
export function describeSource({ record }: LoadedRecord): Source {
  return {
    name: record.model.name,
    digest: record.model.digest,
    commit: record.commit,
    branch: record.branch,
    suite: record.suite,
    seed: record.seed,
    planHash: record.planHash,
    finished: record.finished,
    complete: record.complete,
    imported: record.imported?.from ?? null,
    repairs: record.imported?.repairs ?? [],
    items: record.totals.items,
    device: record.environment && {
      type: record.environment.device.type,
      name: record.environment.device.name,
    },
    deviceMinutes: record.totals.deviceMinutes,
    versions: { harness: record.protocol.harness.version },
  };
}
