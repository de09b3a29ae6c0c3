import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describeDropped, settleEnvironment } from '../../src/system/process/settle-environment.ts';
import { temporaryFolder } from '../support/folder.ts';

const root = realpathSync(temporaryFolder());
const ws = join(root, 'my work');
for (const name of ['my work', 'out', 'workspace-2']) mkdirSync(join(root, name));
symlinkSync(ws, join(root, 'link'));
symlinkSync('link', join(root, 'link-to-link'));
symlinkSync(join(root, 'out'), join(ws, 'back'));

/** Value in, value left: undefined for a variable that is gone. `WS`, `OUT`, `ROOT` stand for folders. */
const CASES: [title: string, name: string, given: string, left: string | undefined][] = [
  ['an entry of the workspace', 'PATH', 'WS/bin:/usr/bin', '/usr/bin'],
  ['the workspace itself', 'PATH', 'WS:/usr/bin', '/usr/bin'],
  ['an empty entry, at the beginning', 'PATH', ':/usr/bin', '/usr/bin'],
  ['an empty entry, in the middle', 'PATH', '/bin::/usr/bin', '/bin:/usr/bin'],
  ['an empty entry, at the end', 'PATH', '/usr/bin:', '/usr/bin'],
  ['a relative entry', 'PATH', 'bin:.:/usr/bin', '/usr/bin'],
  ['an entry that leads there by links', 'PATH', 'ROOT/link-to-link/bin:/usr/bin', '/usr/bin'],
  ['an entry that leads there by dots', 'PATH', 'OUT/../my work/bin:/usr/bin', '/usr/bin'],
  ['an entry that leads out of it again', 'PATH', 'WS/back:/usr/bin', '/usr/bin'],
  ['an entry that only begins like it', 'PATH', 'ROOT/my work-2:/usr/bin', 'ROOT/my work-2:/usr/bin'],
  ['an entry that is not there', 'PATH', 'WS/none/yet:/usr/bin', '/usr/bin'],
  ['nothing but the workspace', 'LD_LIBRARY_PATH', 'WS/lib:', undefined],
  ['libraries by name stay', 'LD_PRELOAD', 'libtcmalloc.so ROOT/link/x.so', 'libtcmalloc.so'],
  ['modules', 'PYTHONPATH', 'WS/src:OUT/src', 'OUT/src'],
  ['a folder', 'HF_HOME', 'WS/hf', undefined],
  ['a folder outside', 'HF_HOME', 'OUT/hf', 'OUT/hf'],
  ['a relative folder', 'HF_HOME', 'hf', undefined],
  ['a home', 'HOME', 'ROOT/link', undefined],
  ['a temporary folder', 'TMPDIR', 'WS', undefined],
  ['certificates', 'SSL_CERT_FILE', 'WS/ca.pem', undefined],
  ['certificates', 'REQUESTS_CA_BUNDLE', './ca.pem', undefined],
  ['certificates', 'CURL_CA_BUNDLE', '/etc/ssl/ca.pem', '/etc/ssl/ca.pem'],
  ['options', 'NODE_OPTIONS', '--require=WS/x.cjs', undefined],
  ['options', 'NODE_OPTIONS', '--max-old-space-size=4096', '--max-old-space-size=4096'],
  ['a module, beginning with a dot', 'NODE_OPTIONS', '--no-warnings -r ./x.cjs', undefined],
  ['a module by its name', 'NODE_OPTIONS', '--import=tsx', undefined],
  ['a module outside', 'NODE_OPTIONS', '--require OUT/x.cjs', '--require OUT/x.cjs'],
  ['a module that Node has', 'NODE_OPTIONS', '--import node:fs', '--import node:fs'],
  ['a configuration', 'NODE_OPTIONS', '--openssl-config=ssl.cnf', undefined],
  ['the folder of its data', 'NODE_OPTIONS', '--icu-data-dir icu', undefined],
  ["the folder's own file", 'NODE_OPTIONS', '--experimental-default-config-file', undefined],
  ['a file by dots', 'NODE_OPTIONS', '--redirect-warnings=../x', '--redirect-warnings=../x'],
  ['modules, one of them outside', 'NODE_PATH', 'OUT/lib:lib', 'OUT/lib'],
  ['certificates', 'NODE_EXTRA_CA_CERTS', 'ca.pem', undefined],
  ['certificates', 'NODE_EXTRA_CA_CERTS', 'OUT/ca.pem', 'OUT/ca.pem'],
  ['certificates', 'SSL_CERT_FILE', 'ca.pem', undefined],
  ['certificates', 'SSL_CERT_DIR', '/etc/ssl/certs:certs', '/etc/ssl/certs'],
  ['a configuration', 'OPENSSL_CONF', 'ssl.cnf', undefined],
  ['a folder of modules', 'OPENSSL_MODULES', 'modules', undefined],
  ['a folder of data', 'NODE_ICU_DATA', 'icu', undefined],
  ['compiled code', 'NODE_COMPILE_CACHE', 'compiled', undefined],
  ['an index of files', 'PIP_INDEX_URL', 'file://WS/simple', undefined],
  ['an index of files, in percents', 'UV_INDEX', 'mine=file://ROOT/my%20work/simple', undefined],
  ['an index elsewhere', 'PIP_INDEX_URL', 'https://host/simple', 'https://host/simple'],
  ['several, one of which is the workspace', 'PIP_FIND_LINKS', '/opt/wheels WS/wheels', undefined],
  ['several relative ones', 'PIP_FIND_LINKS', 'wheels https://host/simple', undefined],
  ['a repository of the workspace', 'UV_DEFAULT_INDEX', 'git+file://WS/x', undefined],
  ['a word that is a file there too', 'UV_LINK_MODE', 'copy', 'copy'],
  ['a configuration', 'PIP_CONFIG_FILE', 'WS/pip.conf', undefined],
  ['a program', 'GIT_SSH_COMMAND', 'WS/ssh.sh -v', undefined],
  ['configuration folders', 'XDG_CONFIG_DIRS', 'WS/etc:/etc/xdg', '/etc/xdg'],
  ['our cache', 'SOS_BENCH_CACHE', '.cache', undefined],
  ['a folder that is called like an answer', 'HF_HOME', '1', undefined],
  ['yes or no, by a name like a path', 'PIP_NO_CACHE_DIR', '1', '1'],
  ['yes or no, by a name like a path', 'UV_NO_CACHE', 'true', 'true'],
  ['yes or no, by a name like a path', 'VLLM_DISABLE_COMPILE_CACHE', '1', '1'],
  ['a path, by a name like a switch', 'UV_NO_CACHE', 'WS/x', undefined],
  ['what the runner says', 'GITHUB_WORKSPACE', 'WS', 'WS'],
  ['inputs', 'INPUT_MODEL', 'WS/model', 'WS/model'],
  ['what no child gets', 'MODEL_FOLDER', 'WS/model', 'WS/model'],
];
const filled = (text: string) =>
  text.replaceAll('WS', ws).replaceAll('OUT', join(root, 'out')).replaceAll('ROOT', root);

