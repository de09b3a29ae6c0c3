import { ownValue } from '../../json.ts';
import { type ImportedTask, type ImportSource, skippedTask } from '../source.ts';

/** Known faults of the published run's harness, by its task names; the evidence is in docs/published-run.md. */
const INVERTED = 'JailbreakHub';
const UNINFORMATIVE: Record<string, string> = {
  SaladBench: 'the prompt does not say whether a safe or an unsafe answer is wanted',
  DTToxicity: 'its labels are probably inverted, and its scores hardly differ from guessing',
};

/** Corrects the known faults in place; what was done, or (`apply` false) what could be. */
export function repairSource(source: ImportSource, apply: boolean): { repairs: string[]; notes: string[] } {
  const repairs: string[] = [];
  const notes: string[] = [];
  source.tasks = source.tasks.map((task) => {
    if (task.skipped !== null) return task;
    const fault = ownValue(UNINFORMATIVE, task.task);
    if (fault === undefined && task.task !== INVERTED) return task;
    if (!apply) {
      notes.push(`${task.task}: as published, though ${fault ?? 'right answers count as wrong'} (--repair)`);
      return task;
    }
    repairs.push(`${task.task}: ${fault === undefined ? 'inverted, 1 - acc' : `left out, ${fault}`}`);
    if (fault !== undefined)
      return skippedTask(task.task, task.benchmark, `left out by --repair: ${fault}`, task.protocol);
    return invert(task);
  });
  return { repairs, notes };
}

function invert(task: ImportedTask): ImportedTask {
  const metric = '1 - acc';
  return {
    ...task,
    mean: task.mean === null ? null : 1 - task.mean,
    items:
      task.items?.map((item) => ({
        ...item,
        metric,
        score: 1 - item.score,
        margin: item.margin === null ? null : -item.margin,
      })) ?? null,
    constantScore: null,
    // Another metric: what is repaired is not compared with what is not.
    protocol: { ...task.protocol, metric },
  };
}
