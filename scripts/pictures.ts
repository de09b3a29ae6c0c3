/**
 * Makes the pictures of docs/images from golden files, in a real browser, as GitHub shows a comment: `node scripts/pictures.ts`. With `--check` it
 * makes none, and fails where a picture is of another text than its golden file has now.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closeBrowser, withPage } from '../test/support/browser.ts';
import { COMMENT_WIDTH, githubPage, PHONE_WIDTH, windowWidth } from '../test/support/github-page.ts';
import { shrinkPng } from './small-png.ts';

const FOLDER = 'docs/images';
const DIGESTS = join(FOLDER, 'digests.json');

interface Picture {
  golden: string;
  colorScheme: 'light' | 'dark';
  width: number;
}

const PICTURES: Record<string, Picture> = {
  'comment-light.png': { golden: 'comment-by-task.md', colorScheme: 'light', width: COMMENT_WIDTH },
  'comment-dark.png': { golden: 'comment-by-task.md', colorScheme: 'dark', width: COMMENT_WIDTH },
  'comment-phone.png': { golden: 'comment-by-task.md', colorScheme: 'light', width: PHONE_WIDTH },
};

const digests: Record<string, { golden: string; sha256: string }> = {};
for (const [name, { golden }] of Object.entries(PICTURES)) {
  const text = await readFile(join('test/golden', golden), 'utf8');
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

async function draw(name: string, { golden, colorScheme, width }: Picture): Promise<void> {
  const markdown = await readFile(join('test/golden', golden), 'utf8');
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
