/** The same items have one mean and one standard error, whoever asks: the run's record, an import, a table by task, a verdict. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summariseTasks } from '../../src/import/summarise-tasks.ts';
import { summariseBenchmark } from '../../src/record/results/summarise.ts';
import { taskScores } from '../../src/record/results/task-scores.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { scoreItems } from '../../src/verdict/measure/estimates.ts';
import { firstTask, makeRecord, type Row } from '../support/records.ts';

const CASES: { title: string; id: string; row: Row }[] = [
  { title: 'independent questions', id: 'gpqa', row: { scores: [1, 0, 1, 1, 0, 0, 1] } },
  {
    title: 'the same document twice, without a cluster',
    id: 'gpqa',
    row: { scores: [1, 1, 0, 0, 1, 0], document: (index) => Math.floor(index / 2) },
  },
  {
    title: 'clusters',
    id: 'bbq',
    row: { scores: [1, 1, 1, 0, 0, 1, 0, 0], cluster: (index) => Math.floor(index / 3) },
  },
  {
    title: 'LiveBench, tasks of several questions',
    id: 'livebench-language',
    row: { scores: [1, 0, 0, 1, 0.5], task: (index) => (index < 3 ? 'typos' : 'connections') },
  },
  {
    title: 'LiveBench, a task of one question',
    id: 'livebench-language',
    row: { scores: [1, 0, 0, 1], task: (index) => (index < 3 ? 'typos' : 'connections') },
  },
  {
    title: 'LiveBench, tasks of one question each',
    id: 'livebench-language',
    row: { scores: [1, 0, 0.5], task: (index) => ['typos', 'connections', 'plot_unscrambling'][index]! },
  },
];

for (const { title, id, row } of CASES) {
  test(`one mean and standard error: ${title}`, () => {
    const benchmark = findBenchmark(id)!;
    const { record, items } = makeRecord({ model: 'a', benchmarks: { [id]: row } });
    const own = { answers: [], unscored: new Map(), failure: null };
    const planned = { id, status: 'planned' as const, reason: null, tasks: [] };
    const { mean, stderr } = summariseBenchmark(benchmark, { planned, items, ...own });
    assert.ok(mean !== null && stderr !== null);
    const same = (what: string, other: { mean: number | null; stderr: number | null } | undefined) => {
      assert.ok(other !== undefined && other.mean !== null && other.stderr !== null, `${what}: none`);
      assert.ok(Math.abs(other.mean - mean) < 1e-12, `${what}: mean ${other.mean}, not ${mean}`);
      assert.ok(Math.abs(other.stderr - stderr) < 1e-12, `${what}: error ${other.stderr}, not ${stderr}`);
    };

    const tasks = [...new Set(items.map(({ task }) => task))].map((task) => ({
      ...{ task, benchmark: id, skipped: null, mean: null, stderr: null, stderrOrigin: null },
      ...{ constantScore: null, answers: {}, instructions: null, dropped: {} },
      items: items.filter((item) => item.task === task),
      n: items.filter((item) => item.task === task).length,
      protocol: record.protocol.tasks[task]!,
    }));
    same('import', summariseTasks(tasks).benchmarks[0]);

    const { estimate } = scoreItems(items, benchmark, 'paper');
    same('verdict', { mean: estimate!.estimate, stderr: estimate!.se });

    if (items.every(({ task }) => task === firstTask(id)))
      same('task', taskScores({ path: 'a', record, items })[0]);
  });
}
