import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { endOfReasoning, lostEndOfReasoning } from '../../../src/evaluate/livebench/end-of-reasoning.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { rejectsWith } from '../../support/reject.ts';

const folder = temporaryFolder();
const token = (id: number, content: string, special?: boolean) => ({
  id,
  content,
  ...(special !== undefined && { special }),
});
writeFileSync(
  join(folder, 'tokenizer.json'),
  JSON.stringify({
    added_tokens: [
      token(1, '</think>', false),
      token(2, '<|end|>', true),
      token(3, '<|message|>', true),
      token(4, '</done>'),
    ],
  }),
);

test('the end of reasoning by the id of a token is its text; an id that names none is refused', async () => {
  assert.equal(await endOfReasoning('1', folder), '</think>');
  await rejectsWith(() => endOfReasoning('9', folder), 'usage', 'think-end-token 9');
});

describe('an end of reasoning that a server of ours leaves out', () => {
  const cases: [string, string | null, RegExp | null][] = [
    ['a token that is not special is told', '</think>', null],
    ['nor one that does not say', '</done>', null],
    ['a special token, as text', '<|end|>', /special token <\|end\|>/],
    ['a special token, by its id', '2', /special token <\|end\|>/],
    ['a text with special tokens in it', '<|channel|>final<|message|>', /special token <\|message\|>/],
    ['a text that is no token', 'Answer:', null],
    ['none', null, null],
  ];
  for (const [title, end, expected] of cases) {
    test(title, async () => {
      const lost = await lostEndOfReasoning(end, folder);
      if (expected === null) assert.equal(lost, null);
      else assert.match(lost ?? '', expected);
    });
  }

  test('nothing is known of a server that is given', async () => {
    assert.equal(await lostEndOfReasoning('<|end|>', ''), null);
  });
});
