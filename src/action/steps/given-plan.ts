import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SosBenchError } from '../../error.ts';
import { readPlan } from '../../evaluate/read-plan.ts';
import { parsePlan } from '../../suite/parse-plan.ts';
import type { Suite } from '../../suite/plan.ts';
import { makeFolder, writeFileAtomic } from '../../system/files.ts';
import { askGit } from '../../system/git.ts';
import type { Connection } from '../connection.ts';
import type { ActionWorld } from '../world.ts';
import { type Base, fetchBaseFile } from './base-file.ts';
import { type Subject, temporaryFolder } from './references.ts';

export interface GivenPlan {
  path: string;
  suite: Suite;
  /** What the reader of the report should know. */
  notes: string[];
}

/**
 * The plan that `plan` names. It says which questions a change is asked, so the change may not choose it: of a file that is part
 * of its checkout the base's version is followed. What an earlier step made, or lies outside the workspace, is taken as it is.
 *
 * @throws SosBenchError `plan-invalid`; `usage` where the base has no such file, or cannot be looked into.
 */
export async function findGivenPlan(
  given: string | undefined,
  world: ActionWorld,
  connection: Pick<Connection, 'client'>,
  { base }: Subject,
): Promise<GivenPlan | null> {
  if (given === undefined) return null;
  const path = resolve(world.cwd, given);
  const file = base === null ? null : await fileOfChange(path, world, base);
  if (base === null || file === null) return { path, suite: (await readPlan(path)).suite, notes: [] };
  const ofBase = await readOfBase(file, given, world, connection, base);
  if (ofBase === null) return { path, suite: (await readPlan(path)).suite, notes: [] };
  const { content, at, notes } = ofBase;
  const plan = parsePlan(content, `${file.name} (at ${at})`);
  const { suite } = plan;
  if ((await readFile(path, 'utf8').catch(() => null)) === content) return { path, suite, notes };
  const folder = temporaryFolder(world);
  await makeFolder(folder);
  const copy = join(folder, 'plan-of-base.json');
  await writeFileAtomic(copy, content);
  const own = await readPlan(path).catch(() => null);
  if (own?.planHash === plan.planHash) return { path: copy, suite, notes };
  const edited = `This change edits ${file.name}. It was asked what the plan of its base has; the edit counts once it is merged.`;
  return { path: copy, suite, notes: [...notes, edited] };
}

/** A file that is, or may be, part of what a change checked out. */
interface ChangeFile {
  /** Root of the checkout; null where no repository is to be seen. */
  repository: string | null;
  /** Path in the repository. */
  name: string;
}

async function fileOfChange(path: string, world: ActionWorld, base: Base): Promise<ChangeFile | null> {
  const { cwd, environment } = world;
  const root = await realpath(cwd);
  const real = await realpath(path).catch(() => null);
  const named = within(cwd, path) ?? within(root, path);
  const found = real === null ? null : within(root, real);
  const name = named ?? found;
  if (name === null) return null;
  const outer = findRepository(root);
  // What is reached by a link, or is gone, is what the base has under that name.
  if (real === null || (named !== null && named !== found))
    return { repository: outer, name: outer === null ? name : relative(outer, join(root, name)) };
  const own = findRepository(dirname(real));
  if (own === null) return { repository: null, name };
  const git = (...args: string[]) => askGit(args, own, environment);
  if ((await git('rev-parse', '--verify', 'HEAD')).stdout?.trim() === base.sha) return null;
  // A submodule, say: which commit of it is checked out is the change's to choose.
  if (outer !== null && own !== outer) throw ofItsOwn(relative(root, real));
  const { exitCode } = await git('--literal-pathspecs', 'ls-files', '--error-unmatch', '--', real);
  return exitCode === NOT_TRACKED ? null : { repository: own, name: relative(own, real) };
}

/** Exit code of `git ls-files --error-unmatch` for a file that it does not know; all else may hide one. */
const NOT_TRACKED = 1;

/** Null where nothing was checked out, and so nothing is the change's. */
async function readOfBase(
  { repository, name }: ChangeFile,
  given: string,
  { environment }: ActionWorld,
  { client }: Pick<Connection, 'client'>,
  base: Base,
): Promise<{ content: string; at: string; notes: string[] } | null> {
  if (repository !== null) {
    const { stdout } = await askGit(['cat-file', 'blob', `${base.sha}:${name}`], repository, environment);
    if (stdout !== null) return { content: stdout, at: base.sha.slice(0, 12), notes: [] };
  }
  if (client === null) {
    if (repository === null) return null;
    throw ofItsOwn(given);
  }
  const { content, ...where } = await fetchBaseFile(client, name, base);
  if (content !== null) return { content, ...where };
  if (repository === null) return null;
  throw new SosBenchError('usage', `the base (${where.at}) has no plan ${name}`, {
    hint: 'which questions a change is asked must not be its own to choose: merge the plan first, or set `suite: pr` in its place',
  });
}

function ofItsOwn(plan: string): SosBenchError {
  return new SosBenchError('usage', `plan ${plan} is part of the pull request's own checkout`, {
    hint:
      'which questions a change is asked must not be its own to choose: check the base out beside it (actions/checkout with ref: ' +
      '$' +
      '{{ github.event.pull_request.base.sha }} and path: base) and give plan: base/...',
  });
}

/** Path below a folder; null for one outside of it. */
function within(folder: string, path: string): string | null {
  const below = relative(folder, path);
  return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? null : below;
}

/** Root of the repository that a folder is in. Git may refuse to say (another owner), and then it is one all the same. */
function findRepository(folder: string): string | null {
  if (existsSync(join(folder, '.git'))) return folder;
  const above = dirname(folder);
  return above === folder ? null : findRepository(above);
}
