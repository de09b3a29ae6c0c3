/** The files for Kubernetes fit one another, the image and their page. That Kubernetes takes them is checked by `npm run lint:examples`. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Values {
  runnerScaleSetName: string;
  template: {
    spec: {
      automountServiceAccountToken: boolean;
      securityContext: { runAsNonRoot: boolean; runAsUser: number; fsGroup: number };
      containers: {
        env: { name: string; value: string }[];
        volumeMounts: { name: string; mountPath: string }[];
      }[];
      volumes: { name: string; persistentVolumeClaim?: { claimName: string } }[];
    };
  };
}
const values = parse(read('docs/examples/arc-values.yaml')) as Values;
const { spec } = values.template;
const claim = parse(read('docs/examples/arc-cache.yaml')) as {
  metadata: { name: string; namespace: string };
};
const page = read('docs/kubernetes.md');

test('the pod runs as the user of the image, who may write to the volume, and without a token of the cluster', () => {
  const user = Number(/^ARG RUN_AS=(\d+)$/m.exec(read('docs/examples/Dockerfile'))![1]);
  assert.deepEqual(spec.securityContext, { runAsNonRoot: true, runAsUser: user, fsGroup: user });
  assert.equal(spec.automountServiceAccountToken, false);
});

test('every mount has its volume, the volume its claim, and what the Hub sends goes there', () => {
  const [runner] = spec.containers;
  const names = spec.volumes.map(({ name }) => name);
  for (const { name } of runner!.volumeMounts) assert.ok(names.includes(name), name);
  const kept = spec.volumes.find(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)!;
  assert.equal(kept.persistentVolumeClaim!.claimName, claim.metadata.name);
  const { mountPath } = runner!.volumeMounts.find(({ name }) => name === kept.name)!;
  const home = runner!.env.find(({ name }) => name === 'HF_HOME')!.value;
  assert.ok(home.startsWith(`${mountPath}/`));
  // Environments are in the image: a volume over them would hide them.
  assert.ok(!runner!.env.some(({ name }) => name === 'SOS_BENCH_CACHE'));
});

test('the page names the files, the namespace and the label that they have', () => {
  for (const [, path] of page.matchAll(/\]\((examples\/[\w.-]+)\)/g))
    assert.ok(existsSync(join(ROOT, 'docs', path!)), path);
  for (const [, namespace] of page.matchAll(/--namespace (\S+)/g))
    assert.equal(namespace, claim.metadata.namespace);
  assert.match(page, new RegExp(`runs-on: ${values.runnerScaleSetName}\``));
});

test('the command that packs works where there is no folder yet, and where an older package lies in it', async () => {
  const commands = ['docs/kubernetes.md', 'docs/examples/Dockerfile', 'docs/examples/skypilot.yaml'].map(
    (path) => /^(?:# +)?(.*npm pack .*?) +# in a checkout/m.exec(read(path))![1]!,
  );
  assert.equal(new Set(commands).size, 1);
  const folder = temporaryFolder();
  // npm makes no folder.
  mkdirSync(join(folder, 'bin'));
  const npm =
    '#!/bin/sh\n[ "$1 $2" = "pack --pack-destination" ] && [ -d "$3" ] && echo > "$3/sos-bench-2.0.0.tgz"\n';
  writeFileSync(join(folder, 'bin', 'npm'), npm, { mode: 0o755 });
  const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const image = join(folder, 'image');
  for (const before of [null, 'sos-bench-1.0.0.tgz']) {
    if (before !== null) writeFileSync(join(image, before), '');
    await execa('bash', ['-c', commands[0]!], { cwd: folder, env });
    assert.deepEqual(readdirSync(image), ['sos-bench-2.0.0.tgz']);
  }
});
