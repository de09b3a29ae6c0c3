import { noun } from '../count.ts';
import type { JudgedModel } from './judged/judged-model.ts';
import type { ImportedRun, ImportedTask, ImportSource } from './source.ts';

/** The sources that make one record. */
export interface Run {
  model: string;
  sources: ImportSource[];
  /** Tells it from the model's other runs; null where there is no other. */
  suffix: string | null;
  /** What judges found of the model; left out where it was not judged. */
  judged?: JudgedModel;
}

/**
 * Puts the sources of one model together: different tasks, evaluated alike, are one run; a task that is there twice, or
 * settings that contradict, make another. The same task of the same time with the same score counts once.
 */
export function mergeSources(sources: readonly ImportSource[]): Run[] {
  const models = new Map<string, ImportSource[]>();
  for (const source of sources) models.set(source.model, [...(models.get(source.model) ?? []), source]);
  return [...models].flatMap(([model, own]) => {
    const runs: ImportSource[][] = [];
    for (const source of own.sort(byTime)) {
      const run = runs.find((other) => other.every((member) => contradiction(member, source) === null));
      if (run) run.push(withoutRepeated(source, run));
      else runs.push([source]);
    }
    const labels = runs.map((run) => run[0]!.label);
    return runs.map((members, i): Run => {
      const again = labels.indexOf(labels[i]!) !== i;
      const suffix = runs.length > 1 ? `${labels[i]}${again ? `-${i + 1}` : ''}` : null;
      return { model, sources: members.filter(({ tasks }) => tasks.length > 0), suffix };
    });
  });
}

/** The harness's files before LiveBench's, timed ones first. */
function byTime(a: ImportSource, b: ImportSource): number {
  const rank = (source: ImportSource) => (source.from === 'livebench' ? 2 : 0) + (source.timed ? 0 : 1);
  return rank(a) - rank(b) || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0);
}

/** Why two sources cannot be one run; null where they can. */
function contradiction(a: ImportSource, b: ImportSource): string | null {
  if (a.facts.harness.name === b.facts.harness.name) {
    const fields: (keyof ImportedRun)[] = ['backend', 'chatTemplateApplied', 'enableThinking', 'seed'];
    const field = fields.find((name) => differ(a.facts[name], b.facts[name]));
    if (field !== undefined) return field;
    if (differ(a.facts.harness.version, b.facts.harness.version)) return 'harness version';
    if (a.facts.systemInstruction !== b.facts.systemInstruction) return 'systemInstruction';
    if (differ(a.facts.subject.dtype, b.facts.subject.dtype)) return 'dtype';
  }
  const tasks = new Map(a.tasks.map((task) => [task.task, task]));
  const twice = b.tasks.find((task) => {
    const first = tasks.get(task.task);
    return first !== undefined && !(isSameTime(a, b) && isSameScore(first, task));
  });
  return twice?.task ?? null;
}

/** IFEval's mean over items is another estimator than the reported one. */
function isSameScore(a: ImportedTask, b: ImportedTask): boolean {
  if (a.n !== b.n || (a.mean === null) !== (b.mean === null)) return false;
  return a.protocol.metric === 'ifeval' || Math.abs((a.mean ?? 0) - (b.mean ?? 0)) < 1e-6;
}

function isSameTime(a: ImportSource, b: ImportSource): boolean {
  return a.timed && b.timed && a.label === b.label;
}

function differ(a: unknown, b: unknown): boolean {
  return a !== null && b !== null && a !== b;
}

function withoutRepeated(source: ImportSource, run: readonly ImportSource[]): ImportSource {
  const taken = new Set(run.flatMap(({ tasks }) => tasks.map(({ task }) => task)));
  const tasks = source.tasks.filter(({ task }) => !taken.has(task));
  const repeated = source.tasks.length - tasks.length;
  if (repeated === 0) return source;
  return {
    ...source,
    tasks,
    notes: [
      ...source.notes,
      `${source.files.join()}: ${repeated} ${noun(repeated, 'task')} there twice, counted once`,
    ],
  };
}
