/** The report's page in a real browser: without script, with it, on paper, in the dark, on a telephone, and under attack. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Page, Request } from 'playwright-core';
import { renderReport } from '../../src/report/html/document.ts';
import { closeBrowserAfterTests, overflowing, withPage } from '../support/browser.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeRecord } from '../support/records.ts';
import { allBenchmarks, madeTrend, pageOf } from '../support/report-pages.ts';

closeBrowserAfterTests();
const folder = temporaryFolder();
const { baseline, candidate } = allBenchmarks(0.04, 600);
const page = pageOf(baseline, candidate, { trend: madeTrend(), notes: ['a'.repeat(400)] });
const text = renderReport(page);
const flips = page.changes.reduce((sum, { changed }) => sum + changed.length, 0);
const path = write('report.html', text);
const small = allBenchmarks(0.01, 60);
const smallPath = write(
  'small.html',
  renderReport(pageOf(small.baseline, small.candidate, { trend: madeTrend() })),
);
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** Opens a page; what it asks the network for, or says on the console, fails the test. */
async function look<Result>(
  options: BrowserContextOptions,
  work: (page: Page) => Promise<Result>,
  file = path,
): Promise<Result> {
  return await withPage(options, async (page) => {
    const asked: string[] = [];
    // What the policy stops is begun and then refused.
    const reached = (request: Request) => request.failure()?.errorText !== 'csp' && asked.push(request.url());
    page.on('requestfailed', reached);
    page.on('requestfinished', reached);
    page.on('pageerror', (error) => asked.push(error.message));
    await page.goto(pathToFileURL(file).href);
    const result = await work(page);
    assert.deepEqual(asked, [pathToFileURL(file).href]);
    return result;
  });
}

/** The list with which the questions are filtered. */
const choose = (page: Page, name: string) =>
  page.locator('#flip-controls label', { hasText: name }).locator('select');

test('without JavaScript the page is whole: factors and benchmarks, the most telling flips, no dead controls', async () => {
  await look({ javaScriptEnabled: false }, async (page) => {
    assert.equal(await page.locator('.forest tbody tr').count(), 27);
    assert.equal(await page.locator('#flips tbody tr').count(), 200);
    assert.equal(await page.locator('select, button').count(), 0);
    assert.match(
      (await page.locator('#flip-note').textContent())!,
      /The 200 most telling of [\d,]+: confident ones first/,
    );
    for (const svg of await page.locator('.forest svg.row, .trend, .strip').all())
      assert.ok((await svg.boundingBox())!.width > 50);
  });
});

describe('with JavaScript', () => {
  test('the table has every flip, most telling first, as the page itself has them', async () => {
    const own = await look({ javaScriptEnabled: false }, (page) =>
      page.locator('#flips tbody tr').allInnerTexts(),
    );
    await look({}, async (page) => {
      await page.getByRole('status').waitFor();
      assert.match(
        (await page.getByRole('status').textContent())!,
        new RegExp(`^${flips} questions, 200 shown`),
      );
      const shown = await page.locator('#flips tbody tr').allInnerTexts();
      // Stored margins have three digits of the median: the last one shown may differ.
      const cut = (rows: string[]) =>
        rows.map((row) => row.split('\t').slice(0, 6).join('\t').replaceAll(/\s+/g, ' '));
      const found = new Set(cut(shown));
      assert.ok(cut(own).filter((row) => found.has(row)).length >= 195);
      while (await page.getByRole('button', { name: 'Show 200 more' }).isVisible())
        await page.getByRole('button', { name: 'Show 200 more' }).click();
      assert.equal(await page.locator('#flips tbody tr').count(), flips);
    });
  });

  test('it is filtered by benchmark, task, change and sureness, and sorted by its columns', async () => {
    await look({}, async (page) => {
      await choose(page, 'Benchmark').selectOption('BBQ');
      await choose(page, 'Change').selectOption('lost');
      const rows = () => page.locator('#flips tbody tr').allInnerTexts();
      const bbq = choose(page, 'Task').locator('option');
      assert.equal(await bbq.count(), 12, 'all, and eleven tasks');
      for (const row of await rows()) assert.match(row, /^BBQ\t.*lost/s);
      assert.equal(await page.locator('#flips figure:visible').count(), 1);
      await choose(page, 'How sure').selectOption('near miss');
      for (const row of await rows()) assert.match(row, /near miss$/);
      const head = page.locator('#flips thead th').nth(6);
      await head.getByRole('button').click();
      assert.equal(await head.getAttribute('aria-sort'), 'ascending');
      const margins = (await rows()).map((row) => Number(row.split('\t')[6]!.replace('\u2212', '-')));
      assert.ok(margins.length > 3);
      assert.deepEqual(
        margins,
        margins.toSorted((a, b) => a - b),
      );
      await head.getByRole('button').click();
      assert.equal(await head.getAttribute('aria-sort'), 'descending');
    });
  });
});

