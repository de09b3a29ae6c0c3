/**
 * A text as one line of a log that GitHub's runner reads: names that a change chooses stand in it, and a line that begins with `::`, or has
 * `##[` anywhere, would be a command to the runner. Control characters would also drive a terminal.
 */
export function logLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/^(\s*)::/u, '$1: :')
    .replaceAll('##[', '## [');
}
