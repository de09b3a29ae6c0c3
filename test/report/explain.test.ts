import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExplainedFlips, explainBenchmark } from '../../src/report/explain.ts';

const item = (docId: number, task = 'sosb_gpqa') => ({
  task,
  docId,
  docHash: docId.toString(16).padStart(16, '0'),
});
const items = (count: number, task?: string) =>
  Array.from({ length: count }, (_, index) => item(index, task));
const found = (flips: { gained?: ReturnType<typeof items>; lost?: ReturnType<typeof items> } | null) =>
  ({
    flips: flips && { id: 'gpqa', gained: [], lost: [], ...flips },
    baseline: 'b'.repeat(40),
    candidate: 'c'.repeat(40),
    report: 'https://github.com/octo/models/pull/1#issuecomment-1',
    isCurrent: true,
    fullLists: '`flips.json` of run 7',
    problem: null,
  }) satisfies ExplainedFlips;

test('says what the benchmark is, and names the items by task, index and hash', () => {
  const text = explainBenchmark('gpqa', found({ lost: [item(12), item(255)], gained: [item(3)] }));
  assert.match(text, /^\*\*GPQA\*\*\n\n- World knowledge; /);
  assert.match(text, /compares <code>b{12}<\/code> with <code>c{12}<\/code>\./);
  assert.match(
    text,
    /\*\*Lost \(2\)\*\*\n\n- <code>sosb&#95;gpqa<\/code>: 12 `000000000000000c`, 255 `00000000000000ff`\n/,
  );
  assert.match(text, /\*\*Gained \(1\)\*\*\n\n- <code>sosb&#95;gpqa<\/code>: 3 `0000000000000003`/);
});

test('the list ends after 20 items, and says how many more there are and where', () => {
  const text = explainBenchmark('gpqa', found({ lost: items(1234) }));
  assert.equal(text.match(/`[0-9a-f]{16}`/g)?.length, 20);
  assert.match(text, /\*\*Lost \(1,234\)\*\*[\s\S]*- and 1,214 more, in `flips\.json` of run 7/);
  assert.doesNotMatch(text, /Gained/);
  assert.ok(
    Buffer.byteLength(
      explainBenchmark('gpqa', found({ lost: items(9999, 'x'.repeat(200)), gained: items(9999) })),
    ) < 10_000,
  );
});

test('a task name can form no markup', () => {
  const text = explainBenchmark('gpqa', found({ lost: [item(1, '`@octo` <img src=x> | #1')] }));
  assert.doesNotMatch(text, /@octo|<img|`@/);
});

const CASES: [string, ExplainedFlips, RegExp][] = [
  ['nothing flipped', found({}), /No question of this benchmark flipped/],
  [
    'it was not compared question by question',
    found(null),
    /did not compare this benchmark question by question/,
  ],
  [
    'the report is of an older head',
    { ...found({}), isCurrent: false },
    /c{12}<\/code>, which is not the head any more\./,
  ],
  ['nothing is known', { problem: 'there is no report yet.' }, /cannot be listed: there is no report yet\./],
];
for (const [what, flips, expected] of CASES) {
  test(`${what}: said, below what the benchmark is`, () => {
    const text = explainBenchmark('gpqa', flips);
    assert.match(text, /^\*\*GPQA\*\*/);
    assert.match(text, expected);
  });
}
