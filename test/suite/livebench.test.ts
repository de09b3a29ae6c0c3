import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE } from '../../src/suite/catalogue.ts';
import { absentFromRelease, LIVEBENCH_RELEASES, notScoredInRelease } from '../../src/suite/livebench.ts';

const TASKS = CATALOGUE.filter(({ harness }) => harness === 'livebench').flatMap(({ id, tasks }) =>
  tasks.map(({ name }) => ({ row: id, task: name })),
);

const ABSENT: Record<(typeof LIVEBENCH_RELEASES)[number], string[]> = {
  '2024-06-24': ['spatial'],
  '2024-07-26': [],
  '2024-08-31': [],
  '2024-11-25': [],
  '2025-04-02': ['web_of_lies_v2'],
  '2025-04-25': ['LCB_generation', 'coding_completion', 'cta', 'web_of_lies_v2'],
  '2025-05-30': ['LCB_generation', 'coding_completion', 'cta', 'web_of_lies_v2'],
  '2025-11-25': ['LCB_generation', 'coding_completion', 'cta', 'web_of_lies_v2'],
};
const NEW: Record<string, string[]> = {
  '2025-04-02': ['web_of_lies_v3'],
  '2025-04-25': ['code_generation', 'code_completion', 'web_of_lies_v3'],
  '2025-05-30': ['code_generation', 'code_completion', 'web_of_lies_v3'],
  '2025-11-25': ['code_generation', 'code_completion', 'theory_of_mind'],
};
for (const release of LIVEBENCH_RELEASES) {
  test(`release ${release}: which tasks it lacks, and which it has that are not scored`, () => {
    const absent = TASKS.filter(({ task }) => absentFromRelease(task, release) !== null);
    assert.deepEqual(
      absent.map(({ task }) => task),
      ABSENT[release],
    );
    const rows = [...new Set(TASKS.map(({ row }) => row))];
    const more = rows.flatMap((row) => notScoredInRelease(row, release)).map(({ task }) => task);
    assert.deepEqual(more, NEW[release] ?? []);
  });
}
