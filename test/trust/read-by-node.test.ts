/** Node reads some variables before the action begins: where they name files of the change, that is told by name. The built report. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { startStep } from '../support/runner.ts';

const workspace = temporaryFolder();
for (const name of ['modules', 'certs', 'icu']) mkdirSync(join(workspace, name));
for (const name of ['ca.pem', 'setup.cjs', 'ssl.cnf']) writeFileSync(join(workspace, name), '');

const VARIABLES: [name: string, value: string][] = [
  ['NODE_EXTRA_CA_CERTS', 'ca.pem'],
  ['NODE_OPTIONS', '--no-warnings --require ./setup.cjs'],
  ['NODE_PATH', 'modules'],
  ['NODE_COMPILE_CACHE', 'compiled'],
  ['SSL_CERT_FILE', 'ca.pem'],
  ['SSL_CERT_DIR', 'certs'],
  ['OPENSSL_CONF', 'ssl.cnf'],
];

async function report(environment: Record<string, string>): Promise<string> {
  const inputs = { store: 'none', record: './none' };
  return (await startStep({ workspace, action: 'report', inputs, environment }).result).stdout;
}

for (const [name, value] of VARIABLES)
  test(`${name}=${value} is dropped, and named as read before`, async () => {
    const stdout = await report({ [name]: value });
    assert.match(stdout, new RegExp(`^::notice title=[^:]*::not used[^:]*: ${name}$`, 'm'), stdout);
    assert.match(stdout, new RegExp(`^::warning title=[^:]*::Node itself reads ${name} before`, 'm'));
  });

test('files outside of the workspace, and options that name none, are taken', async () => {
  const elsewhere = join(temporaryFolder(), 'ca.pem');
  writeFileSync(elsewhere, '');
  const stdout = await report({ SSL_CERT_FILE: elsewhere, NODE_OPTIONS: '--max-old-space-size=2048' });
  assert.doesNotMatch(stdout, /Node itself reads|not used/);
});
