import { noun } from '../../count.ts';
import { ownValue } from '../../json.ts';
import type { Item, LoadedRecord, RunRecord, TaskProtocol } from '../../record/schema.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { findTask } from '../../suite/find-task.ts';
import type { Difference } from '../schema.ts';
import { findDifferences } from './field-differences.ts';
import { readingWarnings } from './reading.ts';
import { describeUnknown, isUnknown } from './unknown-fields.ts';

/** Versions named in a warning; the rest is counted. */
const MAX_VERSIONS = 8;

export interface ProtocolComparison {
  /** Fields of the whole run that differ and forbid any comparison. */
  run: Difference[];
  /** Fields that differ by task, and forbid comparing the benchmarks those tasks belong to. */
  tasks: Map<string, Difference[]>;
  /** What the change is about: shown, never blocking. */
  subject: Difference[];
  /** What may explain a difference but does not forbid the comparison. */
  warnings: string[];
}

/** Compares how two records were made. Tasks that only one side has are a matter of coverage, not of protocol. */
export function compareProtocols(baseline: LoadedRecord, candidate: LoadedRecord): ProtocolComparison {
  const { tasks: baselineTasks, ...baselineRun } = baseline.record.protocol;
  const { tasks: candidateTasks, ...candidateRun } = candidate.record.protocol;
  const own = documentsByTask(baseline.items);
  const same = haveSameDocuments(baseline.items, candidate.items);
  const documents = { baseline: own, candidate: same ? own : documentsByTask(candidate.items) };
  const templateFixed =
    !baselineRun.chatTemplateApplied ||
    baseline.record.subject.chatTemplateSha256 === candidate.record.subject.chatTemplateSha256;
  const { planHash } = baseline.record;
  const samePlan = planHash !== null && planHash === candidate.record.planHash;
  const known = (path: string) => !isUnknown(baseline.record, path) && !isUnknown(candidate.record, path);

  const tasks = new Map<string, Difference[]>();
  for (const [task, ours] of Object.entries(baselineTasks)) {
    const theirs = ownValue(candidateTasks, task);
    if (theirs === undefined) continue;
    const before = documents.baseline.get(task);
    const after = documents.candidate.get(task);
    const sameItems = before && after ? haveSameHashes(before, after) : samePlan;
    const found = [
      ...compareTask(task, ours, theirs, { prompts: templateFixed && sameItems }),
      ...compareDocuments(task, before, after),
    ];
    const certain = found.filter(({ path }) => known(path));
    if (certain.length > 0) tasks.set(task, certain);
  }
  for (const [task, difference] of disjointBenchmarks(baseline, candidate)) tasks.set(task, [difference]);
  return {
    run: findDifferences(baselineRun, candidateRun).filter(({ path }) => known(path)),
    tasks,
    subject: findDifferences(withoutTemplate(baseline.record), withoutTemplate(candidate.record)),
    warnings: [
      ...describeUnknown(baseline.record, candidate.record),
      ...environmentWarnings(baseline, candidate),
      ...readingWarnings(baseline, candidate),
    ],
  };
}

/** The text of a template is shown by itself; its digest stands for it here. */
function withoutTemplate({ subject: { chatTemplate: _, ...subject } }: RunRecord): unknown {
  return subject;
}

function compareTask(
  task: string,
  baseline: TaskProtocol,
  candidate: TaskProtocol,
  check: { prompts: boolean },
): Difference[] {
  const known = check.prompts && baseline.prompts !== null && candidate.prompts !== null;
  const shown = ({ prompts, ...rest }: TaskProtocol) => (known ? { ...rest, prompts } : rest);
  // Version 1.0 comes out of JSON as 1.
  const withoutZero = (version: string | null) => version?.replace(/^(\d+)\.0$/, '$1');
  const sameVersion = withoutZero(baseline.version) === withoutZero(candidate.version);
  return findDifferences(shown(baseline), shown(candidate), `tasks.${task}`).filter(
    ({ path }) => !(sameVersion && path === `tasks.${task}.version`),
  );
}

/**
 * Benchmarks that both sides measured, but by tasks of other names: other wording or other labels under one name.
 * Keyed by the baseline's first such task.
 */
