import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exposedFolders } from '../../../src/system/sandbox/mounts.ts';

describe('folders of a job that a sandbox shows', () => {
  const cases: [string, Record<string, string>, [string, string][]][] = [
    [
      'none in the usual places',
      { HOME: '/root', GITHUB_WORKSPACE: '/__w/models/models', RUNNER_TEMP: '/tmp' },
      [],
    ],
    ['a workspace below /usr', { GITHUB_WORKSPACE: '/usr/src/app' }, [['/usr/src/app', '/usr']]],
    [
      'a cache below /usr',
      { HOME: '/root', SOS_BENCH_CACHE: '/usr/local/cache' },
      [['/usr/local/cache', '/usr']],
    ],
    ['no folder whose name only begins so', { HOME: '/usr-home' }, []],
    ['none for a variable that names no absolute path', { HF_HOME: 'usr' }, []],
  ];
  for (const [title, environment, expected] of cases) {
    test(title, () => assert.deepEqual(exposedFolders(environment), expected));
  }
});