describe('in an action', () => {
  for (const [title, name, given, left] of CASES) {
    test(`${name}: ${title} (${given} -> ${left ?? 'gone'})`, () => {
      const { environment, dropped } = settleEnvironment({ [name]: filled(given) }, ws, ws);
      const expected = left === undefined ? undefined : filled(left);
      assert.equal(environment[name], expected);
      const isSame = expected === filled(given);
      assert.deepEqual(dropped, isSame ? [] : [{ name, part: expected !== undefined }]);
    });
  }

  test('what was dropped is told in one sentence, and nothing where nothing was', () => {
    const { dropped } = settleEnvironment({ PATH: `${ws}:/bin`, HF_HOME: ws }, ws, ws);
    assert.match(describeDropped(dropped)!, /^not used, .*: PATH \(some entries\), HF_HOME$/);
    assert.equal(describeDropped([]), null);
  });
});

describe("in a user's shell every path stays, made absolute", () => {
  const cases: [name: string, given: string, left: string][] = [
    ['PATH', 'bin::/usr/bin', 'WS/bin:WS:/usr/bin'],
    ['HF_HOME', 'hf', 'WS/hf'],
    ['SSL_CERT_FILE', './ca.pem', 'WS/ca.pem'],
    ['PYTHONPATH', 'src', 'WS/src'],
    ['PIP_INDEX_URL', 'https://host/simple', 'https://host/simple'],
    ['HF_ENDPOINT', 'http://localhost:80/x', 'http://localhost:80/x'],
    ['TZ', 'Europe/Berlin', 'Europe/Berlin'],
    ['LD_PRELOAD', 'libx.so', 'libx.so'],
    ['XDG_CACHE_HOME', '~/cache', '~/cache'],
    ['PIP_NO_CACHE_DIR', '1', '1'],
    ['VLLM_DISABLE_COMPILE_CACHE', '1', '1'],
  ];
  for (const [name, given, left] of cases) {
    test(`${name}: ${given} -> ${left}`, () => {
      const { environment, dropped } = settleEnvironment({ [name]: given }, ws, null);
      assert.deepEqual([environment[name], dropped], [filled(left), []]);
    });
  }
});
