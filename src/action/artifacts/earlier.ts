import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import type { Attempt, Leftover } from '../../evaluate/journal/run-state.ts';
import { keepSigned, type Sign } from '../../evaluate/journal/signature.ts';
import type { RunArtifacts } from '../../github/artifacts/run-artifacts.ts';
import { recordPaths } from '../../record/paths.ts';
import { readRecordAlone } from '../../record/read.ts';
import { unpackRunFolder } from '../../record/unpack.ts';
import type { Shard } from '../../suite/plan/shards.ts';
import { parseArtifactName } from './names.ts';

interface Where {
  prefix: string;
  attempt: Attempt;
  shard: Shard | null;
  /** A place of its own. */
  folder: string;
  /** What signed the journal of an attempt; null where there is no key. */
  signerOf: ((attempt: number) => Sign) | null;
  /** Whether jobs of this run may run the code of a change. */
  isChange: boolean;
}

/**
 * What the newest earlier attempt of this job left as an artifact. It is taken for hostile; one that cannot be used is told,
 * and the one before it is looked at. Every job of a run can upload under every name, one that runs the code of a change too: with a key
 * only lines count that are signed with it, and without one nothing does in the run of a change.
 *
 * @throws SosBenchError as listing a run's artifacts does.
 */
export async function findLeftover(
  artifacts: RunArtifacts,
  { prefix, attempt, shard, folder, signerOf, isChange }: Where,
  note: (text: string) => void,
): Promise<Leftover | null> {
  const own = (await artifacts.list()).flatMap((artifact) => {
    const told = parseArtifactName(artifact.name, prefix);
    const isOurs =
      told !== null &&
      told.shard?.index === shard?.index &&
      told.shard?.of === shard?.of &&
      told.attempt >= attempt.since &&
      told.attempt < attempt.number;
    return isOurs ? [{ artifact, attempt: told.attempt }] : [];
  });
  own.sort((a, b) => b.attempt - a.attempt);
  if (isChange && signerOf === null) {
    if (own[0] !== undefined) note(notOwn(own[0].attempt, own[0].artifact.name));
    return null;
  }
  for (const { artifact, attempt: number } of own) {
    const path = join(folder, artifact.name);
    try {
      const files = await unpackRunFolder(await artifacts.download(artifact), path);
      const complete = files.has('record.json') && (await readRecordAlone(path)).complete;
      if (!complete && !files.has('journal.ndjson')) continue;
      const found = complete ? null : await readFile(recordPaths(path).journal);
      const journal = found === null || signerOf === null ? found : keepSigned(found, signerOf(number));
      if (journal === null && !complete) {
        note(`What attempt ${number} left in ${artifact.name} is not used: ${UNSIGNED}`);
        continue;
      }
      return { attempt: number, path: artifact.name, journal, isSigned: signerOf !== null };
    } catch (error) {
      if (!(error instanceof SosBenchError)) throw error;
      note(`What attempt ${number} left in ${artifact.name} is not used: ${error.message}`);
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  }
  return null;
}

const UNSIGNED = 'it is not signed with the resume-key of this run, so another job may have written it';

function notOwn(attempt: number, name: string): string {
  return (
    `What attempt ${attempt} left in ${name} is not used: every job of this run could have written it, the training job too. ` +
    'Give resume-key (a secret that only the jobs that evaluate have), or state-dir'
  );
}
