/** What `sos-bench init` writes, in every combination of its choices, by the linters that teams use. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { findActionlint, findZizmor } from '../../scripts/workflow-linters.ts';
import { filesFor, WORKFLOWS } from '../../src/init/files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { allChoices } from '../support/init-choices.ts';

describe('the workflows of every combination', () => {
  const root = temporaryFolder();
  /** Each text once, in a repository of its own: many combinations have the same. */
  const paths: string[] = [];
  const seen = new Set<string>();
  for (const choices of allChoices().values())
    for (const { path, content } of filesFor(choices)) {
      if (!path.startsWith(WORKFLOWS) || seen.has(content)) continue;
      seen.add(content);
      const file = join(root, String(seen.size), path);
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, content);
      paths.push(file);
    }

  test('are as many as there are sources and machines', () =>
    assert.ok(paths.length > 40, `${paths.length}`));

  test('pass actionlint, with the labels of the machines known', async () => {
    const config = join(root, 'actionlint.yaml');
    writeFileSync(config, 'self-hosted-runner:\n  labels: [gpu]\n');
    const { exitCode, stdout } = await execa(await findActionlint(), ['-config-file', config, ...paths], {
      reject: false,
    });
    assert.equal(exitCode, 0, stdout);
  });

  test('pass zizmor as it is, without any configuration', async () => {
    const args = ['--offline', '--no-progress', '--quiet', '--no-config', ...paths];
    const { exitCode, stdout } = await execa(await findZizmor(), args, { reject: false });
    assert.equal(exitCode, 0, stdout);
  });

  test('pass zizmor at its strictest, but for what is no fault here', async () => {
    const config = join(root, 'zizmor.yml');
    writeFileSync(
      config,
      `rules:
  self-hosted-runner: { disable: true } # a model needs a GPU
  anonymous-definition: { disable: true } # a job's key is its name
  concurrency-limits: { disable: true } # pushes, nights and commands are not to be dropped
  secrets-outside-env: { disable: true } # a repository that has environments adds its own
`,
    );
    const args = [
      '--offline',
      '--no-progress',
      '--quiet',
      '--persona',
      'auditor',
      '--config',
      config,
      ...paths,
    ];
    const { exitCode, stdout } = await execa(await findZizmor(), args, { reject: false });
    assert.equal(exitCode, 0, stdout);
  });

  test('a floating tag, a script with an expression and a permission too many would be found', async () => {
    const bad = join(root, 'bad.yml');
    writeFileSync(
      bad,
      `on: pull_request_target
jobs:
  a:
    runs-on: [self-hosted, gpuu]
    steps:
      - uses: octo/sos-bench/run@v1
      - run: echo \${{ github.event.pull_request.title }}
`,
    );
    const config = join(root, 'actionlint.yaml');
    writeFileSync(config, 'self-hosted-runner:\n  labels: [gpu]\n');
    const lint = await execa(await findActionlint(), ['-config-file', config, bad], { reject: false });
    assert.match(lint.stdout, /gpuu/);
    const audit = await execa(
      await findZizmor(),
      ['--offline', '--no-progress', '--quiet', '--no-config', bad],
      { reject: false },
    );
    for (const rule of ['unpinned-uses', 'template-injection', 'dangerous-triggers', 'excessive-permissions'])
      assert.ok(audit.stdout.includes(rule), rule);
  });
});
