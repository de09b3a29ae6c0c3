/**
 * Makes the pictures of docs/images in a real browser: of comments, from golden files, as GitHub shows them, and of a report's page: `node scripts/pictures.ts`. With `--check` it
 * makes none, and fails where a picture is of another text than its golden file has now.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderReport } from '../src/report/html/document.ts';
import { closeBrowser, withPage } from '../test/support/browser.ts';
import { COMMENT_WIDTH, FONTS, githubPage, PHONE_WIDTH, windowWidth } from '../test/support/github-page.ts';
import { allBenchmarks, madeTrend, pageOf } from '../test/support/report-pages.ts';
import { shrinkPng } from './small-png.ts';

const FOLDER = 'docs/images';
const DIGESTS = join(FOLDER, 'digests.json');

/** A page of made-up records, in place of a golden file. */
const PAGE = 'page';
/** What is seen of a page: its head, and the factors with most of their benchmarks. */
const PAGE_SIZE = { width: 1000, height: 1300 };

interface Picture {
  /** A golden file, or `PAGE`. */
  golden: string;
  colorScheme: 'light' | 'dark';
  width: number;
}

const PICTURES: Record<string, Picture> = {
  'comment-light.png': { golden: 'comment-by-task.md', colorScheme: 'light', width: COMMENT_WIDTH },
  'comment-dark.png': { golden: 'comment-by-task.md', colorScheme: 'dark', width: COMMENT_WIDTH },
  'comment-phone.png': { golden: 'comment-by-task.md', colorScheme: 'light', width: PHONE_WIDTH },
  'report-light.png': { golden: PAGE, colorScheme: 'light', width: PAGE_SIZE.width },
  'report-dark.png': { golden: PAGE, colorScheme: 'dark', width: PAGE_SIZE.width },
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
  if (golden !== PAGE) return await readFile(join('test/golden', golden), 'utf8');
  const { baseline, candidate } = allBenchmarks(0.3, 1600);
  return renderReport(pageOf(baseline, candidate, { trend: madeTrend() }));
}

async function draw(name: string, picture: Picture): Promise<void> {
  const text = await textOf(picture.golden);
  if (picture.golden === PAGE) await drawPage(name, text, picture);
  else await drawComment(name, text, picture);
}

async function drawPage(name: string, text: string, { colorScheme }: Picture): Promise<void> {
  // The page's policy lets no font in, and a machine without a desktop has none.
  await withPage(
    { viewport: PAGE_SIZE, colorScheme, deviceScaleFactor: 1, bypassCSP: true },
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
