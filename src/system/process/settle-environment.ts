import { resolve } from 'node:path';
import { leadsThrough } from '../files/workspace.ts';
import { type Environment, reachesChildren } from './child-environment.ts';

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
  NODE_PATH: /:/,
  SSL_CERT_DIR: /:/,
  XDG_CONFIG_DIRS: /:/,
  XDG_DATA_DIRS: /:/,
};
/** Their separators carry no meaning of their own: `LD_PRELOAD` takes a name without a folder from the system's. */
const NAMES_ALLOWED = new Set(['LD_PRELOAD', 'LD_AUDIT']);
/** Variables whose value is a path, or several with blanks or commas between: a relative one counts from the folder a program is started in. */
const PATHS =
  /^(HOME|TMPDIR|TMP|TEMP|NETRC|NODE_(EXTRA_CA_CERTS|ICU_DATA|REDIRECT_WARNINGS|V8_COVERAGE|REPL_HISTORY|REPL_EXTERNAL_MODULE)|OPENSSL_(CONF|MODULES|ENGINES)|VIRTUAL_ENV|CONDA_PREFIX|TRANSFORMERS_CACHE|HF_HOME|SOS_BENCH_CACHE|GIT_(DIR|WORK_TREE|INDEX_FILE|TEMPLATE_DIR)|(PIP|UV)_(CERT|SRC|LOG|TARGET|PREFIX|ROOT|CONSTRAINT|BUILD_CONSTRAINT|OVERRIDE|REQUIREMENT|FIND_LINKS|EDITABLE)|PYTHON(HOME|USERBASE|STARTUP|PYCACHEPREFIX)|.*_(HOME|CACHE|DIR|DIRS|FILE|PATH|BUNDLE|PREFIX|ROOT))$/;
/** Names that end like a path's and say yes or no: `PIP_NO_CACHE_DIR=1`, `VLLM_DISABLE_COMPILE_CACHE=1`. */
const SWITCHES = /(^|_)(NO|DISABLE|ENABLE|USE|FORCE|ALLOW|SKIP)_/;
const YES_OR_NO = /^([01]|[tfyn]|true|false|yes|no|on|off)$/i;
/** Options of Node that name a file to read: a module by its name is looked for in the folder that Node is started in, too. */
const NODE_FILES =
  /(?<=^|\s)(-r|--require|--import|--(?:experimental-)?loader|--openssl-config|--icu-data-dir|--env-file(?:-if-exists)?|--experimental-config-file|--localstorage-file)(=|\s+)(?:"([^"]*)"|(\S+))/g;
/** Others, by a path that begins with a dot; and the one that has Node read a file of its folder. */
const NODE_DOTS = /(?<==|\s|^)\.\.?\/\S*/g;
const NODE_DEFAULT_FILE = /(?<=^|\s)--experimental-default-config-file(?=\s|$)/;
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
  return `not used, because a change could influence what judges it by them: ${names.join(', ')}`;
}

/** What Node reads by itself as it starts, or at the first connection. */
const READ_BY_NODE = /^(NODE_|SSL_|OPENSSL_|LD_)/;

/** What of the dropped variables came too late, in one sentence; null for none. */
export function describeReadBefore(dropped: readonly DroppedVariable[]): string | null {
  const names = dropped.map(({ name }) => name).filter((name) => READ_BY_NODE.test(name));
  if (names.length === 0) return null;
  return (
    `Node itself reads ${names.join(', ')} before this program begins, so files of the workspace may have been taken already: ` +
    'set no such variable in a job that judges, or let it name a file outside of the workspace'
  );
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
  const isSwitch = SWITCHES.test(name) && YES_OR_NO.test(value);
  const absolute = PATHS.test(name) && !isSwitch ? absolutePaths(value, cwd) : value;
  const looked = name === 'NODE_OPTIONS' ? absoluteOptions(value, cwd) : absolute;
  const isOut = workspace !== null && namesPathIn(workspace, looked);
  return { value: isOut ? undefined : absolute, dropped: isOut };
}

/**
 * Node's options with the files that they name made absolute. Node has read them before this program runs: what is left to do is to say so.
 */
function absoluteOptions(value: string, cwd: string): string {
  const given = NODE_DEFAULT_FILE.test(value) ? `${value} ./node.config.json` : value;
  return given
    .replace(NODE_FILES, (_all, option, between, quoted, plain) => {
      const file: string = quoted ?? plain;
      return `${option}${between}${/^(\/|[a-z][a-z0-9+.-]*:)/i.test(file) ? file : resolve(cwd, file)}`;
    })
    .replace(NODE_DOTS, (path) => resolve(cwd, path));
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
