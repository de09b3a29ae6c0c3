import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasSystemCode, SosBenchError } from '../error.ts';
import { fileError } from '../system/files/files.ts';

/** A template alone, or several by name, of which chats take `default`. */
const TemplateSchema = z.object({
  chat_template: z.union([
    z.string().min(1),
    z
      .array(z.object({ name: z.string(), template: z.string() }))
      .refine((templates) => templates.some(({ name }) => name === 'default')),
    z.object({ default: z.string().min(1) }),
  ]),
});

/**
 * Checks that a model folder has a chat template, in any of the files where one is kept. Without one a chat server
 * starts, and fails at every question.
 *
 * @throws SosBenchError `model-unservable`.
 */
export async function requireChatTemplate(folder: string): Promise<void> {
  if ((await content(join(folder, 'chat_template.jinja')))?.trim()) return;
  for (const name of ['tokenizer_config.json', 'chat_template.json', 'processor_config.json']) {
    if (hasTemplate(await content(join(folder, name)))) return;
  }
  throw new SosBenchError('model-unservable', `the model has no chat template (${folder})`, {
    hint: 'save its tokenizer together with its chat_template; a base model has none and cannot be asked in chats',
  });
}

function hasTemplate(text: string | null): boolean {
  try {
    return TemplateSchema.safeParse(JSON.parse(text ?? 'null')).success;
  } catch {
    return false;
  }
}

async function content(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw fileError(error, path, 'read');
  }
}
