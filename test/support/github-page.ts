import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Marked } from 'marked';
import markedAlert from 'marked-alert';

const require = createRequire(import.meta.url);
const STYLE = readFileSync(require.resolve('github-markdown-css/github-markdown.css'), 'utf8');
/** A machine without a desktop has no fonts, or wider ones: GitHub's own choice on Linux, and marks in colour. */
export const FONTS = [
  fontFace('Noto Sans', '@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff2', 400),
  fontFace('Noto Sans', '@fontsource/noto-sans/files/noto-sans-latin-600-normal.woff2', 600),
  fontFace('Marks', 'twemoji-colr-font/twemoji.woff2', 400, 'U+1F000-1FFFF, U+26AA-26AB'),
].join('\n');

/** Width of a comment's text on a wide screen, in pixels. */
export const COMMENT_WIDTH = 830;
/** Width of a telephone's screen. */
export const PHONE_WIDTH = 390;

/** Space beside a comment's text within its frame. */
const PADDING = 16;

/**
 * A page that shows Markdown as GitHub does: its alerts, its tables, its style in light and dark. Colours follow the browser's scheme. What is folded
 * stays so, unless `isOpen`.
 */
export function githubPage(markdown = '', { isOpen = false } = {}): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Comment</title>
<style>${STYLE}</style><style>${FONTS}
body { margin: 0; background: var(--bgColor-default) } .markdown-body { padding: ${PADDING}px; font: 14px/1.5 Marks, 'Noto Sans', Helvetica, Arial, sans-serif }</style></head>
<body class="markdown-body">${githubHtml(markdown, { isOpen })}</body></html>`;
}

/** What such a page holds. */
export function githubHtml(markdown: string, { isOpen = false } = {}): string {
  const marked = new Marked({ gfm: true, breaks: true }).use(markedAlert());
  const html = marked.parse(markdown, { async: false });
  return isOpen ? html.replaceAll('<details>', '<details open>') : html;
}

/** Width of a window whose comment is that wide. */
export function windowWidth(width: number): number {
  return width === PHONE_WIDTH ? width : width + 2 * PADDING;
}

function fontFace(family: string, file: string, weight: number, range?: string): string {
  const content = readFileSync(require.resolve(file)).toString('base64');
  return (
    `@font-face { font-family: '${family}'; font-weight: ${weight}; ${range === undefined ? '' : `unicode-range: ${range};`} ` +
    `src: url(data:font/woff2;base64,${content}) format('woff2') }`
  );
}
