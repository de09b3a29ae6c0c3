/** What YAML reads as something else than a text. */
const NO_TEXT = /^(true|false|null|yes|no|on|off|y|n)$|^\.(\d|inf$|nan$)/i;

/** A text as one plain or quoted value of YAML, also within braces. */
export function scalar(text: string): string {
  // JSON's strings are YAML's quoted ones.
  return /^[A-Za-z./][\w./-]*$/.test(text) && !NO_TEXT.test(text) ? text : JSON.stringify(text);
}

/** As `scalar`, after a colon at the end of a line: more texts stand there as they are. */
export function plainLine(text: string): string {
  return /^[A-Za-z./][\w ./:=@$"'+,%-]*$/.test(text) && !/: | #|\s$|:$/.test(text) && !NO_TEXT.test(text)
    ? text
    : JSON.stringify(text);
}

/** Lines with so many spaces before each that is not empty. */
export function indent(lines: readonly string[], spaces: number): string[] {
  return lines.map((line) => (line === '' ? line : ' '.repeat(spaces) + line));
}

/** Words of a comment as its lines. */
export function comment(text: string, width = 132): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
