/** A wrapper's own words about an error that stands further up. */
const ABOUT_ANOTHER = /see (root cause|the error|stack trace)|core initialization failed/i;

/** What vLLM logs of its work: `(EngineCore pid=7) INFO 11-29 20:51:48 [core.py:12] ...`. */
const ROUTINE = /^(?:\([^()]* pid=\d+\) )?(?:INFO|DEBUG) \d\d-\d\d \d\d:\d\d:\d\d /;

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
  const error = lines.findLast(
    (line) => /(Error|ERROR|Exception|error):/.test(line) && !ABOUT_ANOTHER.test(line),
  );
  return (error ?? lines.at(-1) ?? '').slice(0, 300);
}
