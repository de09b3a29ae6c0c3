/** How answers are written is a claim of the candidate's record: it is shown, and decides nothing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type AnswerStyle, MAX_ANSWER_CHARS } from '../../src/answer-style.ts';
import { WorkerMessageSchema } from '../../src/harness/lm-eval/messages.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { writeRecord } from '../../src/record/write.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { renderCompareTable } from '../../src/report/tables/table.ts';
import { compare } from '../../src/verdict/compare.ts';
import type { Verdict } from '../../src/verdict/schema.ts';
import { after, HALF } from '../support/comparisons.ts';
import { temporaryFolder } from '../support/folder.ts';
import { assertHarmless, HOSTILE } from '../support/hostile-record.ts';
import { makeRecord, type Row } from '../support/records.ts';
import { runMain } from '../support/runtime.ts';

const half = MAX_ANSWER_CHARS / 2;
const LARGEST: AnswerStyle = { chars: MAX_ANSWER_CHARS, headers: half, listItems: half, bold: half };
const EMPTY: AnswerStyle = { chars: 0, headers: 0, listItems: 0, bold: 0 };
const usual = (index: number): AnswerStyle => ({
  chars: 500 + index,
  headers: 1,
  listItems: index % 9,
  bold: 2,
});

/** What a candidate may claim of its answers; null for what an honest one says. */
const CLAIMS: [string, Row['style']][] = [
  ['the longest answers there can be', () => LARGEST],
  ['no characters at all', () => EMPTY],
  ['the largest and the smallest in turn', (index) => (index % 2 ? LARGEST : EMPTY)],
  ['one answer without end', (index) => (index === 0 ? LARGEST : usual(index))],
  ['nothing', 'none'],
];
const OUTCOMES: [string, number[]][] = [
  ['a drop', after(90, 5)],
  ['a gain', after(5, 90)],
  ['no change', HALF],
  ['a few turned answers', after(12, 9)],
];

const record = (model: string, scores: number[], style: Row['style']): LoadedRecord => ({
  ...makeRecord({
    model,
    benchmarks: {
      ifeval: { scores, ...(style && { style }) },
      'mmlu-pro': { scores: HALF },
      bbq: { scores: HALF },
    },
  }),
});
/** All that is decided: everything but what is shown of style. */
function decided({ style: _, footnotes, ...rest }: Verdict): unknown {
  return { ...rest, footnotes: footnotes.filter((note) => !note.startsWith('No style')) };
}

describe('no claim of a style changes what is decided', () => {
  const main = record('main', HALF, usual);
  for (const [what, scores] of OUTCOMES) {
    const honest = compare(main, record('pr', scores, usual));
    for (const [claim, style] of CLAIMS)
      test(`${what}: ${honest.verdict}, also where the record claims ${claim}`, () => {
        const claimed = compare(main, record('pr', scores, style));
        assert.deepEqual(decided(claimed), decided(honest));
        assert.ok(JSON.stringify(claimed).match(/NaN|Infinity/) === null);
        const comment = renderComment(claimed, { now: new Date(0), reproduce: null });
        const first = (text: string) => text.split('\n').slice(0, 4).join('\n');
        assert.equal(first(comment), first(renderComment(honest, { now: new Date(0), reproduce: null })));
        assert.doesNotMatch(comment, /NaN|Infinity|undefined|e\+/);
      });
  }
});

test('names of benchmarks of the change write no markup into what is said', () => {
  const own = (model: string, style: (index: number) => AnswerStyle) =>
    makeRecord({
      model,
      benchmarks: { [`task ${HOSTILE}`]: { scores: HALF, style }, bbq: { scores: HALF } },
    });
  const verdict = compare(
    own('main', usual),
    own('pr', (index) => ({ ...usual(index), chars: 5000, bold: 9 })),
  );
  const comment = renderComment(verdict, { now: new Date(0), reproduce: null });
  assert.match(comment, /\*\*Style\.\*\* In task .* answers are 5x as long, with 4\.5x the bold text/);
  assert.match(comment, /How answers are written \(1\)/);
  assertHarmless(comment);
  const table = renderCompareTable(verdict, { colour: false });
  assert.match(table, /^Style: In task /m);
  assert.doesNotMatch(table, /\p{Cf}|(?!\n)\p{Cc}/u);
});

describe('compare ends as it would without any style', () => {
  for (const [what, scores, exitCode] of [
    ['a drop fails', after(90, 5), 1],
    ['no change passes', HALF, 0],
  ] as const)
    test(what, async () => {
      const folder = temporaryFolder();
      const write = async (name: string, own: LoadedRecord) =>
        writeRecord(join(folder, name), own.record, own.items);
      await write('main', record('main', HALF, usual));
      await write(
        'pr',
        record('pr', [...scores], () => LARGEST),
      );
      const ran = await runMain(['compare', '--baseline', 'main', '--candidate', 'pr'], { cwd: folder });
      assert.equal(ran.exitCode, exitCode, ran.stderr);
      assert.match(ran.stdout, /over 1,000x as long/);
    });
});

describe('counts that no answer has are refused, in one line', () => {
  const REFUSED: [string, Partial<Record<keyof AnswerStyle, unknown>>, RegExp][] = [
    ['a negative length', { chars: -5 }, /chars is -5, not a count/],
    ['a length beyond any', { chars: 2 ** 31 - 1 }, /chars is 2147483647, not a count/],
    ['more headers than characters', { headers: 9000 }, /headers is 9000 in an answer of length 500/],
    ['a negative list', { listItems: -1 }, /listItems is -1/],
  ];
  for (const [what, change, message] of REFUSED)
    test(what, async () => {
      const folder = temporaryFolder();
      const style = { ...usual(0), ...change } as AnswerStyle;
      const own = record('pr', HALF, () => style);
      await writeRecord(join(folder, 'pr'), own.record, own.items);
      const { exitCode, stderr } = await runMain(['show', 'pr'], { cwd: folder });
      assert.equal(exitCode, 2);
      assert.match(stderr, message);
      assert.match(stderr, /items\.parquet cannot be used/);
      assert.ok(stderr.trim().split('\n').length <= 2, stderr);
    });

  for (const [what, change] of [
    ...REFUSED,
    ['a length as text', { chars: '500' }],
    ['a length that is no number', { chars: null }],
    ['a list instead', { headers: [1] }],
  ] as const)
    test(`${what}, in a line of a worker or a journal`, () => {
      const [docHash, promptHash] = ['0'.repeat(16), '1'.repeat(16)];
      const message = (style: unknown) => ({
        ...{ type: 'result', chunk: 'c', seconds: 1 },
        items: [
          { docId: 0, docHash, promptHash, scores: {}, target: '', tokens: null, prediction: '', style },
        ],
      });
      assert.ok(WorkerMessageSchema.safeParse(message(usual(0))).success);
      assert.equal(WorkerMessageSchema.safeParse(message({ ...usual(0), ...change })).success, false);
    });
});
