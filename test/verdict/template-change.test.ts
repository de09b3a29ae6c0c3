import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../src/record/schema.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { compare } from '../../src/verdict/compare.ts';
import { assertHarmless, HOSTILE } from '../support/hostile-record.ts';
import { makeRecord } from '../support/records.ts';

const NOW = new Date('2026-03-04T13:00:00Z');
const withTemplate = (text: string | null, kept = true, applied = true) =>
  makeRecord({
    model: 'm',
    benchmarks: { gpqa: { scores: [1, 0, 1, 0] } },
    edit: (record: RunRecord) => {
      record.subject.chatTemplateSha256 = text === null ? null : `sha of ${text.length} ${text.slice(0, 20)}`;
      if (kept) record.subject.chatTemplate = text;
      record.protocol.chatTemplateApplied = applied;
    },
  });
const change = (a: string | null, b: string | null, kept = true) =>
  compare(withTemplate(a, kept), withTemplate(b, kept)).templateChange;
const lines = (count: number, word = 'line') => Array.from({ length: count }, (_, i) => `${word} ${i}`);

test('the same template is not a change', () => {
  assert.equal(change('a\nb', 'a\nb'), null);
  assert.equal(change(null, null), null);
});

test('lines that only one side has are told, those around them are not', () => {
  const { removed, added, hidden, applied } = change('a\nb\nc\nd', 'a\nX\nY\nd')!;
  assert.deepEqual([removed, added, hidden, applied], [['b', 'c'], ['X', 'Y'], 0, true]);
});

test('a template that is new, and one that is gone', () => {
  assert.deepEqual(change(null, 'a')!.baseline, null);
  assert.deepEqual(change('abc', null)!.baseline!.characters, 3);
});

test('records without the text give digests alone', () => {
  const found = change('abc', 'abd ', false)!;
  assert.deepEqual([found.removed, found.added], [[], []]);
  assert.deepEqual([found.baseline!.characters, found.candidate!.characters], [null, null]);
});

test('few lines are told of a long change, and little of a long line', () => {
  const found = change(lines(50).join('\n'), [...lines(40, 'other'), 'x'.repeat(5000)].join('\n'))!;
  assert.deepEqual([found.removed.length, found.added.length, found.hidden], [12, 12, 38 + 29]);
  assert.ok(change('a', 'x'.repeat(5000))!.added[0]!.length < 200);
});

test('the comment shows what changed as text, and the whole template nowhere', () => {
  const text = (template: string) => `{% for m in messages %}\n${template}\n{% endfor %}`;
  const verdict = compare(withTemplate(text('{{ m }}')), withTemplate(text(HOSTILE)));
  const comment = renderComment(verdict, { now: NOW, reproduce: null });
  assert.match(comment, /The chat template changed \(44 characters → \d+ characters\):/);
  assert.match(comment, /<pre>- &#123;&#123; m &#125;&#125;\n/);
  assert.match(comment, /Same weights, other settings: chat template/);
  assertHarmless(comment.split('\n').slice(1).join('\n'));
  assert.ok(verdict.subject.every(({ path }) => path !== 'chatTemplate'));
});

test('where it was not applied the comment says so', () => {
  const verdict = compare(withTemplate('a', true, false), withTemplate('b', true, false));
  assert.match(renderComment(verdict, { now: NOW, reproduce: null }), /not applied in this evaluation\):/);
});
