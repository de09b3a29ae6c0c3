/**
 * Makes the pictures of docs/images in a real browser: of comments, from golden files, as GitHub shows them, of a report's page, and of the trend's: `node scripts/pictures.ts`. With `--check` it
 * makes none, and fails where a picture is of another text than its golden file has now.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderHistoryPage } from '../src/report/history/document.ts';
import { renderReport } from '../src/report/html/document.ts';
import { closeBrowser, withPage } from '../test/support/browser.ts';
import { COMMENT_WIDTH, FONTS, githubPage, PHONE_WIDTH, windowWidth } from '../test/support/github-page.ts';
import { historyPageOf, madeEntries } from '../test/support/history-pages.ts';
import { allBenchmarks, madeTrend, pageOf } from '../test/support/report-pages.ts';
import { shrinkPng } from './small-png.ts';

const FOLDER = 'docs/images';
const DIGESTS = join(FOLDER, 'digests.json');

/** Pages of made-up records, in place of a golden file, and what is seen of each: its head and what follows. */
const PAGE = 'page';
const TREND = 'trend';
const SIZES: Record<string, { width: number; height: number }> = {
  [PAGE]: { width: 1000, height: 1300 },
  [TREND]: { width: 1000, height: 1100 },
};

interface Picture {
  /** A golden file, `PAGE` or `TREND`. */
  golden: string;
  colorScheme: 'light' | 'dark';
  width: number;
}

const PICTURES: Record<string, Picture> = {
  'comment-light.png': { golden: 'comment-by-task.md', colorScheme: 'light', width: COMMENT_WIDTH },
  'comment-dark.png': { golden: 'comment-by-task.md', colorScheme: 'dark', width: COMMENT_WIDTH },
  'comment-phone.png': { golden: 'comment-by-task.md', colorScheme: 'light', width: PHONE_WIDTH },
  'report-light.png': { golden: PAGE, colorScheme: 'light', width: 1000 },
  'report-dark.png': { golden: PAGE, colorScheme: 'dark', width: 1000 },
  'trend-light.png': { golden: TREND, colorScheme: 'light', width: 1000 },
  'trend-dark.png': { golden: TREND, colorScheme: 'dark', width: 1000 },
};

const digests: Record<string, { golden: string; sha256: string }> = {};
for (const [name, { golden }] of Object.entries(PICTURES)) {
  const text = await textOf(golden);
  digests[name] = { golden, sha256: createHash('sha256').update(text).digest('hex') };
}
const written = `${JSON.stringify(digests, null, 2)}\n`;

if (process.argv.includes('--check')) {
  if ((await readFile(DIGESTS, 'utf8').catch(() => '')) !== written) {
    process.stderr.write('the pictures of docs/images are of other texts than test/golden has\n');
    process.stderr.write('run: node scripts/pictures.ts, look at them, and commit the result\n');
    process.exitCode = 1;
  }
} else {
  await mkdir(FOLDER, { recursive: true });
  for (const [name, picture] of Object.entries(PICTURES)) await draw(name, picture);
  await closeBrowser();
  await writeFile(DIGESTS, written);
}

async function textOf(golden: string): Promise<string> {
  if (golden === TREND) return renderHistoryPage(historyPageOf(madeEntries(90)));
  if (golden !== PAGE) return await readFile(join('test/golden', golden), 'utf8');
  const { baseline, candidate } = allBenchmarks(0.3, 1600);
  return renderReport(pageOf(baseline, candidate, { trend: madeTrend() }));
}

async function draw(name: string, picture: Picture): Promise<void> {
  const text = await textOf(picture.golden);
  if (SIZES[picture.golden]) await drawPage(name, text, picture);
  else await drawComment(name, text, picture);
}

async function drawPage(name: string, text: string, { golden, colorScheme }: Picture): Promise<void> {
  // The page's policy lets no font in, and a machine without a desktop has none.
  await withPage(
    { viewport: SIZES[golden]!, colorScheme, deviceScaleFactor: 1, bypassCSP: true },
    async (page) => {
      await page.setContent(text);
      await page.addStyleTag({ content: `${FONTS} body { font-family: 'Noto Sans', sans-serif }` });
      await page.evaluate('document.fonts.ready');
      await writeFile(join(FOLDER, name), shrinkPng(await page.screenshot()));
    },
  );
}

async function drawComment(name: string, markdown: string, { colorScheme, width }: Picture): Promise<void> {
  await withPage(
    { viewport: { width: windowWidth(width), height: 400 }, colorScheme, deviceScaleFactor: 1 },
    async (page) => {
      await page.setContent(githubPage(markdown));
      await page.evaluate('document.fonts.ready');
      const png = await page.screenshot({ fullPage: true });
      await writeFile(join(FOLDER, name), shrinkPng(png));
    },
  );
}
