import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import * as core from '@actions/core';
import { SosBenchError } from '../../../error.ts';
import { copyRecordOut } from '../../../record/copy-out.ts';
import { recordDigest } from '../../../record/digest.ts';
import { recordPaths } from '../../../record/paths.ts';
import type { Shard } from '../../../suite/plan/shards.ts';
import { DEFAULT_OUTPUT, readSettingInput } from '../../inputs.ts';
import { recordFolder } from '../../private-folder.ts';
import type { ActionRuntime } from '../../runtime.ts';
import { describeFailure } from '../publish/failure.ts';

/** Where a step's record is made, out of everybody's reach, and the folder that gets a copy of it. */
export interface StepOutput {
  /** Where the record is made and read. */
  folder: string;
  /** As `output` names the copy. */
  named: string;
  /** Tells the digest of what record there is by now, and brings the copy up to date. What cannot be written is told, and no error. */
  publish(): Promise<void>;
  /** Whether each copy so far could be written. */
  isCopied(): boolean;
}

/**
 * Tells later steps where the record will be, before any work begins: a step that is killed has told it then. What the checkout has
 * of a record in `output` is taken away at once: a later step shall not take it for what this one left. (A folder that only the
 * configuration names has its turn when that is read.)
 *
 * @throws SosBenchError as `openOutput` does.
 */
export async function announceRecord(runtime: ActionRuntime): Promise<void> {
  core.setOutput('record-path', recordFolder(runtime));
  await openOutput(readSettingInput('output') || DEFAULT_OUTPUT, null, runtime);
}

/**
 * Takes away what the checkout has of a record in `output`, which gets a copy of ours and is never read.
 *
 * @param output as it was given.
 * @throws SosBenchError `usage` where it is a link, is reached by one or holds the workspace; `permission-denied`.
 */
export async function openOutput(
  output: string,
  shard: Shard | null,
  runtime: ActionRuntime,
): Promise<StepOutput> {
  const folder = recordFolder(runtime);
  const target = resolve(runtime.cwd, output);
  const copy = () => copyRecordOut(folder, runtime.cwd, target);
  await copy();
  let copied = true;
  return {
    folder,
    named: output,
    async publish() {
      try {
        await outputDigest(folder, shard);
        await copy();
      } catch (error) {
        if (!(error instanceof SosBenchError)) throw error;
        copied = false;
        core.error(`the record is in ${folder}, its copy could not be made: ${describeFailure(error)}`, {
          title: 'SOS-Bench: record not copied',
        });
      }
    },
    isCopied: () => copied,
  };
}

/**
 * Sets the output `record-digest`, by which a later job knows the record that this step left, whole or partial; nothing where it
 * left none. Jobs of a matrix overwrite each other's outputs of one name, so a shard has one of its own too: `record-digest-I`.
 *
 * @param folder the record that this step itself wrote.
 */
async function outputDigest(folder: string, shard: Shard | null): Promise<void> {
  if (!existsSync(recordPaths(folder).record)) return;
  const digest = await recordDigest(folder);
  core.setOutput('record-digest', digest);
  if (shard !== null) core.setOutput(`record-digest-${shard.index}`, digest);
}
