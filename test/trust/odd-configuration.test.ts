/** Configuration files of a change that are odd: one clear line, by the built actions, and no internal error. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runStep } from '../support/runner.ts';

const folder = temporaryFolder();

async function start(
  action: 'run' | 'report',
  content: string,
  event: 'pull_request' | 'push',
  config?: string,
) {
  const workspace = temporaryFolder();
  const path = config === undefined ? '.github/sos-bench.yml' : 'sos.yml';
  mkdirSync(join(workspace, '.github'));
  writeFileSync(join(workspace, path), content);
  const payload =
    event === 'push'
      ? { ref: 'refs/heads/main', after: 'a'.repeat(40), before: 'b'.repeat(40) }
      : pullPayload({ number: 1, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
  const inputs: Record<string, string> =
    action === 'run' ? { model: '/nonexistent' } : { record: './none', store: 'none' };
  return await runStep({
    workspace,
    action,
    inputs: { ...inputs, ...(config === 'absolute' && { config: join(workspace, path) }) },
    environment: eventEnvironment(folder, { name: event, payload, run: 1 }),
  });
}

const tens = (name: string, of: string) => `&${name} [${Array(10).fill(of).join(',')}]`;
const BOMB = ['margin', 'thresholds', 'benchmarks', 'stages', 'include-path', 'server', 'launcher']
  .map((key, place) => `${key}: ${tens(`a${place}`, place === 0 ? 'x' : `*a${place - 1}`)}\n`)
  .join('');

describe('a configuration file', () => {
  for (const [what, content, where] of [
    ['whose aliases multiply', BOMB, ':\\d+:1: an alias'],
    ['whose alias names nothing', 'launcher: *none\n', ':1:1: an alias'],
    ['whose alias holds itself', 'launcher: &a [*a]\n', ':1:1: an alias'],
    ['whose aliases hold each other', 'launcher: &a [{b: *a}]\n', ':1:1: an alias'],
  ] as const) {
    test(`${what} is refused by its line where the model is read from it`, async () => {
      const { exitCode, stdout } = await start('run', content, 'pull_request');
      assert.equal(exitCode, 2);
      assert.match(stdout, new RegExp(`could not run::.*sos-bench\\.yml${where}.*\\[config-invalid\\]`));
    });

    test(`${what} keeps nobody from reporting`, async () => {
      const { stdout } = await start('report', content, 'pull_request');
      assert.match(stdout, /could not run::there is no record/);
    });
  }

  test('with arguments that every object inherits proposes them, no more', async () => {
    const content =
      'model-args: { constructor: 1, toString: 2, __proto__: 3, valueOf: { a: 1 }, dtype: float32 }\n';
    const { exitCode, stdout } = await start('run', content, 'pull_request');
    assert.equal(exitCode, 2);
    assert.doesNotMatch(stdout, /internal error/);
  });

  test('that is named by its whole path in the workspace is read where no change is judged', async () => {
    const { stdout } = await start('run', 'seed: x\n', 'push', 'absolute');
    assert.match(stdout, /sos\.yml:1:1: seed is 'x'/);
  });
});
