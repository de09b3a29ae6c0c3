/** A mirror of the package index, as machines without the internet have one: pip and uv find it as they are configured, and its password is said nowhere. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import { SosBenchError } from '../../src/error.ts';
import { managedPython } from '../../src/system/python/managed.ts';
import { temporaryFolder } from '../support/folder.ts';
import { findUv } from '../support/uv.ts';

const folder = temporaryFolder();
const { stdout: base } = await execa('python3', ['-c', 'import sys; print(sys.executable)']);
await execa(base, [join(import.meta.dirname, '..', 'support', 'fake_wheels.py'), join(folder, 'packages')]);
const wheels = join(folder, 'packages', 'wheels');
copyFileSync(
  join(folder, 'packages', 'late', 'tiny-1.0-py3-none-any.whl'),
  join(wheels, 'tiny-1.0-py3-none-any.whl'),
);

const PASSWORD = 'hunter2-of-the-mirror';
const AUTHORISED = `Basic ${Buffer.from(`reader:${PASSWORD}`).toString('base64')}`;
const asked: string[] = [];
// A fake mirror: the pages of a simple index, and the files they name, for who knows the password.
const mirror = createServer(({ url = '', headers }, response) => {
  if (headers.authorization !== AUTHORISED) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
    return;
  }
  asked.push(url);
  const name = basename(url);
  const file = readdirSync(wheels).find((wheel) => wheel === name);
  const page = readdirSync(wheels).find((wheel) => wheel.startsWith(`${name}-`));
  if (file !== undefined) response.end(readFileSync(join(wheels, file)));
  else if (page !== undefined)
    response.setHeader('content-type', 'text/html').end(`<a href="/files/${page}">${page}</a>`);
  else response.writeHead(404).end();
});
mirror.listen(0, '127.0.0.1');
await once(mirror, 'listening');
after(() => {
  mirror.closeAllConnections();
  mirror.close();
});
const { port } = mirror.address() as AddressInfo;
const address = (password: string) => `http://reader:${password}@127.0.0.1:${port}/simple`;
const uv = await findUv();

let builds = 0;
/** Builds an environment of fake packages on a machine with these variables. */
async function build(variables: Record<string, string>, withUv: boolean) {
  const own = join(folder, `build-${++builds}`);
  const programs = join(own, 'programs');
  mkdirSync(programs, { recursive: true });
  symlinkSync(base, join(programs, 'python3'));
  if (withUv) symlinkSync(uv!, join(programs, 'uv'));
  const cache = join(own, 'cache');
  const notes: string[] = [];
  const failure = await managedPython({
    cache,
    environment: {
      ...{ PATH: programs, HOME: own, PIP_CONFIG_FILE: '/dev/null', PIP_CACHE_DIR: join(own, 'pip-cache') },
      ...{ PIP_RETRIES: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1', ...variables },
    },
    locks: join(folder, 'packages', 'locks'),
    note: (text) => notes.push(text),
  }).then(
    () => null,
    (error: unknown) => error,
  );
  const logs = readdirSync(join(cache, 'python'))
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(join(cache, 'python', name), 'utf8'));
  return { failure, said: [...notes, ...logs].join('\n') };
}

const configuration = join(folder, 'pip.conf');
writeFileSync(configuration, `[global]\nindex-url = ${address(PASSWORD)}\n`);

const WAYS: [title: string, variables: (password: string) => Record<string, string>, withUv: boolean][] = [
  ['pip, PIP_INDEX_URL', (password) => ({ PIP_INDEX_URL: address(password) }), false],
  ['uv, UV_DEFAULT_INDEX', (password) => ({ UV_DEFAULT_INDEX: address(password) }), true],
  ['uv, UV_INDEX_URL, its former name', (password) => ({ UV_INDEX_URL: address(password) }), true],
];

for (const [title, variables, withUv] of WAYS) {
  const skip = withUv && uv === null && 'uv cannot be had here';
  test(`${title}: everything comes from the mirror`, { skip }, async () => {
    asked.length = 0;
    const { failure, said } = await build(variables(PASSWORD), withUv);
    assert.equal(failure, null);
    for (const name of ['tool', 'torch', 'tiny'])
      assert.ok(
        asked.some((url) => url.includes(name)),
        name,
      );
    assert.ok(!said.includes(PASSWORD));
  });

  test(`${title}: a password that the mirror refuses is said nowhere`, { skip }, async () => {
    const { failure, said } = await build(variables('wrong-word-of-mine'), withUv);
    assert.ok(failure instanceof SosBenchError && failure.code === 'environment-failed');
    for (const text of [failure.message, failure.hint ?? '', said])
      assert.ok(!text.includes('wrong-word-of-mine'), text);
  });
}

test("pip, the machine's PIP_CONFIG_FILE", async () => {
  asked.length = 0;
  const { failure, said } = await build({ PIP_CONFIG_FILE: configuration }, false);
  assert.equal(failure, null);
  assert.ok(asked.length >= 3 && !said.includes(PASSWORD));
});

test('a mirror that lacks a package: the build fails, the message names the package, and no password is said', async () => {
  const tiny = join(wheels, 'tiny-1.0-py3-none-any.whl');
  const away = join(folder, 'tiny.whl');
  copyFileSync(tiny, away);
  await execa('rm', [tiny]);
  const { failure, said } = await build({ PIP_INDEX_URL: address(PASSWORD) }, false);
  copyFileSync(away, tiny);
  assert.ok(failure instanceof SosBenchError);
  assert.match(failure.message, /building the Python environment failed: .*tiny/);
  assert.ok(![failure.message, failure.hint, said].join().includes(PASSWORD));
});
