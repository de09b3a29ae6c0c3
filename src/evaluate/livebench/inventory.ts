import type { LiveBenchQuestion } from '../../harness/livebench/question.ts';
import { describeQuestions } from '../../harness/livebench/question.ts';
import { readLiveBenchQuestions } from '../../harness/livebench/read-questions.ts';
import type { TaskProtocol } from '../../record/schema.ts';
import { absentFromRelease, notScoredInRelease } from '../../suite/livebench.ts';
import type { BenchmarkInventory, TaskInventory } from '../../suite/plan/inventory.ts';
import type { Suite } from '../../suite/plan/plan.ts';
import type { SourcedBenchmark } from '../questions/sources.ts';
import type { LiveBenchReadiness, ReadyLiveBench } from './prepare.ts';

/** LiveBench's questions, as a plan and the stage need them. */
export interface LiveBenchInventory {
  benchmarks: BenchmarkInventory[];
  protocols: Map<string, TaskProtocol>;
  /** By task; a question's index is its document id. */
  questions: Map<string, LiveBenchQuestion[]>;
  /** Null where no benchmark of LiveBench is asked for, or none can run. */
  ready: ReadyLiveBench | null;
  /** Most tokens of an answer. */
  maxTokens: number;
}

export interface LiveBenchInventoryOptions {
  /** Null where no benchmark is asked for. */
  readiness: LiveBenchReadiness | null;
  suite: Suite;
  release: string;
  maxTokens: number;
}

/**
 * Reads the questions of LiveBench's benchmarks.
 *
 * @throws SosBenchError `data-invalid` where a file does not hold what its task needs.
 */
export async function inventoryLiveBench(
  sourced: readonly SourcedBenchmark[],
  { readiness, suite, release, maxTokens }: LiveBenchInventoryOptions,
): Promise<LiveBenchInventory> {
  const ready = readiness?.kind === 'ready' ? readiness : null;
  const inventory: LiveBenchInventory = {
    benchmarks: [],
    protocols: new Map(),
    questions: new Map(),
    ready,
    maxTokens,
  };
  if (ready === null) return inventory;
  for (const { benchmark, tasks } of sourced) {
    const refused = benchmark.id === 'livebench-coding' ? ready.codingRefused : null;
    const described: TaskInventory[] = [];
    for (const { task, source } of tasks) {
      if (source.kind === 'unavailable' || refused !== null) {
        const absent = suite === 'mini' ? null : absentFromRelease(task.name, release);
        const reason = refused ?? absent ?? (source.kind === 'unavailable' ? source.reason : null);
        described.push({ task: task.name, documents: null, reason });
        continue;
      }
      const questions = await readLiveBenchQuestions(benchmark, task, source, release);
      if (questions.length === 0) {
        const none = `${source.label} has no question of it in LiveBench ${release}`;
        const reason = absentFromRelease(task.name, release) ?? none;
        described.push({ task: task.name, documents: null, reason });
        continue;
      }
      inventory.questions.set(task.name, questions);
      inventory.protocols.set(task.name, protocolOf(ready, source.label, release, maxTokens));
      described.push({ task: task.name, documents: describeQuestions(questions, maxTokens), reason: null });
    }
    // Our own questions are of no release.
    if (suite !== 'mini')
      for (const lacking of notScoredInRelease(benchmark.id, release))
        described.push({ ...lacking, documents: null });
    inventory.benchmarks.push({ id: benchmark.id, reason: null, tasks: described });
  }
  return inventory;
}

const NOT_PINNED = ', not the one this version is tested with';

/** Whether a task was graded by LiveBench's code as this version pins it: of another, or of a changed one, the commit does not tell all. */
export function isPinnedLiveBench(version: TaskProtocol['version']): boolean {
  return version !== null && !version.endsWith(NOT_PINNED);
}

function protocolOf(
  { environment, server }: ReadyLiveBench,
  data: string,
  release: string,
  maxTokens: number,
): TaskProtocol {
  const { commit, pinned } = environment.checkout;
  return {
    version: `LiveBench ${commit?.slice(0, 12) ?? 'of an unknown commit'}${pinned ? '' : NOT_PINNED}`,
    fewshot: 0,
    outputType: 'chat',
    metric: 'livebench',
    generation: { max_tokens: maxTokens, temperature: 0, server, release },
    data,
    prompts: null,
  };
}
