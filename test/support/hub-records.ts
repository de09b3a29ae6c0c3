import type { LoadedRecord, RunRecord } from '../../src/record/schema.ts';
import { findBenchmark } from '../../src/suite/catalogue.ts';
import { makeRecord, rightThenWrong } from './records.ts';

const REVISION = '0123456789abcdef0123456789abcdef01234567';
const [DIAMOND, EXTENDED, MAIN] = findBenchmark('gpqa')!.tasks.map(({ name }) => name);

/** A record of all questions of data sets from the Hub; the sets are small: as many questions as were asked. */
export function fullRecord({ edit }: { edit?: (record: RunRecord) => void } = {}): LoadedRecord {
  // Ten questions a task: 4, 6 and 5 right.
  const gpqa = [rightThenWrong(4, 6), rightThenWrong(6, 4), rightThenWrong(5, 5)];
  return makeRecord({
    model: 'octo-7b',
    benchmarks: {
      'mmlu-pro': { scores: rightThenWrong(25, 15) },
      gpqa: {
        scores: gpqa.flat(),
        task: (index) => [DIAMOND!, EXTENDED!, MAIN!][Math.floor(index / 10)]!,
        docId: (index) => index % 10,
      },
      ifeval: {
        scores: rightThenWrong(6, 4),
        style: () => ({ chars: 100, headers: 0, listItems: 0, bold: 0 }),
      },
      bbq: {
        scores: rightThenWrong(30, 25),
        task: (index) => findBenchmark('bbq')!.tasks[index % 11]!.name,
        docId: (index) => Math.floor(index / 11),
      },
      xstest: { scores: rightThenWrong(6, 2) },
      own_dialogue_task: { scores: rightThenWrong(3, 1) },
    },
    edit: (record) => {
      record.suite = 'full';
      for (const { id, tasks } of record.benchmarks) {
        const { dataset, tasks: known = [] } = findBenchmark(id) ?? {};
        for (const task of tasks) {
          task.documents = task.n;
          const protocol = record.protocol.tasks[task.task]!;
          protocol.data = `hub:${dataset?.id ?? 'octo/own'}@${dataset?.revision ?? REVISION}`;
          protocol.metric = findBenchmark(id)?.metric ?? 'acc';
          if (known.some(({ fewshotSplit }) => fewshotSplit !== undefined)) protocol.fewshot = 5;
        }
      }
      edit?.(record);
    },
  });
}
