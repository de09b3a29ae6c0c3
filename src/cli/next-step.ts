import { join } from 'node:path';
import { escapeTerminal } from '../markdown/escape.ts';

interface FinishedRun {
  /** Folder of the record, as it was named. */
  output: string;
  /** The baseline's folder; null where none was named. */
  baseline: string | null;
  /** Part of a plan; null for a whole one. */
  shard: { index: number; of: number } | null;
  /** Whether the plan that it was asked has looks, and is not the baseline's. */
  ownLooks: boolean;
}

/** The last line of a run: where its record is, and what to do with it. */
export function describeNextStep({ output, baseline, shard, ownLooks }: FinishedRun): string {
  const folder = shellWord(output);
  if (shard !== null)
    return `Record of shard ${shard.index}/${shard.of} in ${folder}. Next, with the others: sos-bench merge ${folder} RECORD... --output DIR`;
  const plan = ownLooks ? ` --plan ${shellWord(join(output, 'plan.json'))}` : '';
  const compare = `sos-bench compare${plan} --baseline ${baseline === null ? 'RECORD' : shellWord(baseline)} --candidate ${folder}`;
  return `Record in ${folder}. Next: ${compare}`;
}

/** A path or a value as one word of a shell, in one line. */
export function shellWord(path: string): string {
  const shown = escapeTerminal(path, 1000);
  return /^[\w@%+=:,./~-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'"'"'`)}'`;
}
