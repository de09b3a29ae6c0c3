import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after } from 'node:test';
import { createBrotliDecompress } from 'node:zlib';
import { execa } from 'execa';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Names under which Linux distributions install it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** One for each file of tests: its start costs a second. */
let started: Promise<Browser> | null = null;

/**
 * A real Chromium: the one that CHROMIUM_PATH names, else one on PATH, else the one of the npm package, which brings what a machine without a
 * desktop lacks. It is closed when the tests of the file are done, or by `closeBrowser`.
 */
export async function openBrowser(): Promise<Browser> {
  started ??= launch();
  return started;
}

/** Ends the browser, where one was started. */
export async function closeBrowser(): Promise<void> {
  const browser = started;
  started = null;
  await (await browser)?.close();
}

/** Gives a page of its own to `work` and closes it whatever happens. */
export async function withPage<Result>(
  options: BrowserContextOptions,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context = await (await openBrowser()).newContext(options);
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Elements that reach beyond the page, but for what scrolls by itself. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const page = document.documentElement;
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      if (element.closest('.scroll') !== null && !element.classList.contains('scroll')) return false;
      const { right, width } = element.getBoundingClientRect();
      return width > 1 && right > page.clientWidth + 1;
    });
    return [
      ...wide.map((element) => element.outerHTML.slice(0, 100)),
      ...(page.scrollWidth > page.clientWidth ? ['the page'] : []),
    ];
  })()`);
}

/** Closes the browser after the tests of the file that calls this. */
export function closeBrowserAfterTests(): void {
  after(closeBrowser);
}

function findInstalled(): string | null {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

async function launch(): Promise<Browser> {
  const installed = findInstalled();
  const { path, libraries } =
    installed === null ? await unpackChromium() : { path: installed, libraries: null };
  const { LD_LIBRARY_PATH: own } = process.env;
  return await chromium.launch({
    executablePath: path,
    // As root, and where a container allows no namespaces, it cannot have a sandbox of its own; what it shows is ours.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    ...(libraries !== null && {
      env: { ...process.env, LD_LIBRARY_PATH: own ? `${own}${delimiter}${libraries}` : libraries },
    }),
  });
}

const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'chromium');

/**
 * The package's Chromium and the libraries that it needs, unpacked once for all files of tests. The machine's own libraries come first.
 *
 * @returns `libraries`: a folder of what a machine without a desktop lacks.
 */
async function unpackChromium(): Promise<{ path: string; libraries: string }> {
  const require = createRequire(import.meta.url);
  const packed = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..', 'bin');
  const { size } = await stat(join(packed, 'chromium.br'));
  const folder = join(CACHE, String(size));
  const found = { path: join(folder, 'chromium'), libraries: join(folder, 'lib') };
  if (existsSync(folder)) return found;
  await mkdir(CACHE, { recursive: true });
  // Files of tests run side by side: a folder is there whole or not at all.
  const fresh = await mkdtemp(`${folder}-`);
  try {
    const unpack = (name: string, into: NodeJS.WritableStream) =>
      pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), into);
    await unpack('chromium.br', createWriteStream(join(fresh, 'chromium'), { mode: 0o755 }));
    const libraries = join(fresh, 'libraries.tar');
    await unpack('al2023.tar.br', createWriteStream(libraries));
    await execa('tar', ['-xf', libraries, '-C', fresh]);
    await rm(libraries);
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return found;
}
