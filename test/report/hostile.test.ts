/** Hostile text in every place of a record that can hold any, one by one and all at once, in all that is posted of it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summariseGames } from '../../src/judge/score/judge-result.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { renderComment } from '../../src/report/comment/comment.ts';
import { writeHeadline } from '../../src/report/comment/headline.ts';
import { renderShowMarkdown } from '../../src/report/comment/markdown-scores.ts';
import { renderGate } from '../../src/report/gate.ts';
import { renderScores } from '../../src/report/tables/scores.ts';
import { compare } from '../../src/verdict/compare.ts';
import { judgeRelease } from '../../src/verdict/release/gate.ts';
import { summarise } from '../../src/verdict/summary.ts';
import { assertGolden } from '../support/golden.ts';
import { assertHarmless, HOSTILE, poison, type TextPath, textPaths } from '../support/hostile-record.ts';
import { type MadeVerdicts, makeBoard, makeGames } from '../support/judged.ts';
import { makeIdentity } from '../support/records.ts';
import * as scenarios from '../support/scenarios.ts';

const NOW = new Date('2026-03-04T13:00:00Z');

/** Something in every field that may be empty. */
const full = (given: LoadedRecord, { imported }: { imported: boolean }): LoadedRecord => {
  const { path, record, items } = structuredClone(given);
  record.event = 'push';
  record.asked = { commit: null, settings: { seed: { value: '1234', from: 'default' } } };
  record.protocol.systemInstruction = 'Be brief.';
  record.protocol.includePaths = ['tasks'];
  record.protocol.thinkEndToken = '</think>';
  record.subject.modelArgs = { dtype: 'auto' };
  record.subject.chatTemplate = '{{ messages }}';
  // The same weights in other settings: their names are shown.
  record.model.identity = {
    ...makeIdentity('w', { quantisation: { load_in_4bit: 'yes' }, arguments: { max_length: '64' } }),
    unknown: ['adapter: elsewhere'],
  };
  record.totals.retries = { oom: 1 };
  Object.assign(record.environment!, { engine: 'harness', engineReason: 'because' });
  const games = makeGames([...new Array<MadeVerdicts>(20).fill(['B>A', 'A>B']), [null, 'A>B']]);
  record.judge = [{ ...summariseGames(makeBoard(games, { category: 'hard' })), reason: 'because' }];
  const answer = { from: 'lm-eval' as const, files: ['results.json'], repairs: ['wmdp'], notes: ['a note'] };
  record.imported = imported ? answer : null;
  for (const benchmark of record.benchmarks) {
    benchmark.reason = 'because';
    benchmark.unconfirmed = [{ task: 't', question: 'q', reason: 'because' }];
    for (const task of benchmark.tasks) Object.assign(task, { reason: 'because', dropped: { empty: 1 } });
  }
  for (const task of Object.values(record.protocol.tasks))
    Object.assign(task, { generation: { until: 'stop' }, filter: 'none' });
  return { path, record, items };
};

const bothOf = (of: scenarios.Scenario, imported: boolean) => ({
  baseline: full(of.baseline, { imported }),
  candidate: full(of.candidate, { imported }),
});
/** One field at a time goes through records of few questions: how many there are changes no text but numbers. */
const made = [false, true].map((imported) => bothOf(scenarios.smallRegression, imported));

/** All that is shown on GitHub of two records. */
function everything(before: LoadedRecord, after: LoadedRecord): string[] {
  const verdict = compare(before, after);
  const summary = summarise(after);
  return [
    renderComment(verdict, { now: NOW, reproduce: null }),
    renderScores(summary),
    renderShowMarkdown([summarise(before), summary]),
    renderGate(judgeRelease([{ against: 'release', verdict }], 'not-worse')),
    writeHeadline(verdict, (text) => text).title,
  ];
}

describe('hostile text in a record is shown as text', () => {
  const paths = textPaths();

  test('the fields are found by the schema', () => {
    const named = paths.map((path) => path.join('.'));
    for (const path of ['model.name', 'benchmarks.*.tasks.*.reason', 'environment.versions.keys', 'suite'])
      assert.ok(named.includes(path), path);
    assert.ok(!named.includes('commit') && !named.includes('finished'), 'these hold no free text');
  });

  test('the small records have the drops of the large ones, and what else a text speaks of', () => {
    const outcomes = ({ baseline, candidate }: scenarios.Scenario) => {
      const { verdict, collapsed, factors, benchmarks, subject } = compare(baseline, candidate);
      const parts = [...factors, ...benchmarks].map(({ id, outcome }) => [
        id,
        // Few questions rule less out.
        outcome === 'equivalent' ? 'inconclusive' : outcome,
      ]);
      return { verdict, collapsed: collapsed.map(({ id }) => id), parts, subject };
    };
    assert.deepEqual(outcomes(scenarios.smallRegression), outcomes(scenarios.regression));
  });

  for (const path of paths) {
    test(path.join('.'), () => {
      let missed = 0;
      const poisoned = (record: LoadedRecord) => poison(record, [path], { missed: () => missed++ });
      for (const { baseline, candidate } of made) {
        for (const [before, after] of [
          [baseline, poisoned(candidate)],
          [poisoned(baseline), candidate],
        ] as const)
          everything(before, after).forEach(assertHarmless);
      }
      assert.ok(missed < 2 * made.length, 'some record has this field');
    });
  }

  test('in all fields at once, as a reader sees it', () => {
    const isName = (path: TextPath) =>
      /^(benchmarks,\*,id|benchmarks,\*,tasks,\*,task|protocol,.*)$/.test(String(path));
    const comparable = paths.filter((path) => !isName(path));
    const own = bothOf(scenarios.regression, false);
    const both = (kept: readonly TextPath[]) =>
      [poison(own.baseline, kept, { mark: 'main' }), poison(own.candidate, kept, { mark: 'pr' })] as const;
    const [comment] = everything(...both(comparable));
    assertHarmless(comment!);
    assert.match(comment!, /octo\/everyone/, 'it is there, as text');
    assertGolden('comment-hostile-everywhere.md', comment!);
    everything(...both(paths)).forEach(assertHarmless);
  });

  test('the check finds what it looks for', () => {
    for (const line of HOSTILE.split(/\r?\n/).filter(
      (line) => /[^\s>]/.test(line) && !line.startsWith('> [!TIP]'),
    ))
      assert.throws(() => assertHarmless(line), line);
  });
});
