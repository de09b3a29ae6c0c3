/** A wrapper's own words about an error that stands further up. */
const ABOUT_ANOTHER = /see (root cause|the error|stack trace)|core initialization failed/i;

/** What vLLM logs of its work: `(EngineCore pid=7) INFO 11-29 20:51:48 [core.py:12] ...`. */
const ROUTINE = /^(?:\([^()]* pid=\d+\) )?(?:INFO|DEBUG|WARNING) \d\d-\d\d \d\d:\d\d:\d\d /;

/** Signals that others send: whoever gets one has not said why. */
const OF_OTHERS: readonly (NodeJS.Signals | null)[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'];

/** Lines of a log that say something of an end: no progress bars, and nothing that an engine says as long as all is well. */
export function linesOfEnd(text: string): string[] {
  return linesOf(text).filter((line) => !ROUTINE.test(line));
}

function linesOf(text: string): string[] {
  return (
    text
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      // Progress bars are no words.
      .filter((line) => line !== '' && !line.includes('%|'))
  );
}

/**
 * The line of a log's end that says most: its last error, else its last line; empty where there is none.
 *
 * @param isOver whether whoever wrote it has ended; what was routine then says nothing.
 */
export function lastWords(text: string, { isOver = false }: { isOver?: boolean } = {}): string {
  const lines = isOver ? linesOfEnd(text) : linesOf(text);
  return (lastError(lines) ?? lines.at(-1) ?? '').slice(0, 300);
}

/**
 * Whether the last line of a log says why its writer ended.
 *
 * @param signal that ended it; null for none. What was said before a signal of others is no reason, an error aside.
 */
export function saysWhy(line: string, signal: NodeJS.Signals | null): boolean {
  return !OF_OTHERS.includes(signal) || lastError([line]) !== undefined;
}

function lastError(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => /(Error|ERROR|Exception|error):/.test(line) && !ABOUT_ANOTHER.test(line));
}
