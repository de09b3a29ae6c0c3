/** Licences of the packages whose code is in dist, as the text of THIRD-PARTY.txt. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const HEAD = `The bundles in dist hold code of these packages, each under its own licence. Packages with the same text stand together.
`;
const NO_TEXT = 'No text of the licence is in the package.\n';
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
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string' && !STATES_NONE.has(name)) throw new Error(`${name} states no licence`);
  const files = (await readdir(folder)).filter(isLicence).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return {
    name: `${name} ${version} (${license ?? 'states none'})`,
    texts: texts.length > 0 ? texts.map((text) => `${text.replaceAll('\r\n', '\n').trim()}\n`) : [NO_TEXT],
  };
}
