import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../src/system/paths.ts';
import { environmentKey } from '../../../src/system/python/environment-key.ts';
import {
  VLLM_VERSION,
  vllmEnvironment,
  WORKER_ENVIRONMENT,
} from '../../../src/system/python/environment-spec.ts';

const locks = join(packageRoot(), 'worker');
/** Name and version of each package, with the machines it is for, and its number of hashes. */
function packagesOf(lock: string) {
  return readFileSync(join(locks, lock), 'utf8')
    .split(/\n(?=\S)/)
    .filter((block) => /^\w/.test(block))
    .map((block) => ({
      name: /^[\w.-]+/.exec(block)![0],
      version: /==([^\s;]+)/.exec(block)?.[1],
      hashes: block.split('--hash=sha256:').length - 1,
    }));
}
const [both, gpu, cpu] = ['vllm.lock', 'vllm-gpu.lock', 'vllm-cpu.lock'].map(packagesOf);
const versionIn = (lock: typeof both, name: string) => lock!.find((one) => one.name === name)?.version;

test('every file of every package is known by its hash', () => {
  for (const { name, version, hashes } of [both!, gpu!, cpu!].flat())
    assert.ok(version !== undefined && hashes > 0, name);
});

test('what both builds need is in one lock, and what one build needs in its own alone', () => {
  const shared = new Set(both!.map(({ name }) => name));
  for (const { name } of [...gpu!, ...cpu!]) assert.ok(!shared.has(name), name);
  const others = new Set(gpu!.map(({ name }) => name));
  for (const { name } of cpu!) assert.ok(!others.has(name), name);
});

test("both builds are one version, which is the one that the processor's is marked with", () => {
  assert.deepEqual([versionIn(gpu, 'vllm'), versionIn(cpu, 'vllm-cpu')], [VLLM_VERSION, VLLM_VERSION]);
  assert.deepEqual(vllmEnvironment('cpu').markers, [{ name: 'vllm', version: `${VLLM_VERSION}+cpu` }]);
  assert.deepEqual(vllmEnvironment('gpu').markers, []);
});

test('the harness is the version of the environment without vLLM, so that tasks are the same', () => {
  const harness = versionIn(packagesOf('requirements.lock'), 'lm-eval');
  assert.equal(versionIn(both, 'lm-eval'), harness);
});

test('the three environments of workers lie beside each other in the cache', () => {
  const specs = [WORKER_ENVIRONMENT, vllmEnvironment('gpu'), vllmEnvironment('cpu')];
  assert.equal(new Set(specs.map((spec) => environmentKey(spec, locks, '3.11.7'))).size, 3);
});
