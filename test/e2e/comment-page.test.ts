/** The comments of the golden files as a reader sees them: in a real browser, as GitHub shows them. Measured, never compared by pixels. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { closeBrowserAfterTests, withPage } from '../support/browser.ts';
import { COMMENT_WIDTH, githubHtml, githubPage, PHONE_WIDTH, windowWidth } from '../support/github-page.ts';

closeBrowserAfterTests();

const folder = join(import.meta.dirname, '..', 'golden');
/** So many rows take seconds to lay out, and are made as those of the others. */
const LARGE = 'comment-size-limit.md';
const names = readdirSync(folder).filter((name) => /^comment-.*\.md$/.test(name) && name !== LARGE);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

const windowOf = (width: number) => ({ viewport: { width: windowWidth(width), height: 700 } });

/** A page of that width; the texts are put into it one after the other, since its fonts take most of the time. */
function withGitHubPage<Result>(width: number, work: (page: Page) => Promise<Result>): Promise<Result> {
  return withPage(windowOf(width), async (page) => {
    await page.setContent(githubPage());
    await page.addScriptTag({ path: join(import.meta.dirname, '..', 'support', 'page-faults.js') });
    return await work(page);
  });
}

/** What a reader would trip over, with all that is folded opened. */
async function findFaults(page: Page, markdown: string): Promise<string[]> {
  const isPhone = page.viewportSize()!.width === PHONE_WIDTH;
  const html = JSON.stringify(githubHtml(markdown, { isOpen: true }));
  await page.evaluate(`document.body.innerHTML = ${html}`);
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const faults = await page.evaluate<string[]>(`findFaults(${JSON.stringify({ isPhone })})`);
    found.push(...faults.map((fault) => `${colorScheme}: ${fault}`));
  }
  return found;
}

describe('a comment as GitHub shows it, in light and dark', () => {
  for (const width of [COMMENT_WIDTH, PHONE_WIDTH])
    test(`${width} px wide: no number and no outcome takes two lines, nothing overflows`, async () => {
      const faults = await withGitHubPage(width, async (page) => {
        const found: string[] = [];
        for (const name of names)
          for (const fault of await findFaults(page, read(name))) found.push(`${name}, ${fault}`);
        return found;
      });
      assert.deepEqual(faults, []);
    });

  test('numbers without no-break spaces are found', async () => {
    const broken = read('comment-by-task.md').replaceAll('\u00a0', ' ');
    const faults = await withGitHubPage(PHONE_WIDTH, (page) => findFaults(page, broken));
    assert.match(faults.join('\n'), /takes more than one line/);
  });

  test('a table that is too wide is found', async () => {
    const broken = read('comment-by-task.md').replaceAll('Instruction following', 'x'.repeat(90));
    const faults = await withGitHubPage(COMMENT_WIDTH, (page) => findFaults(page, broken));
    assert.match(faults.join('\n'), /the table of Factor is \d+ px too wide/);
  });

  test('what was found is read without scrolling or unfolding, on a telephone too', async () => {
    await withPage(windowOf(PHONE_WIDTH), async (page) => {
      await page.setContent(githubPage(read('comment-by-task.md')));
      const heading = page.locator('h3').first();
      assert.match((await heading.textContent()) ?? '', /^🔴 SOS-Bench: safety fell by \d\.\d points$/);
      const box = await heading.boundingBox();
      assert.ok(box !== null && box.y + box.height < 200, 'at the top of the screen');
    });
  });
});
