import { SosBenchError } from '../../error.ts';
import { asTrusted, type Trusted } from './trusted.ts';

/** Digests of records that workflow inputs carried: of a whole record, and of shards by their number. */
export interface RecordDigests {
  record: Trusted<string> | null;
  shards: ReadonlyMap<number, Trusted<string>>;
}

/**
 * Reads `record-digest`: 64 hex digits (also behind `sha256:`), or the outputs of the jobs that evaluated as JSON, of which
 * `record-digest`, `record-digest-1`, `record-digest-2`, ... are taken. Null where the input is empty: then nothing is asked for. An
 * object without digests asks for one and has none, so that a job that failed leaves no record to be believed.
 *
 * @throws SosBenchError `usage`.
 */
export function parseRecordDigest(text: string): RecordDigests | null {
  const given = text.trim();
  if (given === '') return null;
  if (!given.startsWith('{')) return { record: readDigest('record-digest', given), shards: new Map() };
  const outputs = parseObject(given);
  const shards = new Map<number, Trusted<string>>();
  let record: Trusted<string> | null = null;
  for (const [name, value] of Object.entries(outputs)) {
    const found = /^record-digest(?:-([1-9]\d{0,3}))?$/.exec(name);
    if (found === null || value === '' || value === null) continue;
    const digest = readDigest(name, String(value));
    if (found[1] === undefined) record = digest;
    else shards.set(Number(found[1]), digest);
  }
  return { record, shards };
}

function parseObject(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (cause) {
    throw unusable('record-digest starts like JSON, but is not valid JSON', cause);
  }
  throw unusable('record-digest is not a JSON object');
}

function readDigest(name: string, text: string): Trusted<string> {
  const [, digest] = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (digest === undefined) throw unusable(`${name} is '${text.slice(0, 80)}'`);
  return asTrusted(digest);
}

function unusable(message: string, cause?: unknown): SosBenchError {
  return new SosBenchError('usage', message, {
    hint: 'give the output `record-digest` of the run action (64 hex digits), or `toJSON(needs.JOB.outputs)` of the jobs that evaluated',
    cause,
  });
}

/**
 * Refuses what is not what a workflow input says it has to be.
 *
 * @throws SosBenchError `digest-mismatch`.
 */
export function requireSame(what: string, found: string | null, wanted: Trusted<string>): Trusted<string> {
  if (found === wanted) return wanted;
  throw new SosBenchError(
    'digest-mismatch',
    `${what} is ${found ?? 'not known'}, and the workflow says it has to be ${wanted}`,
    {
      hint: 'something replaced it after the job that made it: run that job again; if it happens again, look for who else writes it',
    },
  );
}

/** A digest or hash that a workflow input holds; null where it is empty. */
export function trustInput(text: string | null): Trusted<string> | null {
  return text === null || text.trim() === '' ? null : asTrusted(text.trim());
}
