/** Text that is HTML already, and nothing that came from outside: only this file makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | null | false | readonly Part[];

/**
 * HTML from a template: whatever is put in is shown as text, but for other markup. Null and false are left out, lists are joined.
 * Attribute values have to stand in double quotes.
 */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    template.map((text, index) => text + (index < parts.length ? show(parts[index]!) : '')).join(''),
  );
}

function show(part: Part): string {
  if (part === null || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(show).join('');
  return escapeHtml(String(part));
}

const REFERENCES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it is shown in HTML, in attributes too: without control characters and marks that turn the direction of what follows. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[&<>"']/g, (found) => REFERENCES[found]!);
}

/** A text of several lines, line by line. */
export function linesOf(text: string): Markup {
  return html`${text.split(/\r\n|\r|\n/).map((line, index) => html`${index > 0 && new Markup('\n')}${line}`)}`;
}

/** At most so many characters of a text from outside. */
export function clip(text: string, longest: number): string {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}

/** A link, where the address is one of the web; the text alone where not. */
export function link(address: string | null | undefined, text: Markup | string): Markup {
  if (!address || !isWebAddress(address)) return html`${text}`;
  return html`<a href="${address}" rel="noopener noreferrer">${text}</a>`;
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol);
}

/** Columns of a table: `text` stays to the left, `number` to the right and in one line. */
export type Column = { title: string; kind: 'text' | 'number' };

/** A table that scrolls by itself where the page is narrow. Its first cell names the row. */
export function dataTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Part[])[],
): Markup {
  const classOf = ({ kind }: Column) => (kind === 'number' ? 'n' : 't');
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${classOf(column)}">${column.title}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr>${row.map((cell, index) =>
    index === 0
      ? html`<th scope="row" class="${classOf(columns[index]!)}">${cell}</th>`
      : html`<td class="${classOf(columns[index]!)}">${cell}</td>`,
  )}</tr>
`,
)}</tbody></table></div>`;
}

/** A part of the page with its heading. */
export interface Chapter {
  id: string;
  title: string;
  body: Markup;
}