test('at 320 and 390 pixels nothing reaches beyond the page', async () => {
  for (const width of [320, 390])
    await look({ viewport: { width, height: 700 } }, async (page) =>
      assert.deepEqual(await overflowing(page), []),
    );
});

test('names without a break do not push the forest plot off the page', async () => {
  const id = `own_${'task'.repeat(40)}`;
  const made = (model: string, scores: number[]) =>
    makeRecord({ model, benchmarks: { [id]: { scores, task: () => id }, bbq: { scores } } });
  const [before, after] = [made(id, [1, 1, 0, 0, 1, 1, 1, 0]), made(id, [0, 1, 1, 0, 0, 1, 1, 0])];
  const long = write(
    'long.html',
    renderReport(pageOf(before, after, { label: id, reproduce: id, notes: [id] })),
  );
  for (const width of [320, 721, 780, 781, 1080])
    await look(
      { viewport: { width, height: 700 } },
      async (page) => assert.deepEqual(await overflowing(page), [], `${width} px`),
      long,
    );
});

test('in the dark it is dark, on paper light and whole', async () => {
  await look({ colorScheme: 'dark' }, async (page) => {
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    assert.equal(await background(), 'rgb(13, 17, 23)');
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 794, height: 1123 });
    assert.equal(await background(), 'rgb(255, 255, 255)');
    assert.equal(await page.locator('#flip-controls, nav').filter({ visible: true }).count(), 0);
    assert.deepEqual(await overflowing(page), []);
    const cut = await page.evaluate<string[]>(`[...document.querySelectorAll('.scroll')]
      .filter((box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
      .map((box) => box.ariaLabel)`);
    assert.deepEqual(cut, []);
    assert.ok((await page.pdf({ format: 'A4' })).subarray(0, 5).toString() === '%PDF-');
  });
});

describe('axe finds nothing', () => {
  const cases: [string, BrowserContextOptions][] = [
    ['in the light', {}],
    ['in the dark', { colorScheme: 'dark' }],
    ['at 320 pixels', { viewport: { width: 320, height: 700 } }],
  ];
  for (const [what, options] of cases) {
    // The page's policy lets no other script run: axe needs the page without it.
    test(what, async () => {
      await look(
        { ...options, bypassCSP: true },
        async (page) => {
          await page.addScriptTag({ path: AXE });
          const found = await page.evaluate<string[]>(`axe.run().then(({ violations }) =>
            violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' ')))`);
          assert.deepEqual(found, []);
        },
        smallPath,
      );
    });
  }
});

test('a script that got into the page does not run, nor does what an attribute or address says', async () => {
  const attack = `<script>window.hit = 'script'</script><p onclick="window.hit = 'click'" id="trap">x</p><a href="javascript:void(window.hit='link')" id="link">y</a><img src="http://127.0.0.1:9/x.png"><style>@import url(http://127.0.0.1:9/x.css);</style>`;
  const hostile = write('hostile.html', text.replace('</main>', `${attack}</main>`));
  await look(
    {},
    async (page) => {
      // The page's own script runs, and nothing else.
      await page.getByRole('status').waitFor();
      const hit = () => page.evaluate('window.hit');
      assert.equal(await hit(), undefined);
      await page.locator('#trap').click();
      assert.equal(await hit(), undefined);
      await page.locator('#link').click();
      assert.equal(await hit(), undefined);
    },
    hostile,
  );
});
