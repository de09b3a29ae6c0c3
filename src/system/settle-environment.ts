import { resolve } from 'node:path';
import { type Environment, reachesChildren } from './child-environment.ts';
import { leadsThrough } from './workspace.ts';

/** Variables whose value is a list of paths; one that is empty or relative means the folder a program is started in. */
const LISTS: Record<string, RegExp> = {
  PATH: /:/,
  LD_LIBRARY_PATH: /:/,
  LD_PRELOAD: /[: ]/,
  LD_AUDIT: /:/,
  LIBRARY_PATH: /:/,
  CPATH: /:/,
  PYTHONPATH: /:/,
  NLTK_DATA: /:/,
  XDG_CONFIG_DIRS: /:/,
  XDG_DATA_DIRS: /:/,
};
/** Their separators carry no meaning of their own: `LD_PRELOAD` takes a name without a folder from the system's. */
const NAMES_ALLOWED = new Set(['LD_PRELOAD', 'LD_AUDIT']);
/** Variables whose value is a path, or several with blanks or commas between: a relative one counts from the folder a program is started in. */
const PATHS =
  /^(HOME|TMPDIR|TMP|TEMP|NETRC|VIRTUAL_ENV|CONDA_PREFIX|TRANSFORMERS_CACHE|HF_HOME|SOS_BENCH_CACHE|GIT_(DIR|WORK_TREE|INDEX_FILE|TEMPLATE_DIR)|(PIP|UV)_(CERT|SRC|LOG|TARGET|PREFIX|ROOT|CONSTRAINT|BUILD_CONSTRAINT|OVERRIDE|REQUIREMENT|FIND_LINKS|EDITABLE)|PYTHON(HOME|USERBASE|STARTUP|PYCACHEPREFIX)|.*_(HOME|CACHE|DIR|DIRS|FILE|PATH|BUNDLE|PREFIX|ROOT))$/;
/** What no child gets, and what we or the interpreter of this process read. */
const READ_HERE =
  /^(LD_|PYTHON|NODE_|GIT_|SSL_|HF_|PIP_|UV_|XDG_|SOS_BENCH_|TRANSFORMERS_|CONDA_|npm_config_|NPM_CONFIG_|NETRC$|VIRTUAL_ENV$|LIBRARY_PATH$|CPATH$|OPENSSL_)/;

/** An address elsewhere: its path is none of this machine's. */
const ADDRESS = /\b(?![a-z+]*file:)[a-z][a-z0-9+.-]*:\/\/\S*/gi;

/** A variable that was taken out, whole or in part. */
export interface DroppedVariable {
  name: string;
  /** Whether some entries of a list stay. */
  part: boolean;
}

/**
 * The environment with every path in it made absolute, since children are started elsewhere, and without what names a path in the
 * workspace. Variables that neither a child gets nor we read stay as they are.
 *
 * @param cwd where relative paths count from: the folder the user is in.
 * @param workspace real path of the folder that is not to be trusted; null for none.
 */
export function settleEnvironment(
  environment: Environment,
  cwd: string,
  workspace: string | null,
): { environment: Environment; dropped: DroppedVariable[] } {
  const settled: Environment = { ...environment };
  const dropped: DroppedVariable[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!value || !(reachesChildren(name) || READ_HERE.test(name))) continue;
    const kept =
      name in LISTS ? settleList(name, value, cwd, workspace) : settleValue(name, value, cwd, workspace);
    if (kept.dropped) dropped.push({ name, part: kept.value !== undefined });
    if (kept.value === undefined) delete settled[name];
    else settled[name] = kept.value;
  }
  return { environment: settled, dropped };
}

/** The dropped variables in one sentence; null where there are none. */
export function describeDropped(dropped: readonly DroppedVariable[]): string | null {
  if (dropped.length === 0) return null;
  const names = dropped.map(({ name, part }) => (part ? `${name} (some entries)` : name));
  return `not used, since a change could set up by them what judges it: ${names.join(', ')}`;
}

interface Settled {
  value: string | undefined;
  dropped: boolean;
}

function settleList(name: string, value: string, cwd: string, workspace: string | null): Settled {
  const entries = value
    .split(LISTS[name]!)
    .filter((entry) => entry !== '' || !NAMES_ALLOWED.has(name))
    .map((entry) => (NAMES_ALLOWED.has(name) && !entry.includes('/') ? entry : resolve(cwd, entry)));
  const kept = entries.filter(
    (entry) => workspace === null || !entry.includes('/') || !leadsThrough(workspace, entry),
  );
  return {
    value: kept.length === 0 ? undefined : kept.join(':'),
    dropped: kept.length < entries.length,
  };
}

function settleValue(name: string, value: string, cwd: string, workspace: string | null): Settled {
  const absolute = PATHS.test(name) ? absolutePaths(value, cwd) : value;
  const isOut = workspace !== null && namesPathIn(workspace, absolute);
  return { value: isOut ? undefined : absolute, dropped: isOut };
}

/** Relative paths made absolute. Addresses, and `~` for the home folder, are none. */
function absolutePaths(value: string, cwd: string): string {
  return value.replace(/[^\s,]+/g, (word) =>
    /^(\/|~|[a-z][a-z0-9+.-]*:)/i.test(word) ? word : resolve(cwd, word),
  );
}

/** Whether a text names a path in a folder: itself, or a word of it such as `file:///DIR`, `--require=/DIR/x` or `name=/DIR`. */
function namesPathIn(folder: string, text: string): boolean {
  const local = text.replace(ADDRESS, ' ');
  const texts = local.includes('%') ? [local, decoded(local)] : [local];
  return texts.some((one) => {
    const words = one.match(/\/[^\s,;:'"|]*/g) ?? [];
    return (
      one.includes(`${folder}/`) ||
      [one, ...words].some((word) => word.startsWith('/') && leadsThrough(folder, word))
    );
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
