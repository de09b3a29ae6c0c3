import { createHash } from 'node:crypto';
import { effortChapter } from './effort.ts';
import { flipsChapter } from './flips/chapter.ts';
import { FLIPS_SCRIPT } from './flips/script.ts';
import { textsChapter } from './flips/texts.ts';
import { forestChapter } from './forest.ts';
import { guideChapter } from './guide.ts';
import { writeHeader } from './headline.ts';
import { judgesChapter } from './judges.ts';
import { type Chapter, html, Markup } from './markup.ts';
import type { ReportPage } from './page.ts';
import { partsChapter } from './parts.ts';
import { protocolChapter } from './protocol.ts';
import { scoresChapter } from './scores.ts';
import { PAGE_STYLE } from './style.ts';
import { trendChapter } from './trend.ts';

/** How every page begins. */
const MARK = '<meta name="generator" content="sos-bench report">';

/** Whether a text begins as a page of `renderReport` does. */
export function isReport(text: string): boolean {
  return text.includes(MARK);
}

/**
 * A comparison as one HTML file that needs nothing beside it: no network, no script. The one script it has filters and sorts, and is the only one that its
 * content security policy lets run. It holds ids, hashes and counts, and no text of a question or an answer, but where `texts` are given.
 */
export function renderReport(page: ReportPage): string {
  const chapters = chaptersOf(page).filter((chapter) => chapter !== null);
  const scripts = chapters.some(({ id }) => id === 'flips') ? [FLIPS_SCRIPT] : [];
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
${new Markup(MARK)}
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>SOS-Bench report</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To the results</a>
${writeHeader(page)}
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

/** In the order in which a reader needs them. */
function chaptersOf(page: ReportPage): (Chapter | null)[] {
  const { verdict, summary, changes, reproduce, texts } = page;
  if (verdict === null) return [scoresChapter(summary), trendChapter(page)];
  return [
    forestChapter(verdict),
    flipsChapter(changes, { hasTexts: texts !== undefined }),
    texts === undefined ? null : textsChapter(texts),
    partsChapter(changes),
    trendChapter(page),
    judgesChapter(verdict),
    effortChapter(verdict),
    protocolChapter(verdict),
    guideChapter(verdict, reproduce),
  ];
}