function disjointBenchmarks(baseline: LoadedRecord, candidate: LoadedRecord): [string, Difference][] {
  if (baseline.record.imported === null && candidate.record.imported === null) return [];
  const measured = (record: LoadedRecord['record'], id: string) =>
    (record.benchmarks.find((result) => result.id === id)?.tasks ?? [])
      .filter(({ n }) => n > 0)
      .map(({ task }) => task);
  return baseline.record.benchmarks.flatMap(({ id }): [string, Difference][] => {
    const before = measured(baseline.record, id);
    const after = measured(candidate.record, id);
    if (before.length === 0 || after.length === 0 || after.some((task) => before.includes(task))) return [];
    if (areOtherTasks(id, before, after)) return [];
    const path = `benchmarks.${id}.tasks`;
    return [[before[0]!, { path, baseline: before.join(', '), candidate: after.join(', ') }]];
  });
}

/** Whether the names are those of other tasks of the benchmark, so that tasks are missing and not called otherwise. */
function areOtherTasks(id: string, before: readonly string[], after: readonly string[]): boolean {
  const benchmark = findBenchmark(id);
  if (benchmark === undefined) return false;
  const known = (tasks: readonly string[]) =>
    tasks.map((task) => findTask(task, benchmark.harness)?.task?.name ?? null);
  const [own, theirs] = [known(before), known(after)];
  return ![...own, ...theirs].includes(null) && !own.some((name) => theirs.includes(name));
}

/** The documents of a task that one side evaluated, ids and hashes in the same order. */
interface Documents {
  ids: number[];
  hashes: bigint[];
}

/** Items are paired one by one; but a task none of whose documents are the same is another task. */
function compareDocuments(task: string, baseline?: Documents, candidate?: Documents): Difference[] {
  if (!baseline || !candidate || baseline.hashes[0] === candidate.hashes[0]) return [];
  const hashes = new Set(baseline.hashes);
  for (const hash of candidate.hashes) if (hashes.has(hash)) return [];
  const ids = new Set(baseline.ids);
  if (!candidate.ids.some((id) => ids.has(id))) return [];
  const text = ({ ids }: Documents) => `${ids.length} ${noun(ids.length, 'document')}, none in common`;
  return [{ path: `tasks.${task}.documents`, baseline: text(baseline), candidate: text(candidate) }];
}

function documentsByTask(items: readonly Item[]): Map<string, Documents> {
  const tasks = new Map<string, Documents>();
  for (const { task, docId, docHash } of items) {
    let documents = tasks.get(task);
    if (documents === undefined) {
      documents = { ids: [], hashes: [] };
      tasks.set(task, documents);
    }
    documents.ids.push(docId);
    documents.hashes.push(docHash);
  }
  return tasks;
}

/** The usual case: one plan on both sides. */
function haveSameDocuments(a: readonly Item[], b: readonly Item[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ task, docId, docHash }, index) => {
    const other = b[index]!;
    return docHash === other.docHash && docId === other.docId && task === other.task;
  });
}

function haveSameHashes({ hashes: a }: Documents, { hashes: b }: Documents): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  if (a.every((hash, index) => hash === b[index])) return true;
  const sorted = BigInt64Array.from(b).sort();
  return BigInt64Array.from(a)
    .sort()
    .every((hash, index) => hash === sorted[index]);
}

function environmentWarnings(baseline: LoadedRecord, candidate: LoadedRecord): string[] {
  const before = baseline.record.environment;
  const after = candidate.record.environment;
  const warnings: string[] = [];
  const device = (environment: NonNullable<typeof before>) =>
    `${environment.device.name} (${environment.device.type})`;
  if (before && after && device(before) !== device(after)) {
    warnings.push(`The two ran on different devices: ${device(before)} and ${device(after)}.`);
  }
  const versions = before && after ? findDifferences(before.versions, after.versions) : [];
  if (versions.length > 0) {
    const list = versions
      .slice(0, MAX_VERSIONS)
      .map((v) => `${v.path} ${v.baseline ?? 'absent'} and ${v.candidate ?? 'absent'}`);
    const more = versions.length - list.length;
    const rest = more > 0 ? `, and ${more} more` : '';
    warnings.push(`The two ran with different software versions: ${list.join(', ')}${rest}.`);
  }
  const plans = [baseline.record.planHash, candidate.record.planHash];
  if (!plans.includes(null) && plans[0] !== plans[1]) {
    warnings.push(
      'The two ran different plans: what both were asked is compared, and prompts are checked only where both ' +
        'answered the same questions.',
    );
  }
  return warnings;
}
