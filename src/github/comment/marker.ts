import { z } from 'zod';
import { isCommitId } from '../../commit-id.ts';
import { SosBenchError } from '../../error.ts';

/** Which report a comment or a check run is, and which run wrote it. */
export interface Stamp {
  /** Several reports can stand on one pull request; each has its own id. */
  report: string;
  /** Head sha that was evaluated, whole. */
  sha: string;
  run: number;
  attempt: number;
}

const MARKER =
  /^<!-- sos-bench:report=(\S+) sha=([0-9a-f]{40}|[0-9a-f]{64}) run=(\d{1,15}) attempt=(\d{1,6}) -->(?:\r?\n|$)/;

const SHORT_ID = z.string().trim().min(1).max(100);

/**
 * The hidden first line of a comment. A report id may hold any text; it is encoded so that it can end neither the
 * marker nor the HTML comment.
 *
 * @throws SosBenchError `usage` when the id is empty or longer than 100 characters, or the sha is not whole.
 */
export function writeMarker({ report, sha, run, attempt }: Stamp): string {
  return `<!-- sos-bench:report=${encodeReport(report)} sha=${checkSha(sha)} run=${run} attempt=${attempt} -->`;
}

/** The stamp of a comment of ours, or null. Only the very first line counts: no report's text can hold another. */
export function readMarker(body: string): Stamp | null {
  const [, report, sha, run, attempt] = MARKER.exec(body) ?? [];
  if (report === undefined || sha === undefined) return null;
  const id = decodeReport(report);
  return id === null ? null : { report: id, sha, run: Number(run), attempt: Number(attempt) };
}

/** Which report a check run is of, and what it is about. */
export interface RunStamp extends Omit<Stamp, 'sha'> {
  /** Null where it is about the commit alone: in a merge group. */
  pull: number | null;
  /** One of several jobs that share a report, by what tells it apart; null where there is one alone. */
  leg: string | null;
  /** How many jobs share the report, where the job knows; left out where it has no leg. */
  legs?: number | undefined;
  /** Of a record that the change's own author made. */
  isClaim: boolean;
  /** Of a whole evaluation of just this commit that somebody who may asked for: it stands for claims. */
  isConfirming: boolean;
}

/** What may be left out of a check run's stamp. */
export type SectionOf = Partial<Pick<RunStamp, 'pull' | 'leg' | 'legs' | 'isClaim' | 'isConfirming'>>;

/** A check run's `external_id`. */
export function writeExternalId(stamp: Omit<Stamp, 'sha'> & SectionOf): string {
  const {
    report,
    run,
    attempt,
    pull = null,
    leg = null,
    legs,
    isClaim = false,
    isConfirming = false,
  } = stamp;
  return [
    `sos-bench:report=${encodeReport(report)} run=${run} attempt=${attempt}`,
    pull !== null && `pull=${pull}`,
    leg !== null && `leg=${encodeReport(leg)}`,
    leg !== null && legs !== undefined && `legs=${legs}`,
    isClaim && 'claim=1',
    isConfirming && 'confirm=1',
  ]
    .filter(Boolean)
    .join(' ');
}

const EXTERNAL_ID =
  /^sos-bench:report=(\S+) run=(\d{1,15}) attempt=(\d{1,6})(?: pull=(\d{1,10}))?(?: leg=(\S+))?(?: legs=(\d{1,4}))?( claim=1)?( confirm=1)?$/;

/** What a check run of ours is of, or null. */
export function readExternalId(text: string | null): RunStamp | null {
  const [, report, run, attempt, pull, leg, legs, claim, confirm] = EXTERNAL_ID.exec(text ?? '') ?? [];
  const id = report === undefined ? null : decodeReport(report);
  const legId = leg === undefined ? null : decodeReport(leg);
  if (id === null || (leg !== undefined && legId === null)) return null;
  return {
    report: id,
    run: Number(run),
    attempt: Number(attempt),
    pull: pull === undefined ? null : Number(pull),
    leg: legId,
    ...(legs === undefined ? {} : { legs: Number(legs) }),
    isClaim: claim !== undefined,
    isConfirming: confirm !== undefined,
  };
}

/** Above 0 where `a` is the newer run: by run id, then by attempt. */
export function compareRuns(a: Pick<Stamp, 'run' | 'attempt'>, b: Pick<Stamp, 'run' | 'attempt'>): number {
  return a.run - b.run || a.attempt - b.attempt;
}

function encodeReport(report: string): string {
  const parsed = SHORT_ID.safeParse(report);
  if (parsed.success && !/\p{Cs}/u.test(parsed.data))
    return encodeURIComponent(parsed.data).replace(/-(?=-)|-$/g, '%2D');
  throw new SosBenchError('usage', `'${report.slice(0, 120)}' cannot be a report id`, {
    hint: 'it has 1 to 100 characters',
  });
}

function decodeReport(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** @throws SosBenchError `usage` unless it is a whole commit sha. */
export function checkSha(sha: string): string {
  if (isCommitId(sha)) return sha;
  throw new SosBenchError('usage', `'${sha.slice(0, 60)}' is not a whole commit sha`, {
    hint: 'it has 40 hexadecimal digits (64 in a repository of SHA-256)',
  });
}
