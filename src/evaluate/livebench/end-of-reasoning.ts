import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SosBenchError } from '../../error.ts';

const TokenizerSchema = z.object({
  added_tokens: z.array(
    z.object({ id: z.number(), content: z.string(), special: z.boolean().default(false) }),
  ),
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
  const token = (await addedTokens(folder)).find(({ id }) => String(id) === end);
  if (token !== undefined) return token.content;
  throw new SosBenchError('usage', `think-end-token ${end} is not a token that tokenizer.json adds`, {
    hint: 'give it as text, such as --think-end-token "</think>"',
  });
}

/**
 * Why reasoning would be scored as part of an answer: servers that we start leave special tokens out of their texts, the end of
 * reasoning with them. Null where they do not.
 *
 * @param end text or id; null for none.
 * @param folder of the model; empty where a server has it.
 */
export async function lostEndOfReasoning(end: string | null, folder: string): Promise<string | null> {
  if (end === null || folder === '') return null;
  const tokens = await addedTokens(folder);
  const lost = tokens.find(
    ({ id, content, special }) =>
      special && (String(id) === end || (content !== '' && end.includes(content))),
  );
  if (lost === undefined) return null;
  return `the end of reasoning has the special token ${lost.content}, which the server leaves out of its answers; start a server that keeps it, and give its address as server`;
}

async function addedTokens(folder: string): Promise<z.infer<typeof TokenizerSchema>['added_tokens']> {
  try {
    const text = await readFile(join(folder, 'tokenizer.json'), 'utf8');
    return TokenizerSchema.parse(JSON.parse(text)).added_tokens;
  } catch {
    return [];
  }
}
