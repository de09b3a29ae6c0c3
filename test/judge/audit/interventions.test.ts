/** What interventions do to answers: each changes what it says it changes, and nothing else. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { type AuditAnswer, splitCode } from '../../../src/judge/audit/interventions/answer.ts';
import {
  INTERVENTIONS,
  type InterventionName,
  intervene,
} from '../../../src/judge/audit/interventions/intervene.ts';
import { measureStyle } from '../../../src/judge/style/measure-style.ts';
import { packageRoot } from '../../../src/system/paths.ts';

const MINI: (AuditAnswer & Required<Pick<AuditAnswer, 'number' | 'claim'>>)[] = readFileSync(
  `${packageRoot()}/tasks/judge-mini/questions.jsonl`,
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const NAMES = Object.keys(INTERVENTIONS) as InterventionName[];

function altered(name: InterventionName, answer: AuditAnswer, seed = 1): string {
  const result = intervene(name, answer, seed);
  assert.ok('answer' in result, `${name} of ${answer.id}: ${JSON.stringify(result)}`);
  return result.answer;
}
/** Why there is none. */
function reason(name: InterventionName, answer: string, more: Partial<AuditAnswer> = {}): string {
  const result = intervene(name, { id: 'x', answer, ...more }, 1);
  assert.ok('notApplicable' in result, JSON.stringify(result));
  return result.notApplicable;
}
const of = (name: InterventionName, answer: string, more: Partial<AuditAnswer> = {}) =>
  altered(name, { id: 'x', answer, ...more });
/** Words without marks, to see that no other ones came or went. */
const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];
const codeOf = (text: string) => splitCode(text).flatMap((part) => (part.isCode ? [part.text.trim()] : []));
const style = (text: string) => measureStyle([text]);

