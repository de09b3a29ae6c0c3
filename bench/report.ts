/**
 * The page of `sos-bench report` for two records of full size (24 benchmarks, 152,380 questions, 10,000 flips): its size, how long it takes to
 * make, and how long Chromium takes to the first table and until the script is done. To be under 400 kB and 1 s.
 *
 *   node bench/report.ts [--runs N]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { renderReport } from '../src/report/html/document.ts';
import { closeBrowser, withPage } from '../test/support/browser.ts';
import { allBenchmarks, madeTrend, pageOf } from '../test/support/report-pages.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);
const { baseline, candidate } = allBenchmarks(1, 10_000);
const page = pageOf(baseline, candidate, { trend: madeTrend() });
const flips = page.changes.reduce((sum, { changed }) => sum + changed.length, 0);
const making = await measure(async () => {
  const started = performance.now();
  renderReport(page);
  return performance.now() - started;
});
const text = renderReport(page);
const folder = mkdtempSync(join(tmpdir(), 'sos-bench-report-'));
try {
  const path = join(folder, 'report.html');
  writeFileSync(path, text);
  const bytes = Buffer.byteLength(text);
  say(
    `${flips} flips: ${(bytes / 1000).toFixed(0)} kB (to be under 400), ${(gzipSync(text).length / 1000).toFixed(0)} kB as gzip`,
  );
  say(`made in ${making.toFixed(0)} ms`);
  const times: [string, boolean][] = [
    ['without script', false],
    ['with script', true],
  ];
  for (const [what, javaScriptEnabled] of times) {
    const painted = await measure(() => paint(path, javaScriptEnabled));
    say(`first table ${what}: ${painted.toFixed(0)} ms (to be under 1000)`);
  }
} finally {
  await closeBrowser();
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds from the request to the page until the last row of the first table is laid out. */
async function paint(path: string, javaScriptEnabled: boolean): Promise<number> {
  return await withPage({ javaScriptEnabled }, async (page) => {
    const started = performance.now();
    await page.goto(`file://${path}`, { waitUntil: 'commit' });
    await page.locator('.forest tbody tr').last().waitFor();
    return performance.now() - started;
  });
}

async function measure(once: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await once());
  return times.sort((a, b) => a - b)[runs >> 1]!;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
