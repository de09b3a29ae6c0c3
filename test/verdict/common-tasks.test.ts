/** Two records that have other tasks of a benchmark are compared on the tasks that both have, and say which. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LoadedRecord } from '../../src/record/schema.ts';
import { compare } from '../../src/verdict/compare.ts';
import { makeRecord } from '../support/records.ts';

/** Questions and right ones, by task of GPQA. */
type Tasks = Record<string, [n: number, right: number]>;

const DIAMOND: Tasks = { leaderboard_gpqa_diamond: [200, 60] };
const MAIN: Tasks = { leaderboard_gpqa_main: [400, 300] };

/** An imported record of these tasks, with its items or the means of its tasks. */
function imported(model: string, tasks: Tasks, { items }: { items: boolean }): LoadedRecord {
  const questions = Object.entries(tasks).flatMap(([task, [n, right]]) =>
    Array.from({ length: n }, (_, docId) => ({ task, docId, score: docId < right ? 1 : 0 })),
  );
  return makeRecord({
    model,
    benchmarks: {
      gpqa: {
        scores: questions.map(({ score }) => score),
        task: (i) => questions[i]!.task,
        docId: (i) => questions[i]!.docId,
        items,
        status: 'partial',
      },
    },
    edit: (record) => {
      record.planHash = null;
      record.imported = { from: 'lm-eval', files: ['results.json'], repairs: [], notes: [] };
      if (items) return;
      for (const task of record.benchmarks[0]!.tasks) {
        const [n, right] = tasks[task.task]!;
        task.mean = right / n;
        task.stderr = Math.sqrt((task.mean * (1 - task.mean)) / (n - 1));
      }
    },
  });
}

const SIDES = [
  { what: 'items on both sides', before: true, after: true },
  { what: 'means alone', before: false, after: false },
  { what: 'items of the baseline alone', before: true, after: false },
  { what: 'items of the candidate alone', before: false, after: true },
];

for (const { what, before, after } of SIDES) {
  describe(what, () => {
    const compareGpqa = (baseline: Tasks, candidate: Tasks) => {
      const found = compare(
        imported('main', baseline, { items: before }),
        imported('pr', candidate, { items: after }),
      );
      return { ...found, gpqa: found.benchmarks.find(({ id }) => id === 'gpqa')! };
    };

    test('a candidate that has one task more is compared on the tasks of the baseline', () => {
      const { verdict, gpqa, footnotes } = compareGpqa(DIAMOND, { ...DIAMOND, ...MAIN });
      assert.notEqual(verdict, 'incomplete');
      assert.equal(gpqa.baseline.score, 0.3);
      assert.equal(gpqa.candidate.score, 0.3);
      assert.equal(gpqa.delta.estimate, 0);
      assert.match(footnotes.join(), /GPQA on leaderboard_gpqa_diamond \(1 of 3\)/);
    });

    test('a candidate that lacks a task is incomplete', () => {
      const { verdict, gpqa } = compareGpqa({ ...DIAMOND, ...MAIN }, DIAMOND);
      assert.equal(verdict, 'incomplete');
      assert.deepEqual(
        gpqa.missing.map(({ task }) => task),
        ['leaderboard_gpqa_main'],
      );
      // The missing ones are wrong beside items; nothing is known of them beside a mean.
      const counted = before && after;
      assert.equal(gpqa.candidate.score, counted ? 0.1 : 0.3);
      assert.equal(/count as wrong/.test(gpqa.reason ?? ''), counted);
    });

    test('a candidate that has another task of the benchmark is incomplete', () => {
      const { verdict, gpqa } = compareGpqa(DIAMOND, MAIN);
      assert.equal(verdict, 'incomplete');
      assert.match(gpqa.reason!, /200 of 200 questions .*leaderboard_gpqa_diamond/);
    });
  });
}

test('tasks that another harness calls otherwise are not comparable, and not missing', () => {
  const found = compare(
    imported('main', DIAMOND, { items: true }),
    imported('pr', { sosb_gpqa_diamond: [200, 60] }, { items: true }),
  );
  assert.equal(found.verdict, 'not-comparable');
});
