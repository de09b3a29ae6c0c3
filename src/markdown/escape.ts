/** Longest piece of outside text shown, in characters. */
const MAX_LENGTH = 200;

/** Markup (underscores at the edge of a word), mentions, issue numbers, and what GitHub makes a link of. */
const DANGEROUS = /[&<>|`*~[\]\\$@#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|\bGH-(?=\d)|:\/\/|\bwww\./gi;

/**
 * Text from outside (names, reasons, settings) made harmless on one line of Markdown, table cells included: it can
 * form no markup, HTML or hidden marker, mention nobody, refer to no issue and link nowhere.
 */
export function escapeMarkdown(text: string, longest = MAX_LENGTH): string {
  return clip(oneLine(text), longest).replace(DANGEROUS, (found) =>
    // GitHub looks for mentions, issues and links in the rendered text, where a character reference is already a
    // character: those are broken up. References never act as markup and do for the rest.
    /^[&<>|`*~[\]\\$_]$/.test(found) ? toReference(found) : breakUp(found),
  );
}

/** Outside text as code: shown letter by letter and safe to copy. */
export function escapeCode(text: string, longest = MAX_LENGTH): string {
  const plain = clip(oneLine(text), longest).replace(/[^A-Za-z0-9 ./,=-]/gu, toReference);
  return `<code>${plain}</code>`;
}

/** Outside text of several lines (YAML, say), as a block that is shown letter by letter. */
export function escapeBlock(text: string, longest: number): string {
  const plain = escapeLines(clip(text.trimEnd(), longest)).replace(/[^A-Za-z0-9 \n./,=-]/gu, toReference);
  return `<pre>${plain}</pre>`;
}

/** Outside text for a log: its lines stay, control sequences and direction marks go. */
export function escapeLines(text: string): string {
  const lines = text.split(/\r\n|[\r\n\u2028\u2029]/);
  return lines.map((line) => line.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')).join('\n');
}

/** What chooses how the character before it is drawn: terminals differ in how many columns the two take. */
const VARIANT = /[\u{fe00}-\u{fe0f}\p{EMod}]/gu;

/**
 * Outside text for a terminal: one line, without control sequences, and with no picture that is joined of several or coloured, which not
 * every terminal draws as one.
 */
export function escapeTerminal(text: string, longest = MAX_LENGTH): string {
  return clip(oneLine(text.replace(VARIANT, '')), longest);
}

/** Line breaks, control characters and invisible direction marks become one space. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function clip(text: string, longest: number): string {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}

/** Puts an invisible space where it keeps the piece from being recognised. */
function breakUp(found: string): string {
  const head = found.length === 1 ? found : found.slice(0, found === '://' ? 1 : -1);
  return `${head}&#8203;${found.slice(head.length)}`;
}

function toReference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}