describe('of the 40 answers that the project ships', () => {
  for (const name of NAMES) {
    test(`${name} gives one answer or says why not, the same each time`, () => {
      const results = MINI.map((answer) => intervene(name, answer, 7));
      assert.deepEqual(
        MINI.map((answer) => intervene(name, answer, 7)),
        results,
      );
      const given = results.filter((result) => 'answer' in result).length;
      // Most of our answers are plain sentences; all else applies to nearly all of them.
      assert.ok(given >= (name === 'markdown-stripped' ? 7 : 40), String(given));
    });
  }

  test('the order of answers is nothing to an intervention', () => {
    const forward = MINI.map((answer) => altered('padded', answer));
    assert.deepEqual(
      [...MINI]
        .reverse()
        .map((answer) => altered('padded', answer))
        .reverse(),
      forward,
    );
    assert.notDeepEqual(
      MINI.map((answer) => altered('padded', answer, 2)),
      forward,
    );
  });

  test('the right number is gone, the wrong one is there, and all else is as it was', () => {
    for (const answer of MINI) {
      const { right, wrong } = answer.number;
      const text = altered('wrong-number', answer);
      assert.ok(!text.includes(right), answer.id);
      assert.equal(
        text.replace(wrong, () => right),
        answer.answer,
        answer.id,
      );
      assert.notDeepEqual(right.match(/[\d,.:/]*\d/g), wrong.match(/[\d,.:/]*\d/g), answer.id);
    }
  });

  test('the true claim is negated, and all else is as it was', () => {
    for (const answer of MINI) {
      const text = altered('negated', answer);
      assert.equal(
        text.replace(answer.claim.false, () => answer.claim.true),
        answer.answer,
        answer.id,
      );
      assert.notEqual(text, answer.answer);
    }
  });

  test('a truncated answer is the beginning of it, three fifths long, and ends with a whole word', () => {
    for (const answer of MINI) {
      const text = altered('truncated', answer);
      assert.ok(answer.answer.startsWith(text), answer.id);
      assert.ok(
        text.length <= 0.6 * answer.answer.length && text.length > 0.4 * answer.answer.length,
        answer.id,
      );
      assert.match(answer.answer[text.length]!, /\s/, answer.id);
    }
  });

  test('padding leaves the answer whole and is half as long as it, without a number', () => {
    for (const answer of MINI) {
      const text = altered('padded', answer);
      assert.equal(text.split(answer.answer).length, 2, answer.id);
      const added = text.replace(answer.answer, '');
      assert.doesNotMatch(added, /\d/);
      assert.ok(added.length > 0.4 * answer.answer.length, answer.id);
      assert.ok(!text.startsWith(answer.answer) && !text.endsWith(answer.answer));
    }
  });

  test('a repeated answer has each word twice', () => {
    for (const answer of MINI) {
      const own = words(answer.answer);
      assert.deepEqual(words(altered('repeated', answer)), [...own, ...own], answer.id);
    }
  });

  test('with markdown added there are a header, bold text and a list, and the words are the same', () => {
    for (const answer of MINI) {
      const text = altered('markdown-added', answer);
      const listed = (source: string) => words(source.replaceAll(/^[ \t]*\d+\.[ \t]/gm, ''));
      assert.deepEqual(listed(text), ['Answer', ...listed(answer.answer)], answer.id);
      assert.ok(style(text).headers > style(answer.answer).headers, answer.id);
      assert.ok(style(text).listItems > style(answer.answer).listItems, answer.id);
    }
    const bold = MINI.filter(
      (answer) => style(altered('markdown-added', answer)).bold > style(answer.answer).bold,
    );
    assert.ok(bold.length > 25, String(bold.length));
  });

  test('with markdown stripped there is none, and the words are the same', () => {
    for (const answer of MINI) {
      const result = intervene('markdown-stripped', answer, 1);
      if (!('answer' in result)) continue;
      const { headers, listItems, bold } = style(result.answer);
      assert.deepEqual({ headers, listItems, bold }, { headers: 0, listItems: 0, bold: 0 }, answer.id);
      const listed = answer.answer.replaceAll(/^[ \t]*\d+\.[ \t]/gm, '');
      assert.deepEqual(words(result.answer), words(listed), answer.id);
    }
  });

  test('typos exchange letters within words: numbers, phrases that make it right, and code stay', () => {
    let changed = 0;
    for (const answer of MINI) {
      const text = altered('typos', answer, 3);
      assert.equal(text.length, answer.answer.length);
      assert.ok(text.includes(answer.number.right) && text.includes(answer.claim.true), answer.id);
      assert.deepEqual(text.match(/\d+/g), answer.answer.match(/\d+/g), answer.id);
      assert.deepEqual(text.match(/`[^`\n]+`/g), answer.answer.match(/`[^`\n]+`/g), answer.id);
      const [before, after] = [words(answer.answer), words(text)];
      for (const [i, word] of before.entries()) {
        if (after[i] === word) continue;
        changed++;
        assert.equal([...after[i]!].sort().join(''), [...word].sort().join(''));
        assert.equal(after[i]![0], word[0]);
        assert.equal(after[i]!.at(-1), word.at(-1));
      }
    }
    const all = MINI.reduce((sum, { answer }) => sum + words(answer).length, 0);
    assert.ok(changed > 0.02 * all && changed < 0.12 * all, `${changed} of ${all}`);
  });

  test('an injection is one sentence behind the answer, without a label of a verdict', () => {
    for (const answer of MINI) {
      const text = altered('injection', answer);
      assert.ok(text.startsWith(`${answer.answer}\n\n`), answer.id);
      assert.doesNotMatch(text.slice(answer.answer.length), /\[\[|A>|B>|A=B/);
    }
    assert.ok(
      new Set(MINI.map((answer) => altered('injection', answer).slice(answer.answer.length))).size > 1,
    );
  });

  test('a constant is one text for all, and the identical answer is the answer', () => {
    assert.equal(new Set(MINI.map((answer) => altered('constant', answer))).size, 1);
    for (const answer of MINI) assert.equal(altered('identical', answer), answer.answer);
  });
});

describe('code blocks stay as they are', () => {
  const CODE =
    '```js\n# no header\n- 10 == **bold** and several words of a comment that are long enough\n```';
  const answers = {
    between: `Use a function for these sorted values. It has 10 lines.\n\n${CODE}\n\nAfterwards everything works as expected.`,
    'at the end': `Several sentences before the program begins. Another sentence follows here.\n${CODE}`,
    'at the beginning': `${CODE}\nSeveral sentences explain the program afterwards, and nothing else.`,
    'not closed': `Several sentences before the program begins.\n\n${CODE.slice(0, -4)}`,
    'by tildes': `Several sentences before the program begins.\n\n${CODE.replaceAll('```', '~~~')}\n\nAnd behind it.`,
  };
  for (const [title, answer] of Object.entries(answers)) {
    for (const name of NAMES.filter((name) => !['constant', 'truncated'].includes(name))) {
      test(`${name}, code ${title}`, () => {
        const result = intervene(name, { id: 'x', answer }, 1);
        if (!('answer' in result)) return;
        for (const block of codeOf(answer)) assert.ok(result.answer.includes(block), result.answer);
      });
    }

    test(`truncated, code ${title}: all of a block or nothing`, () => {
      const result = intervene('truncated', { id: 'x', answer }, 1);
      if (!('answer' in result)) return;
      const [block] = codeOf(answer);
      const fences = result.answer.includes('```') || result.answer.includes('~~~');
      assert.ok(!fences || result.answer.includes(block!), result.answer);
    });
  }
});

describe('not applicable, with the reason', () => {
  test('no number or claim is known', () => {
    assert.match(reason('wrong-number', 'It is 5.'), /no number is known/);
    assert.match(reason('negated', 'It is 5.'), /no claim is known/);
  });

  const number = { right: 'is 5', wrong: 'is 6' };
  for (const [title, answer, says] of [
    ['its phrase is not there', 'It was 4.', /not in the answer/],
    ['its phrase is there twice', 'It is 5. I say it is 5.', /twice, or in code/],
    ['its phrase is in code', '```\nx is 5\n```', /twice, or in code/],
  ] as const)
    test(title, () => assert.match(reason('wrong-number', answer, { number }), says));

  test('nothing stands behind a code block that is not closed', () => {
    const open = 'Several sentences before the program.\n\n```js\nrun();';
    assert.match(reason('repeated', open), /not closed/);
    assert.match(reason('injection', open), /not closed/);
    assert.ok(of('padded', open).endsWith(open));
    assert.ok(!of('padded', [open, '```'].join('\n')).endsWith('```'));
  });

  test('a replacement is no pattern', () => {
    const claim = { true: 'costs 5', false: 'costs $& or $1' };
    assert.equal(of('negated', 'It costs 5.', { claim }), 'It costs $& or $1.');
  });

  test('an answer of one word, of code alone, without markup, without long words', () => {
    assert.match(reason('truncated', 'Seventeen'), /nothing would be left/);
    assert.match(reason('repeated', '```\nx\n```'), /code alone/);
    assert.match(reason('markdown-stripped', 'Just 3 * 4 and x_y_z and 2*3*4.'), /no markup/);
    assert.match(reason('typos', 'It is 5 of 9.'), /too few long words/);
  });
});
