import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './folder.ts';

/** A safetensors file by its header: one tensor of bytes. */
export function safetensors(content = 'x'.repeat(8)): Buffer {
  const header = JSON.stringify({
    w: { dtype: 'U8', shape: [content.length], data_offsets: [0, content.length] },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.from(content)]);
}

/** A folder with these files, gone after the test file. Values that are no text become JSON. */
export function modelFolder(files: Record<string, string | Buffer | object>): string {
  const folder = join(temporaryFolder(), 'model');
  mkdirSync(folder);
  addFiles(folder, files);
  return folder;
}

export function addFiles(folder: string, files: Record<string, string | Buffer | object>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    );
  }
}

/** What a saved model has, as far as a check of its files looks. */
export const MODEL = {
  'config.json': { model_type: 'llama' },
  'generation_config.json': { do_sample: false },
  'model.safetensors': safetensors(),
  'tokenizer.json': { version: '1.0' },
  'tokenizer_config.json': { bos_token: '<s>', chat_template: '{{ messages }}' },
  'special_tokens_map.json': {},
};
