import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { startChild } from '../../../src/system/process/start-child.ts';
import { uvConfiguration } from '../../../src/system/python/uv-configuration.ts';
import { temporaryFolder } from '../../support/folder.ts';

const uv = await execa('uv', ['--version'], { reject: false });
const folder = temporaryFolder();
const index = (name: string) => `https://${name}.invalid/simple`;
function put(path: string, name: string, more = ''): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `index-url = "${index(name)}"\n${more}`);
  return path;
}
const user = put(join(folder, 'home', '.config', 'uv', 'uv.toml'), 'user');
const system = put(join(folder, 'etc', 'uv', 'uv.toml'), 'system');
const own = put(join(folder, 'own.toml'), 'own');
const [HOME, NOBODY, XDG_CONFIG_DIRS, NONE] = ['home', 'nobody', 'etc', 'none'].map((name) =>
  join(folder, name),
) as [...[string, string, string, string]];

const CASES: [
  title: string,
  environment: Record<string, string>,
  variables: object,
  contents: object,
  used: string,
][] = [
  ["the user's alone", { HOME, XDG_CONFIG_DIRS: NONE }, { UV_CONFIG_FILE: user }, {}, 'user'],
  ["the system's alone", { HOME: NOBODY, XDG_CONFIG_DIRS }, { UV_CONFIG_FILE: system }, {}, 'system'],
  ['both: uv puts them together', { HOME, XDG_CONFIG_DIRS }, {}, { 'uv.toml': '' }, 'user'],
  ['none', { HOME: NOBODY, XDG_CONFIG_DIRS: NONE }, { UV_NO_CONFIG: '1' }, {}, 'pypi'],
  ['one that is named', { HOME, XDG_CONFIG_DIRS, UV_CONFIG_FILE: own }, {}, {}, 'own'],
  ['none by wish', { HOME, XDG_CONFIG_DIRS, UV_NO_CONFIG: '1' }, {}, {}, 'pypi'],
];

describe("uv takes the machine's configuration", () => {
  for (const [title, environment, variables, contents] of CASES) {
    test(title, () => {
      const found = uvConfiguration(environment);
      assert.deepEqual(found, { variables: { UV_NO_PROJECT: '1', ...variables }, contents });
    });
  }
});

describe('the real uv asks the index of that file', {
  skip: uv.exitCode !== 0 && 'uv is not installed',
}, () => {
  for (const [title, environment, , , used] of CASES) {
    test(title, async () => {
      const { variables, contents } = uvConfiguration(environment);
      const surroundings = {
        environment: {
          PATH: process.env.PATH,
          UV_CACHE_DIR: join(folder, 'cache', used),
          UV_HTTP_RETRIES: '0',
          ...environment,
          ...variables,
        },
        contents,
      };
      const args = ['-v', 'pip', 'install', '--dry-run', '--system', 'no-such-package-of-ours'];
      const { all } = await startChild('uv', args, surroundings, {
        reject: false,
        all: true,
        timeout: 120_000,
      });
      const expected = used === 'pypi' ? 'https://pypi.org/simple' : index(used);
      assert.ok(all!.includes(`${expected}/no-such-package-of-ours`), all);
    });
  }
});
