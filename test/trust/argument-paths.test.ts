/** Arguments of the model class that judge may name no file of the change's; those that name what is evaluated may. The built run. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { eventEnvironment, pullPayload } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runStep } from '../support/runner.ts';

const disk = temporaryFolder();
const workspace = temporaryFolder();
mkdirSync(join(workspace, 'own'));
writeFileSync(join(workspace, 'own', 'generation_config.json'), '{"do_sample": true}');
writeFileSync(join(workspace, 'draft.json'), '{}');
symlinkSync(join(workspace, 'own'), join(disk, 'link'));

async function run(args: object, event = 'pull_request', backend = 'vllm') {
  const payload =
    event === 'push'
      ? { ref: 'refs/heads/main', after: 'a'.repeat(40), before: 'b'.repeat(40) }
      : pullPayload({ number: 1, headSha: 'a'.repeat(40) }, 'b'.repeat(40));
  const { exitCode, stdout } = await runStep({
    workspace,
    action: 'run',
    inputs: { model: '/nonexistent', backend, 'model-args': JSON.stringify(args) },
    environment: eventEnvironment(disk, { name: event, payload, run: 1 }),
  });
  assert.equal(exitCode, 2, stdout);
  return stdout;
}

describe('an argument that names a file of the workspace', () => {
  for (const args of [
    { generation_config: './own' },
    { generation_config: 'own' },
    { generation_config: join(workspace, 'own') },
    { generation_config: join(disk, 'link') },
    { hf_config_path: 'own' },
    { speculative_config: { model: join(workspace, 'own') } },
    { some_list: ['x', join(workspace, 'draft.json')] },
  ]) {
    const shown = JSON.stringify(args).replaceAll(workspace, 'WORKSPACE').replaceAll(disk, 'DISK');
    test(`${shown} is refused for a change`, async () => {
      assert.match(await run(args), /model-args .* is part of the change's own checkout/);
    });
  }

  test('is taken where no change is judged', async () => {
    assert.match(await run({ generation_config: './own' }, 'push'), /there is no model/);
  });

  for (const args of [
    ...[{ peft: './own' }, { lora_local_path: './own' }, { delta: 'own' }, { tokenizer: './own' }],
    ...[{ generation_config: 'vllm' }, { download_dir: '/shared' }, { tokenizer_mode: 'own' }],
  ])
    test(`${JSON.stringify(args)} is taken`, async () => {
      assert.match(await run(args), /there is no model/);
    });
});
