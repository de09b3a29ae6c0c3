import { z } from 'zod';
import { SosBenchError } from '../../error.ts';
import type { Artifact, RunJob } from '../../github/artifacts/artifact-api.ts';
import type { RunArtifacts } from '../../github/artifacts/run-artifacts.ts';
import type { WorkflowRunContext } from '../../github/event.ts';
import { recordDigest } from '../../record/digest.ts';
import type { LoadedRecord } from '../../record/schema.ts';
import { unpackRecord } from '../../record/unpack.ts';
import { readZip } from '../../system/files/zip.ts';

type Source = WorkflowRunContext['source'];

/** What a job after the evaluating one wrote down: that job's outputs, which GitHub carries over where it is not run again. */
const HandoverSchema = z.object({
  'record-artifact': z
    .string()
    .regex(/^\d{0,15}$/)
    .default(''),
  'record-digest': z
    .string()
    .regex(/^([0-9a-f]{64})?$/)
    .default(''),
});

const HANDOVER_LIMITS = { 'handover.json': 10_000 } as const;

/** Clocks differ: an artifact may be listed as a little younger than the end of the job that left it. */
const SLACK_MS = 60_000;

/**
 * Fetches the record that another run left as an artifact: the one that the newest attempt at its hand-over names by id and digest.
 * A run without one is looked at by name: what the last attempt left, or an earlier one in a job that was not run again.
 * It is taken for hostile: its size is asked of GitHub before anything is fetched, and `unpackRecord` looks at a few files of it alone.
 *
 * @throws SosBenchError `record-missing` where the job that evaluates left none when it was run last, `record-invalid`,
 *   `digest-mismatch`.
 */
export async function fetchRecord(
  artifacts: RunArtifacts,
  source: Source,
  name: string,
  folder: string,
): Promise<LoadedRecord> {
  const listed = await artifacts.list();
  const handover = newestHandover(listed, source.attempt, name);
  if (handover !== null) return await fetchNamed(artifacts, listed, handover, source, name, folder);
  const named = listed.filter((artifact) => artifact.name === name).sort((a, b) => b.id - a.id);
  const newest = await findByName(artifacts, named, source);
  if (newest === null) throw missing(source, name, named.length > 0);
  return await unpackRecord(await artifacts.download(newest), folder);
}

/** By its name, `NAME-handover-ATTEMPT`: each attempt that evaluates leaves its own. */
function newestHandover(listed: readonly Artifact[], attempt: number, name: string): Artifact | null {
  const found = listed.flatMap((artifact) => {
    const [, number] =
      /^-handover-([1-9]\d{0,5})$/.exec(
        artifact.name.startsWith(name) ? artifact.name.slice(name.length) : '',
      ) ?? [];
    return number !== undefined && Number(number) <= attempt ? [{ artifact, number: Number(number) }] : [];
  });
  return found.sort((a, b) => b.number - a.number || b.artifact.id - a.artifact.id)[0]?.artifact ?? null;
}

async function fetchNamed(
  artifacts: RunArtifacts,
  listed: readonly Artifact[],
  handover: Artifact,
  source: Source,
  name: string,
  folder: string,
): Promise<LoadedRecord> {
  const named = readHandover(await artifacts.download(handover), handover.name);
  const { 'record-artifact': id, 'record-digest': digest } = await named;
  // A job that failed may have uploaded what there was of a record, and names no digest of a whole one.
  if (id === '' || digest === '')
    throw missing(
      source,
      name,
      listed.some((one) => one.name === name),
    );
  const artifact = listed.find((one) => one.id === Number(id));
  if (artifact === undefined) throw missing(source, name, false);
  const record = await unpackRecord(await artifacts.download(artifact), folder);
  const found = await recordDigest(folder);
  if (found !== digest) {
    throw new SosBenchError(
      'digest-mismatch',
      `the record is ${found}, and ${handover.name} says it has to be ${digest}`,
      {
        hint: 'something replaced it after the job that made it: run all jobs of that run again',
      },
    );
  }
  return record;
}

async function readHandover(archive: Buffer, name: string): Promise<z.infer<typeof HandoverSchema>> {
  const unusableHandover = (what: string, cause?: unknown) =>
    new SosBenchError('record-invalid', `artifact ${name} cannot be used: ${what}`, {
      hint: 'its handover.json is `toJSON(needs.evaluate.outputs)`, as docs/workflows/fork-reusable.yml writes it',
      cause,
    });
  const content = (await readZip(archive, HANDOVER_LIMITS, unusableHandover)).get('handover.json');
  try {
    return HandoverSchema.parse(JSON.parse(content?.toString() ?? ''));
  } catch (cause) {
    throw unusableHandover('it names no record', cause);
  }
}

/** The newest that the job which made it has not been run again since. */
async function findByName(
  artifacts: RunArtifacts,
  named: readonly Artifact[],
  { began }: Source,
): Promise<Artifact | null> {
  const [newest] = named;
  if (newest === undefined) return null;
  const { created } = newest;
  if (began === null || created === null || created >= began) return newest;
  // Of an earlier attempt. Where jobs cannot be asked for, nothing says that its job was run again.
  if (artifacts.jobs === undefined) return newest;
  return wasRunAgain(await artifacts.jobs(), created) ? null : newest;
}

/** Whether one of the jobs that were at work at a time has begun again since; so it is taken where none was. */
function wasRunAgain(jobs: readonly RunJob[], created: number): boolean {
  const makers = jobs.filter(
    ({ started, completed }) => started <= created && (completed === null || completed >= created - SLACK_MS),
  );
  const isLater = (job: RunJob) => job.started > created;
  return (
    makers.length === 0 || makers.some(({ name }) => jobs.some((job) => job.name === name && isLater(job)))
  );
}

function missing({ runId, attempt, conclusion }: Source, name: string, isEarlier: boolean): SosBenchError {
  const who = `attempt ${attempt} of run ${runId} (${conclusion ?? 'not concluded'})`;
  const earlier = isEarlier ? '; what an earlier attempt left is not judged' : '';
  return new SosBenchError('record-missing', `${who} left no artifact ${name}${earlier}`, {
    hint: 'its log says why the evaluation did not get that far; the evaluating job has to upload the record',
  });
}
