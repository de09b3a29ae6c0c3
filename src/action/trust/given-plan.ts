import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { readPlan } from '../../evaluate/planning/read-plan.ts';
import { requireSame, trustInput } from '../../settings/trust/digests.ts';
import type { Origin } from '../../settings/trust/effective.ts';
import { parsePlan } from '../../suite/plan/parse-plan.ts';
import type { Plan, Suite } from '../../suite/plan/plan.ts';
import { makeFolder, writeFileAtomic } from '../../system/files/files.ts';
import { findLink } from '../../system/files/links.ts';
import type { Connection } from '../connection.ts';
import { privateFolder } from '../private-folder.ts';
import type { ActionRuntime } from '../runtime.ts';
import { readBaseFile } from './base-file.ts';
import { leadsIntoWorkspace } from './paths.ts';
import type { Trust } from './trust.ts';

export interface GivenPlan {
  path: string;
  suite: Suite;
  hash: string;
  /** By whose word it is the plan. */
  from: Origin;
  /** What the reader of the report should know. */
  notes: string[];
}

interface Asked {
  /** `plan`, as it was given; undefined for none. */
  plan: string | undefined;
  /** `plan-hash`; null for none. */
  hash: string | null;
  /** Where `plan` is from. */
  from: Origin;
}

/**
 * The plan that `plan` names. It says which questions a change is asked, so the change may not choose it: in the workspace the base's
 * version is followed, or what has the hash that the workflow names. What lies outside the workspace is taken as it is.
 *
 * @throws SosBenchError `plan-invalid`; `digest-mismatch`; `claimed-path` where the base has no such file, or cannot be looked into.
 */
export async function findGivenPlan(
  { plan: given, hash, from }: Asked,
  trust: Trust,
  connection: Pick<Connection, 'client'>,
  runtime: ActionRuntime,
): Promise<GivenPlan | null> {
  const wanted = trustInput(hash);
  if (given === undefined) {
    if (wanted === null) return null;
    throw new SosBenchError('usage', 'plan-hash needs a plan', {
      hint: 'give `plan`, the file that has that hash',
    });
  }
  const path = resolve(runtime.cwd, given);
  const isClaimed = trust.isChange && (await leadsIntoWorkspace(path, runtime));
  const link = isClaimed ? await findLink(runtime.cwd, path) : null;
  if (!isClaimed || wanted !== null) {
    if (link !== null) throw isLink(given, link);
    const plan = await readPlan(path);
    if (wanted !== null) requireSame(`the plan ${given}`, plan.planHash, wanted);
    const found = { suite: plan.suite, hash: plan.planHash, from: wanted === null ? from : 'input' } as const;
    // What is followed is what was looked at.
    return { ...found, path: isClaimed ? await keep(plan, runtime) : path, notes: [] };
  }
  const file = trust.base === null ? null : await readBaseFile(given, trust.base, connection, runtime);
  const content = file?.content ?? null;
  if (file === null || content === null) throw claimed(given, trust, file?.at ?? null);
  const plan = parsePlan(content, `${relative(runtime.cwd, path)} (at ${file.at})`);
  const found = { suite: plan.suite, hash: plan.planHash, from, notes: file.notes };
  const copy = await keep(plan, runtime);
  if (link === null && !(await isEdited(path, content, plan))) return { ...found, path: copy };
  const edited = `This change edits ${given}. It was evaluated on the plan of its base; the edit counts once it is merged.`;
  return { ...found, path: copy, notes: [...file.notes, edited] };
}

function isLink(plan: string, link: string): SosBenchError {
  return new SosBenchError('usage', `the plan ${plan} is not read: ${link} is a link`, {
    hint: 'no link of the workspace is followed: give the file itself, outside of the workspace at best',
  });
}

async function isEdited(path: string, content: string, plan: Plan): Promise<boolean> {
  if ((await readFile(path, 'utf8').catch(() => null)) === content) return false;
  const own = await readPlan(path).catch(() => null);
  return own?.planHash !== plan.planHash;
}

async function keep(plan: Plan, runtime: ActionRuntime): Promise<string> {
  const folder = privateFolder(runtime);
  await makeFolder(folder);
  const copy = join(folder, 'plan-given.json');
  await writeFileAtomic(copy, JSON.stringify(plan));
  return copy;
}

function claimed(plan: string, { what }: Trust, at: string | null): SosBenchError {
  const why = at === null ? 'and the base cannot be read' : `and the base (${at}) has no such file`;
  return new SosBenchError('claimed-path', `plan ${plan} is part of the ${what}'s own checkout, ${why}`, {
    hint:
      'a change must not choose its own questions: give `plan-hash`, the output of `plan` (needs.plan.outputs.plan-hash), ' +
      'merge the plan first, or set `suite: pr` in its place',
  });
}
