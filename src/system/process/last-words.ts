/** A wrapper's own words about an error that stands further up. */
const ABOUT_ANOTHER = /see (root cause|the error|stack trace)|core initialization failed/i;

/** The line of a log's end that says most: its last error, else its last line; empty where there is none. */
export function lastWords(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    // Progress bars are no words.
    .filter((line) => line !== '' && !line.includes('%|'));
  const error = lines.findLast(
    (line) => /(Error|ERROR|Exception|error):/.test(line) && !ABOUT_ANOTHER.test(line),
  );
  return (error ?? lines.at(-1) ?? '').slice(0, 300);
}
