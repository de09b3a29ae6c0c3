import { noun } from '../../count.ts';
import type { BenchmarkResult, RunRecord } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { isTooMuchMissing } from '../../suite/missing.ts';
import { describeGap } from './result-view.ts';

/** Tasks named in one text; the rest is counted. */
const MAX_NAMED_TASKS = 4;

/**
 * What one record lacks of a benchmark, in words: tasks and questions that SOS-Bench has and the record's data had not, and what
 * the run itself says is missing. Null where nothing is, and for the suite mini, of which it is known.
 */
export function describeBenchmarkGap(
  result: BenchmarkResult,
  { suite, imported }: Pick<RunRecord, 'suite' | 'imported'>,
): string | null {
  const benchmark = findBenchmark(result.id);
  if (benchmark === undefined || suite === 'mini' || imported !== null || result.n === 0)
    return result.reason;
  const there = new Map(result.tasks.filter(({ n }) => n > 0).map((task) => [task.task, task]));
  const lacking = benchmark.tasks.filter(({ name }) => !there.has(name));
  const facts: string[] = [];
  if (lacking.length > 0) {
    const named = lacking.slice(0, MAX_NAMED_TASKS).map(({ name }) => name + because(result, name));
    facts.push(
      `${there.size} of ${benchmark.tasks.length} ${noun(benchmark.tasks.length, 'task')}: without ${list(named, lacking.length, 'tasks')}`,
    );
  }
  // Which questions a release of LiveBench has is not the catalogue's to say.
  const short =
    benchmark.harness === 'livebench'
      ? []
      : benchmark.tasks.filter((task) => {
          const documents = there.get(task.name)?.documents;
          return documents !== undefined && isTooMuchMissing(task.items - documents, task.items);
        });
  if (short.length > 0) {
    const named = short
      .slice(0, MAX_NAMED_TASKS)
      .map(
        ({ name, items }) =>
          `${name} has ${there.get(name)!.documents} of ${items} ${noun(items, 'question')}`,
      );
    facts.push(list(named, short.length, 'tasks'));
  }
  // The run's own words name the tasks that it skipped.
  const own =
    result.status === 'done'
      ? lacking.length > 0
        ? unscoredAlone(result)
        : result.reason
      : describeGap(result, { imported });
  return [...facts, own].filter(Boolean).join('; ') || null;
}

function because({ tasks }: BenchmarkResult, name: string): string {
  const reason = tasks.find(({ task }) => task === name)?.reason ?? null;
  return reason === null ? '' : ` (${reason})`;
}

function unscoredAlone({ unscored, planned }: BenchmarkResult): string | null {
  return unscored === 0 ? null : `${unscored} of ${planned} ${noun(planned, 'question')} could not be scored`;
}

function list(named: readonly string[], count: number, noun: string): string {
  const more = count - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more ${more === 1 ? noun.slice(0, -1) : noun}` : '');
}
