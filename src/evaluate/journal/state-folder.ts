import { createHash } from 'node:crypto';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasSystemCode } from '../../error.ts';
import { type Shard, shardName } from '../../suite/plan/shards.ts';
import type { JournalIdentity } from './entry.ts';

/**
 * The layout of a `state-dir`: `sos-bench-run-RUN/KEY/attempt-N.ndjson`. RUN is one run of a workflow, KEY one evaluation of it
 * (plan, model, protocol and shard), and every attempt has a file of its own: one that is cut off from its runner and
 * still writes spoils no later one's.
 */
const RUN_FOLDER = /^sos-bench-run-[\w.-]+$/;
const ATTEMPT_FILE = /^attempt-([1-9]\d*)\.ndjson$/;

/** GitHub lets a run be run again for 30 days. */
const MAX_AGE_MS = 30 * 24 * 3600 * 1000;
/** A journal of the full suite takes some tens of MB. */
const MAX_RUNS = 100;

/** The folder of a run of a workflow. */
export function runFolder(root: string, run: string): string {
  return join(root, `sos-bench-run-${run.replaceAll(/[^\w.-]+/g, '-')}`);
}

/** The folder of one evaluation of a run. */
export function evaluationFolder(runPath: string, identity: JournalIdentity, shard: Shard | null): string {
  const { planHash, modelDigest, protocol } = identity;
  const settings = Object.entries(protocol).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([planHash, modelDigest, settings, shard && shardName(shard)]);
  return join(runPath, createHash('sha256').update(text).digest('hex').slice(0, 16));
}

export function attemptFile(folder: string, attempt: number): string {
  return join(folder, `attempt-${attempt}.ndjson`);
}

/** Whether a folder is one of a run, and not a user's own of such a name. */
export async function isRunFolder(path: string): Promise<boolean> {
  if (!RUN_FOLDER.test(basename(path))) return false;
  for (const folder of await listEvaluations(path)) if ((await listAttempts(folder)).length > 0) return true;
  return false;
}

/** Attempts that left a journal in a folder, newest first. */
export async function listAttempts(folder: string): Promise<number[]> {
  const found = (await names(folder)).map((name) => Number(ATTEMPT_FILE.exec(name)?.[1]));
  return found.filter((attempt) => attempt > 0).sort((a, b) => b - a);
}

/** Folders of the evaluations of a run. */
export async function listEvaluations(runPath: string): Promise<string[]> {
  return (await names(runPath)).map((name) => join(runPath, name));
}

/** Removes what an evaluation left, and the folder of its run where nothing else is in it. */
export async function removeEvaluation(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await rmdir(join(folder, '..')).catch(() => undefined);
}

/**
 * Removes what no run will go on from: folders of runs that were last written to 30 days ago, and all but the newest
 * hundred. Anything else in `root` is left alone.
 *
 * @param root a `state-dir`.
 * @param now milliseconds since 1970.
 * @returns the folders that were removed.
 */
export async function pruneStates(root: string, now: number): Promise<string[]> {
  const runs = [];
  for (const name of await names(root)) {
    if (RUN_FOLDER.test(name)) runs.push({ path: join(root, name), used: await lastUse(join(root, name)) });
  }
  runs.sort((a, b) => b.used - a.used);
  const old = runs.filter(({ used }, index) => index >= MAX_RUNS || now - used > MAX_AGE_MS);
  for (const { path } of old) await rm(path, { recursive: true, force: true });
  return old.map(({ path }) => path);
}

/** When anything in a run's folder was last written to. */
async function lastUse(runPath: string): Promise<number> {
  let last = await modified(runPath);
  for (const folder of await listEvaluations(runPath))
    for (const attempt of await listAttempts(folder))
      last = Math.max(last, await modified(attemptFile(folder, attempt)));
  return last;
}

async function modified(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    // Another job has just removed it.
    return 0;
  }
}

/** What is in a folder; nothing where there is none. */
async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
