import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { escapeCode, escapeMarkdown, escapeTerminal } from '../../src/markdown/escape.ts';

describe('text from outside in Markdown', () => {
  const cases: { title: string; text: string; shown: string }[] = [
    {
      title: 'plain names stay as they are',
      text: 'leaderboard_gpqa-v1.2 (5-shot)',
      shown: 'leaderboard_gpqa-v1.2 (5-shot)',
    },
    { title: 'ends no table cell', text: 'a|b', shown: 'a&#124;b' },
    { title: 'starts no new line', text: 'a\r\n\n# b\u2028c', shown: 'a #&#8203; b c' },
    { title: 'mentions nobody', text: '@team', shown: '@&#8203;team' },
    { title: 'refers to no issue', text: 'org/repo#12 GH-12', shown: 'org/repo#&#8203;12 GH&#8203;-12' },
    { title: 'makes no code', text: '`x`', shown: '&#96;x&#96;' },
    { title: 'makes no HTML', text: '<img src=x>', shown: '&#60;img src=x&#62;' },
    { title: 'forges no hidden marker', text: '<!-- id -->', shown: '&#60;!-- id --&#62;' },
    { title: 'makes no entity', text: '&lt;!-- id', shown: '&#38;lt;!-- id' },
    {
      title: 'makes no link',
      text: '[a](b) https://c www.d.e',
      shown: '&#91;a&#93;(b) https:&#8203;//c www&#8203;.d.e',
    },
    {
      title: 'is neither bold nor struck out',
      text: '**a** _b_ ~~c~~',
      shown: '&#42;&#42;a&#42;&#42; &#95;b&#95; &#126;&#126;c&#126;&#126;',
    },
    { title: 'makes no formula', text: '$x$', shown: '&#36;x&#36;' },
    { title: 'takes no escape away', text: '\\|', shown: '&#92;&#124;' },
    {
      title: 'hides nothing by control and direction marks',
      text: 'a\u202eb\u200bc\u001b[1m',
      shown: 'a b c &#91;1m',
    },
  ];
  for (const { title, text, shown } of cases) test(title, () => assert.equal(escapeMarkdown(text), shown));

  test('is cut where it is too long, by letters and not in the middle of an escape', () => {
    assert.equal(escapeMarkdown('😀|😀|😀', 4), '😀&#124;😀…');
  });
});

test('as code, outside text keeps every letter for copying and holds no markup', () => {
  assert.equal(
    escapeCode('run --x=<!--@a `b` _c_'),
    '<code>run --x=&#60;&#33;--&#64;a &#96;b&#96; &#95;c&#95;</code>',
  );
  assert.equal(escapeCode('a\nb'), '<code>a b</code>');
});

test('on a terminal, outside text sends no control sequences', () => {
  assert.equal(escapeTerminal('a\u001b[31mb\nc\u0007'), 'a [31mb c');
});
