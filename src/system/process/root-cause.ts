/** What vLLM says last where a process of its engine failed: the cause stands further up. */
export const ENGINE_FAILED =
  /Engine core initialization failed|WorkerProc initialization failed|Worker failed with error|EngineDeadError|EngineCore encountered an issue/;
/** A process, then level, time and place in its code: `(EngineCore pid=7) ERROR 11-29 20:51:48 [core.py:12] `. */
const PREFIX = /^(?:\(([^()]* pid=\d+)\) )?(?:[A-Z]+ \d\d-\d\d \d\d:\d\d:\d\d \[[^\]]*\] ?)?/;
const TRACEBACK = 'Traceback (most recent call last):';
/** Names of an engine's processes: `EngineCore`, `Worker_TP0`, and `VllmWorker-0` until it has given itself another. */
const OF_ENGINE = /Engine|Worker/;
/** The last line of a traceback begins with the exception's class, at the margin. */
const EXCEPTION =
  /^(?:[A-Za-z_]\w*\.)*([A-Z]\w*(?:Error|Exception|Exit|Interrupt|Failure|Warning)|Exception)(?::\s*(.*))?$/;
/** What the core says where a worker of its has ended: its wait for an answer was given up. Nothing says what the worker ended of. */
const GIVEN_UP = /^cancelled$/;
/** Validators say what was wrong in the lines after. */
const VALIDATION = /^\d+ validation errors? for /;
const MAX_CHARACTERS = 600;

/**
 * The first exception of an engine whose failure a log reports without its cause: `ValueError: ...`, one line.
 *
 * @returns null where the log reports no such failure, or no exception stands before it.
 */
export function rootCause(log: string): string | null {
  const end = lastMatch(log, ENGINE_FAILED);
  if (end === null) return null;
  const found: { text: string; ofEngine: boolean }[] = [];
  const lines = log.slice(0, log.lastIndexOf('\n', end) + 1).split(/[\r\n]+/);
  let inTraceback = false;
  for (const [index, raw] of lines.entries()) {
    const prefix = PREFIX.exec(raw)!;
    const line = raw.slice(prefix[0].length);
    if (line.startsWith(TRACEBACK)) inTraceback = true;
    if (!inTraceback) continue;
    const exception = EXCEPTION.exec(line);
    if (exception === null) continue;
    inTraceback = false;
    const [, name, message = ''] = exception;
    if (ENGINE_FAILED.test(message) || GIVEN_UP.test(message)) continue;
    const more = VALIDATION.test(message) ? ` ${withoutPrefix(lines[index + 1])}` : '';
    const text = `${name}${message && `: ${message}`}${more}`.replace(/\s+/g, ' ').slice(0, MAX_CHARACTERS);
    found.push({ text, ofEngine: OF_ENGINE.test(prefix[1] ?? '') });
  }
  // What else was logged with its traceback was caught.
  return (found.find(({ ofEngine }) => ofEngine) ?? found[0])?.text ?? null;
}

function withoutPrefix(line = ''): string {
  return line.replace(PREFIX, '').trim();
}

function lastMatch(text: string, pattern: RegExp): number | null {
  const all = [...text.matchAll(new RegExp(pattern, 'g'))];
  return all.at(-1)?.index ?? null;
}
