/** The page of the trend in a real browser: whole without script, at any width, on paper and in the dark, and clean to axe. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { renderHistoryPage } from '../../src/report/history/document.ts';
import { closeBrowserAfterTests, overflowing, withPage } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';
import { historyPageOf, madeEntries } from '../support/history-pages.ts';

closeBrowserAfterTests();
const path = join(temporaryFolder(), 'index.html');
const text = renderHistoryPage(historyPageOf(madeEntries(200)));
writeFileSync(path, text);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

test('it fits 320 pixels and paper, is dark in the dark, and asks for nothing', async () => {
  await withPage({ viewport: { width: 320, height: 700 }, colorScheme: 'dark' }, async (page) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => asked.push(message.text()));
    await page.goto(pathToFileURL(path).href);
    assert.deepEqual(asked, [pathToFileURL(path).href]);
    assert.equal(await page.locator('svg.history').count(), 4);
    for (const chart of await page.locator('svg.history path[vector-effect]').all())
      assert.ok((await chart.boundingBox())!.width > 150);
    assert.equal(await page.locator('#records tbody tr').count(), 50);
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    assert.equal(await background(), 'rgb(13, 17, 23)');
    assert.deepEqual(await overflowing(page), []);
    await page.setViewportSize({ width: 1000, height: 700 });
    assert.deepEqual(await overflowing(page), []);
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 794, height: 1123 });
    assert.equal(await background(), 'rgb(255, 255, 255)');
    assert.deepEqual(await overflowing(page), []);
  });
});

test('a script that got into the page does not run', async () => {
  const hostile = join(dirname(path), 'hostile.html');
  const attack = `<script>window.hit = 1</script><p id="trap" onclick="window.hit = 2">x</p>`;
  writeFileSync(hostile, text.replace('<main id="main">', `<main id="main">${attack}`));
  await withPage({}, async (page) => {
    await page.goto(pathToFileURL(hostile).href);
    await page.locator('#trap').click();
    assert.equal(await page.evaluate('window.hit'), undefined);
  });
});

test('axe finds nothing', async () => {
  await withPage({ bypassCSP: true }, async (page) => {
    await page.goto(pathToFileURL(path).href);
    await page.addScriptTag({ path: AXE });
    const found = await page.evaluate<string[]>(`axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' ')))`);
    assert.deepEqual(found, []);
  });
});
