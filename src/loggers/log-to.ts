import { resolve } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../error.ts';
import { parseIfJson } from '../json.ts';
import { abortWith } from '../system/process/abort-with.ts';
import { type Environment, loggerVariables } from '../system/process/child-environment.ts';
import { runGuarded } from '../system/process/guarded-child.ts';
import { lastWords } from '../system/process/last-words.ts';
import { probe } from '../system/python/interpreter.ts';
import { managedPython } from '../system/python/managed.ts';
import { moduleArguments } from '../system/python/python-command.ts';
import { pythonPath } from '../system/python/resolve.ts';
import { SecretFilter } from '../system/secrets.ts';
import type { LogDocument } from './document.ts';
import { LOGGER_NEEDS, loggerEnvironment } from './environment.ts';
import { type LogTarget, openedBy } from './target.ts';

/** What logging needs of its surroundings. */
export interface LogMeans {
  /** `managed`, or a Python that has the loggers' libraries. */
  python: string;
  /** Where relative paths count from. */
  cwd: string;
  environment: Environment;
  cache: string;
  /** Where a logger leaves files that somebody sends later, as wandb does offline. */
  folder: string;
  note: (text: string) => void;
  signal?: AbortSignal | undefined;
  /** Milliseconds that a logger may take; what is usual where left out. */
  timeout?: number;
}

/** Where something was logged, in one line, and what of it could not be. */
export interface Logged {
  where: string;
  note: string | null;
}

/** A logger that waits for a network that is not there must not hold a runner. */
const TIMEOUT = 3 * 60_000;
const MAX_BUILD_TIME = 15 * 60_000;
/** How a logger ends whose library its Python does not have. */
const MISSING = 3;
const MAX_SHOWN = 300;
/** Characters at the end of what it printed in which its last words are looked for. */
const END = 50_000;

const answerSchema = z.object({ where: z.string(), note: z.string().nullable() });

/**
 * Logs one document to one target, in a process of its own that ends with us and gets the keys of no other.
 *
 * @throws SosBenchError `logger-failed`, `interrupted`, and as the managed Python.
 */
export async function logTo(target: LogTarget, document: LogDocument, means: LogMeans): Promise<Logged> {
  const { logger, text, project } = target;
  const needs = LOGGER_NEEDS[logger];
  const { signal, timeout = TIMEOUT, folder } = means;
  const python = await findLoggerPython(target, means);
  const { variables, secrets } = loggerVariables(means.environment, needs);
  const request = { logger, target: { project, uri: openedBy(target, means.cwd) }, folder, document };
  const began = performance.now();
  for (const name of needs.folders) {
    const value = variables[name];
    if (value !== undefined && !value.startsWith('~')) variables[name] = resolve(means.cwd, value);
  }
  const { stdout, stderr, exitCode, isMaxBuffer } = await runGuarded(
    [python, ...moduleArguments(python, 'sosbench_loggers')],
    { python, environment: variables, input: JSON.stringify(request), signal, timeout },
  );
  if (signal?.aborted) throw new SosBenchError('interrupted', `interrupted while logging to ${text}`);
  const filter = new SecretFilter(secrets);
  const answer = exitCode === 0 ? readAnswer(stdout, filter) : null;
  if (answer !== null) return answer;
  // Cleaned before it is cut: half a key would not be known for one.
  const words = lastWords(filter.clean((stderr ?? '').slice(-END))).replace(/^Error: /, '');
  const fail = (why: string, hint: string) =>
    new SosBenchError('logger-failed', `logging to ${text} failed: ${why}`, { hint });
  if (exitCode === MISSING)
    throw fail(
      `${python} has no ${needs.distribution}`,
      `run: ${python} -m pip install ${needs.distribution}; or leave log-python at managed`,
    );
  const isLate = performance.now() - began >= timeout;
  const ending = isMaxBuffer ? 'it printed more than 4 MB and was ended' : words || 'its process ended';
  const why = isLate ? `it did not end within ${Math.round(timeout / 1000)} s` : ending;
  throw fail(why, `${needs.remedy}. Nothing else changes by it`);
}

/** What the process said of where it logged; null for what is no such answer. */
function readAnswer(stdout: string | undefined, filter: SecretFilter): Logged | null {
  const told = answerSchema.safeParse(parseIfJson(stdout ?? '')).data;
  if (told === undefined) return null;
  const show = (text: string) => filter.clean(text).slice(0, MAX_SHOWN);
  return { where: show(told.where), note: told.note === null ? null : show(told.note) };
}

async function findLoggerPython(target: LogTarget, means: LogMeans): Promise<string> {
  const { python, cwd, environment, cache, note, signal } = means;
  if (python !== 'managed') {
    const found = await probe(pythonPath(python, cwd), loggerVariables(environment, NONE).variables);
    if (found !== null) return found.path;
    throw new SosBenchError('python-missing', `log-python '${python}' is not a Python that runs`, {
      hint: 'give the path of a Python executable, or leave log-python at "managed"',
    });
  }
  const controller = new AbortController();
  if (signal !== undefined) abortWith(controller, signal);
  const timer = setTimeout(() => controller.abort(), MAX_BUILD_TIME);
  try {
    const spec = loggerEnvironment(target.logger);
    return await managedPython({ cache, environment, note, spec, signal: controller.signal });
  } catch (error) {
    if (!controller.signal.aborted || signal?.aborted) throw error;
    throw new SosBenchError(
      'logger-failed',
      `nothing was logged to ${target.text}: its environment took too long to build`,
      {
        hint: 'build it where the network is good (the cache keeps it), or name a Python that has the library with log-python',
        cause: error,
      },
    );
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

const NONE = { prefixes: [], variables: [] };
