import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SosBenchError } from '../../error.ts';
import type { Attempt, Leftover } from '../../evaluate/run-state.ts';
import { recordPaths } from '../../record/paths.ts';
import { readRecordAlone } from '../../record/read.ts';
import { unpackRunFolder } from '../../record/unpack.ts';
import type { Shard } from '../../suite/shards.ts';
import { parseArtifactName } from './names.ts';
import type { RunArtifacts } from './run-artifacts.ts';

interface Where {
  prefix: string;
  attempt: Attempt;
  shard: Shard | null;
  /** A place of its own. */
  folder: string;
}

/**
 * What the newest earlier attempt of this job left as an artifact. It is taken for hostile; one that cannot be used is told,
 * and the one before it is looked at.
 *
 * @throws SosBenchError as listing a run's artifacts does.
 */
export async function findLeftover(
  artifacts: RunArtifacts,
  { prefix, attempt, shard, folder }: Where,
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
  for (const { artifact, attempt: number } of own) {
    const path = join(folder, artifact.name);
    try {
      const files = await unpackRunFolder(await artifacts.download(artifact), path);
      const complete = files.has('record.json') && (await readRecordAlone(path)).complete;
      if (!complete && !files.has('journal.ndjson')) continue;
      const journal = complete ? null : await readFile(recordPaths(path).journal);
      return { attempt: number, place: artifact.name, journal };
    } catch (error) {
      if (!(error instanceof SosBenchError)) throw error;
      note(`What attempt ${number} left in ${artifact.name} is not used: ${error.message}`);
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  }
  return null;
}
