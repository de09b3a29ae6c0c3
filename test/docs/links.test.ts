/** Links of pages lead somewhere: each file is there, and each heading that an anchor names. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, test } from 'node:test';

const root = join(import.meta.dirname, '..', '..');

/** Folders with pages, and whether pages of their folders count too. */
const FOLDERS: Readonly<Record<string, boolean>> = {
  '.': false,
  docs: true,
  bench: false,
  ...Object.fromEntries(
    ['run', 'report', 'gate', 'bot', 'plan', 'open-check', 'conclude-check'].map((name) => [name, false]),
  ),
};

const withoutCode = (text: string) => text.replaceAll(/^ *(`{3,})[^\n]*\n.*?^ *\1 *$/gms, '');

/** The anchors of a page as GitHub makes them: a heading that is there twice gets a number. */
function anchorsOf(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, heading] of withoutCode(text).matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = heading!
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let name = anchor;
    for (let count = 1; found.has(name); count++) name = `${anchor}-${count}`;
    found.add(name);
  }
  return found;
}

/** `link: what is wrong` for each link of a page that leads nowhere. */
function findDead(text: string, folder: string, own: string): string[] {
  const links = withoutCode(text).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g);
  return [...links].flatMap(([, markdown, html]) => {
    const link = (markdown ?? html)!;
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? own : join(folder, path);
    if (target !== own && !existsSync(target)) return [`${link}: there is no such file`];
    if (anchor === undefined || !target.endsWith('.md')) return [];
    const page = target === own ? text : readFileSync(target, 'utf8');
    return anchorsOf(page).has(anchor) ? [] : [`${link}: there is no such heading`];
  });
}

describe('links of pages lead somewhere', () => {
  const pages = Object.entries(FOLDERS).flatMap(([folder, recursive]) =>
    readdirSync(join(root, folder), { recursive, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(root, folder, name)),
  );
  for (const path of pages) {
    test(relative(root, path), () => {
      assert.deepEqual(findDead(readFileSync(path, 'utf8'), dirname(path), path), []);
    });
  }

  const page = join(root, 'docs', 'new.md');
  const cases: [string, string, string[]][] = [
    ['a page', '[a](action.md)', []],
    ['a folder', '[a](../run)', []],
    ['an address', '[a](https://example.com/#x)', []],
    ['code', '```md\n[a](gone.md)\n```', []],
    ['a page that is gone', '[a](gone.md)', ['gone.md: there is no such file']],
    ['a picture that is gone', '<img src="images/gone.png">', ['images/gone.png: there is no such file']],
    ['a heading of another page', '[a](history.md#how-long-it-is-kept)', []],
    ['a heading that is gone', '[a](history.md#gone)', ['history.md#gone: there is no such heading']],
    ['a heading of its own, code and all', '[a](#a-b-c-1)\n\n## `a` b: c\n\n## A b, c\n', []],
    [
      'a comment in code, which is no heading',
      '[a](#x)\n\n```sh\n# x\n```',
      ['#x: there is no such heading'],
    ],
  ];
  for (const [what, text, expected] of cases) {
    test(`${basename(page)}: ${what}`, () => assert.deepEqual(findDead(text, dirname(page), page), expected));
  }
});
