import { createHash } from 'node:crypto';
import { type Chapter, html, Markup } from './markup.ts';
import { PAGE_STYLE } from './style.ts';

/** What a page is made of, beside its chapters. */
interface Skeleton {
  /** How the page tells what it is: `sos-bench report`. */
  generator: string;
  title: string;
  header: Markup;
  chapters: readonly Chapter[];
  /** Rules beyond those that every page has. */
  style?: string;
  /** Scripts of ours, the only ones that run. */
  scripts?: readonly string[];
}

/** Whether a text begins as a page of that generator does. */
export function isPageOf(generator: string, text: string): boolean {
  return text.includes(markOf(generator));
}

function markOf(generator: string): string {
  return `<meta name="generator" content="${generator}">`;
}

/** One HTML file that needs nothing beside it: its content security policy lets nothing be loaded and no other script run. */
export function writePage({
  generator,
  title,
  header,
  chapters,
  style = '',
  scripts = [],
}: Skeleton): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src ${hashes.join(' ') || "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${new Markup(markOf(generator))}
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${new Markup(PAGE_STYLE + style)}</style>
</head>
<body>
<a class="skip" href="#main">To the results</a>
${header}
<nav aria-label="Contents"><ul>${chapters.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main id="main">
${chapters.map(
  ({
    id,
    title,
    body,
  }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}
</section>
`,
)}</main>
${scripts.map((script) => new Markup(`<script>${script}</script>`))}
</body>
</html>
`.text;
}
