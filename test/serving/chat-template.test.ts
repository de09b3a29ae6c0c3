import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { requireChatTemplate } from '../../src/serving/chat-template.ts';
import { temporaryFolder } from '../support/folder.ts';
import { rejectsWith } from '../support/reject.ts';

const folder = temporaryFolder();
let folders = 0;

function modelWith(files: Record<string, string>): string {
  const path = join(folder, `model-${folders++}`);
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe('a model has a chat template', () => {
  const named = (name: string) => JSON.stringify({ chat_template: [{ name, template: '{{ x }}' }] });
  const cases: [string, Record<string, string>][] = [
    ['in chat_template.jinja', { 'chat_template.jinja': '{{ messages }}', 'tokenizer_config.json': '{}' }],
    ['in tokenizer_config.json', { 'tokenizer_config.json': '{"chat_template": "{{ messages }}"}' }],
    ['there, the default of several', { 'tokenizer_config.json': named('default') }],
    ['in chat_template.json', { 'chat_template.json': '{"chat_template": "{{ messages }}"}' }],
  ];
  for (const [title, files] of cases) test(title, () => requireChatTemplate(modelWith(files)));
  const without: [string, Record<string, string>][] = [
    ['no file of any', {}],
    ['a tokenizer without one', { 'tokenizer_config.json': '{"chat_template": null}' }],
    ['an empty one', { 'chat_template.jinja': '\n' }],
    ['several, none the default', { 'tokenizer_config.json': named('tool_use') }],
    ['a file that is not JSON', { 'tokenizer_config.json': '{' }],
  ];
  for (const [title, files] of without) {
    test(`not with ${title}`, async () => {
      await rejectsWith(() => requireChatTemplate(modelWith(files)), 'model-unservable', 'no chat template');
    });
  }
});
