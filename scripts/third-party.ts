/** Licences of the packages whose code is in dist, as the text of THIRD-PARTY.txt. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const HEAD = `The bundles in dist hold code of these packages, each under its own licence. Packages with the same text stand together.
`;
const NO_TEXT = 'No text of the licence is in the package.\n';
/** What a package means that names this licence and has no text of it. */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
const RULE = '='.repeat(80);
/** Packages that state no licence and that a dependency brings all the same: `@actions/artifact` unzips with it. */
const STATES_NONE = new Set(['buffers']);
const isLicence = (name: string) => /^(licen[cs]e|copying|notice)(\.|-|$)/i.test(name);

/**
 * @param modules Paths of all modules in the bundles.
 * @throws If a package has no licence, neither as a text nor by name.
 */
export async function thirdParty(modules: Iterable<string>): Promise<string> {
  const folders = new Set<string>();
  for (const path of modules) {
    const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.replaceAll('\\', '/'))?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const packages = await Promise.all([...folders].map(describe));
  const named = new Map<string, Set<string>>();
  for (const { name, texts } of packages)
    for (const text of texts) named.set(text, (named.get(text) ?? new Set()).add(name));
  const parts = [...named].map(([text, names]) => ({ text, names: [...names].sort() }));
  parts.sort((a, b) => (`${a.names[0]}\n${a.text}` < `${b.names[0]}\n${b.text}` ? -1 : 1));
  return [HEAD, ...parts.map(({ names, text }) => `${RULE}\n${names.join('\n')}\n\n${text}`)].join('\n');
}

/** A package by name, version and licence, and each text of a licence or notice in it. */
async function describe(folder: string): Promise<{ name: string; texts: string[] }> {
  const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string' && !STATES_NONE.has(name)) throw new Error(`${name} states no licence`);
  const files = (await readdir(folder)).filter(isLicence).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return {
    name: `${name} ${version} (${license ?? 'states none'})`,
    texts:
      texts.length > 0
        ? texts.map((text) => `${text.replaceAll('\r\n', '\n').trim()}\n`)
        : [(await textOfReadme(folder)) ?? textByName(license, author)],
  };
}

/** The licence as the page of a package has it, from its heading on; null where it has no text of one. */
async function textOfReadme(folder: string): Promise<string | null> {
  const [page] = (await readdir(folder)).filter((name) => /^readme(\.|$)/i.test(name));
  const text = page === undefined ? '' : await readFile(join(folder, page), 'utf8');
  const found = /^(?:#+ *licen[cs]e|licen[cs]e\n[=-]+)[\s\S]*/im.exec(text)?.[0] ?? '';
  return found.includes('Permission is hereby granted') ? `${found.trim()}\n` : null;
}

/** Who made a package that names a licence and has no text of it, and what that licence says. */
function textByName(license: unknown, author: string | { name: string } | undefined): string {
  const who = typeof author === 'string' ? author.replace(/ *[<(].*/, '') : author?.name;
  if (typeof license !== 'string' || !license.startsWith('MIT') || who === undefined) return NO_TEXT;
  return `The package names the MIT licence and has no text of it. Its author is ${who}.\n\n${MIT}`;
}
