import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { REDACTED, redactSecrets } from '../system/secrets.ts';

/** Programs that a training team may look into. */
export const LOGGERS = ['wandb', 'trackio', 'mlflow', 'tensorboard'] as const;
export type Logger = (typeof LOGGERS)[number];

/** Where results are logged: one address of `log`. */
export interface LogTarget {
  logger: Logger;
  /** As it was given. */
  text: string;
  /** A project, or `ENTITY/PROJECT`, of wandb and trackio; of mlflow the experiment; empty for tensorboard. */
  project: string;
  /** Of mlflow its tracking URI, of tensorboard its folder; empty for the others. */
  uri: string;
}

/** What each address looks like, for hints. */
export const TARGET_FORMS =
  'wandb:PROJECT, wandb:ENTITY/PROJECT, trackio:PROJECT, mlflow:URI, mlflow:URI#EXPERIMENT or tensorboard:DIR';

/** The experiment of MLflow where the address names none; in Databricks it is a path of the workspace. */
const DEFAULT_EXPERIMENT = { usual: 'sos-bench', databricks: '/Shared/sos-bench' };
/** A workspace of Databricks: that of the variables, or a profile of its own configuration. */
const DATABRICKS = /^databricks(?::\/\/[\w.-]+)?$/;

const MAX_LENGTH = 500;
/** Names that the servers of W&B and trackio take. */
const PROJECT = /^[A-Za-z0-9_][\w.-]{0,127}$/;

/**
 * Reads one address.
 *
 * @returns what is wrong with it, in words that follow the address, where something is.
 */
export function parseLogTarget(text: string): LogTarget | string {
  const [, name, rest = ''] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  if (!LOGGERS.some((logger) => logger === name)) return `not an address such as ${TARGET_FORMS}`;
  // A terminal and a log would be driven by them.
  if (/\p{Cc}/u.test(text) || text.length > MAX_LENGTH) return 'not an address of one short line';
  const logger = name as Logger;
  switch (logger) {
    case 'wandb':
    case 'trackio': {
      const parts = rest.split('/');
      const isNamed = parts.every((part) => PROJECT.test(part));
      if (!isNamed || parts.length > (logger === 'wandb' ? 2 : 1))
        return `not a project of ${logger}: letters, digits, '_', '-' and '.'`;
      return { logger, text, project: rest, uri: '' };
    }
    case 'tensorboard':
      if (rest === '') return 'without a folder';
      if (/^[a-z][a-z0-9+.-]*:\/\//i.test(rest)) return 'not a folder of this machine: give its path';
      return rest.startsWith('~') ? HOME : { logger, text, project: '', uri: rest };
    case 'mlflow': {
      const [uri = '', named, ...more] = rest.split('#');
      const isDatabricks = DATABRICKS.test(uri);
      const project = named ?? DEFAULT_EXPERIMENT[isDatabricks ? 'databricks' : 'usual'];
      if (project === '' || more.length > 0) return 'not URI#EXPERIMENT';
      if (isDatabricks)
        return /^\/./.test(project)
          ? { logger, text, project, uri }
          : 'not URI#EXPERIMENT: in Databricks an experiment is a path, such as #/Shared/sos-bench';
      // As the address bar of a browser has it: `https://HOST/#/experiments/3`.
      if (project.startsWith('/')) return "not URI#EXPERIMENT: give the experiment's name, not its page";
      return faultOfUri(uri) ?? { logger, text, project, uri };
    }
  }
}

/** What is wrong with a path that only a shell understands, and only at the beginning of a word. */
const HOME = "not a whole path: no shell replaces '~' in there; give the path of the folder";

function isFileUrl(uri: string): boolean {
  try {
    return fileURLToPath(uri) !== '';
  } catch {
    // Of another machine, or no URL at all.
    return false;
  }
}

/**
 * An address, or what a comma left of one, as a message may repeat it: what stands before `@` may be a password, whatever characters it has, and
 * so may what stands where a port would.
 */
export function withoutPassword(address: string): string {
  const known = address
    .replace(/^(.*?:\/\/)?.*@/s, (_, scheme = '') => `${scheme}${REDACTED}@`)
    .replace(/(:\/\/[^\s/:]*:)(?!\d+(?:[/?#]|$)).+/s, `$1${REDACTED}`);
  return redactSecrets(known);
}

/** What is wrong with a tracking URI; null for nothing. */
function faultOfUri(uri: string): string | null {
  if (/^https?:\/\//.test(uri)) {
    if (!URL.canParse(uri)) return 'not the address of a server';
    const { username, password, search } = new URL(uri);
    if (username + password !== '')
      return 'more than an address: give name and password in MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD';
    return search === '' ? null : 'more than an address: it holds a query';
  }
  if (/^(?:(?:sqlite:\/\/\/|file:(?:\/\/)?)\/?)?~/.test(uri)) return HOME;
  if (/^(?:sqlite|file):.*\?/.test(uri)) return 'more than an address: it holds a query';
  if (/^file:\/\//.test(uri)) return isFileUrl(uri) ? null : 'not file:///DIR of this machine';
  if (/^sqlite:\/\/\/./.test(uri) || /^file:./.test(uri) || /^\.{0,2}\//.test(uri)) return null;
  return 'neither http(s)://HOST, databricks, sqlite:///FILE, file:DIR nor a path that begins with /, ./ or ../';
}

/**
 * The folder or file of this machine that a target writes to; null where it is a server's.
 *
 * @param cwd where relative paths count from.
 */
export function localPathOf({ logger, uri }: LogTarget, cwd: string): string | null {
  if (logger === 'tensorboard') return resolve(cwd, uri);
  if (logger !== 'mlflow' || /^https?:/.test(uri) || DATABRICKS.test(uri)) return null;
  if (uri.startsWith('sqlite:')) return resolve(cwd, uri.slice('sqlite:///'.length));
  if (!uri.startsWith('file:')) return resolve(cwd, uri);
  const path = uri.slice('file:'.length);
  return path.startsWith('//') ? fileURLToPath(uri) : resolve(cwd, path);
}

/** What a logger is to open: the URI or folder with its path made absolute, since its process starts elsewhere. */
export function openedBy(target: LogTarget, cwd: string): string {
  const path = localPathOf(target, cwd);
  if (path === null || target.logger === 'tensorboard') return path ?? target.uri;
  return target.uri.startsWith('sqlite:') ? `sqlite:///${path}` : pathToFileURL(path).href;
}
