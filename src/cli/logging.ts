import { type Command, InvalidArgumentError, Option } from 'commander';
import { SosBenchError } from '../error.ts';
import { makeLogDocument } from '../loggers/document.ts';
import { logTo } from '../loggers/log-to.ts';
import { logToEach } from '../loggers/log-to-each.ts';
import { type LogTarget, parseLogTarget, TARGET_FORMS, withoutPassword } from '../loggers/target.ts';
import { escapeTerminal } from '../markdown/escape.ts';
import type { RunRecord } from '../record/schema.ts';
import { textList } from '../settings/value-types.ts';
import { cacheRoot } from '../system/paths.ts';
import { interruptible } from '../system/process/interruptible.ts';
import type { Verdict } from '../verdict/schema.ts';
import type { Summary } from '../verdict/summary.ts';
import { VERSION } from '../version.ts';
import type { Runtime } from './runtime.ts';

/** Flags of every command that can log what it prints. */
export interface LogFlags {
  log?: LogTarget[];
  logPython?: string;
}

/** What is to be logged of one record. */
export interface Loggable {
  record: RunRecord;
  summary: Summary;
  /** Null where it was compared with nothing. */
  verdict: Verdict | null;
}

/** Adds the flags. They are no settings: who looks at records at a terminal logs nothing that was not asked for there. */
export function addLogging(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--log <ADDRESS,...>',
        `Log scores and verdict, too, and never texts: ${TARGET_FORMS}; may be repeated.`,
      )
        .argParser(append)
        .helpGroup('Record:'),
    )
    .addOption(
      new Option(
        '--log-python <managed|PATH>',
        'Python of the loggers: managed builds one for each that is named, from our lock; PATH uses a Python that has them. Default: managed.',
      ).helpGroup('Record:'),
    );
}

/** @throws InvalidArgumentError, which commander prints. */
function append(value: string, before: LogTarget[] = []): LogTarget[] {
  const found = textList.parse(value).map((part) => {
    const target = parseLogTarget(part);
    if (typeof target !== 'string') return target;
    throw new InvalidArgumentError(`'${withoutPassword(part)}' is ${target}.`);
  });
  return [...before, ...found];
}

/**
 * Logs what a command made of one record, and says where. What fails is a line on stderr: results and exit code stay what they are.
 *
 * @returns whether it was not interrupted: then nothing more is to be logged.
 */
export async function logResults(
  { record, summary, verdict }: Loggable,
  { log = [], logPython: python = 'managed' }: LogFlags,
  runtime: Runtime,
): Promise<boolean> {
  const { cwd, environment } = runtime;
  const say = (text: string) => runtime.stderr.write(`${escapeTerminal(text, 1000)}\n`);
  const document = makeLogDocument({
    ...{ summary, verdict, record, version: VERSION },
    ...{ series: [], pull: null, isClaim: false, run: null, history: [], now: runtime.now() },
  });
  const means = { python, cwd, environment, cache: cacheRoot(environment), folder: cwd, note: say };
  return await logToEach(log, {
    log: (target) => interruptible(runtime, (signal) => logTo(target, document, { ...means, signal })),
    logged: (target, { where, note }) => {
      say(`Logged to ${target.text}: ${where}`);
      if (note !== null) say(`warning: ${note}`);
    },
    failed: (target, error) => {
      if (!(error instanceof SosBenchError))
        return say(`warning: logging to ${target.text} failed: ${String(error)}`);
      say(`warning: ${error.message} [${error.code}]`);
      if (error.hint) say(`hint: ${error.hint}`);
    },
  });
}
