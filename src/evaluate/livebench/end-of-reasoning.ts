import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';

const TokenizerSchema = z.object({
  added_tokens: z.array(z.object({ id: z.number(), content: z.string() })),
});

/**
 * The text that ends reasoning: a server answers in text, so the id of a token is looked up in the model's tokenizer.
 *
 * @param end text or id; null for none.
 * @param folder of the model; empty where a server has it.
 * @throws SosBenchError `usage` for an id that names no token.
 */
export async function endOfReasoning(end: string | null, folder: string): Promise<string | null> {
  if (end === null || !/^\d+$/.test(end)) return end;
  try {
    const { added_tokens } = TokenizerSchema.parse(
      JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')),
    );
    const token = added_tokens.find(({ id }) => String(id) === end);
    if (token !== undefined) return token.content;
  } catch {
    // Told below.
  }
  throw new SosBenchError('usage', `think-end-token ${end} is not a token that tokenizer.json adds`, {
    hint: 'give it as text, such as --think-end-token "</think>"',
  });
}
