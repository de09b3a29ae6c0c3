import { ownValue } from '../../json.ts';
import type { RunRecord, TaskProtocol } from '../../record/schema.ts';

/** Fields that a run always knows: null says that an import does not. */
const RUN_FIELDS = ['backend', 'chatTemplateApplied', 'seed', 'includePaths'] as const;
const TASK_FIELDS = ['version', 'fewshot', 'outputType', 'data'] as const;

/** Whether an imported record does not know the protocol field at `path` (`backend`, `tasks.NAME.version`). */
export function isUnknown(record: RunRecord, path: string): boolean {
  // Older versions did not know it.
  if (path === 'thinkEndToken' && record.protocol.thinkEndToken === undefined) return true;
  if (/^tasks\..*\.filter$/.test(path)) {
    const tasks = Object.entries(record.protocol.tasks);
    return tasks.every(([task, own]) => path !== `tasks.${task}.filter` || own.filter === undefined);
  }
  if (record.imported === null) return false;
  let value: unknown = record.protocol;
  for (const key of splitPath(record, path)) {
    if (value === null) return true;
    if (value === undefined || typeof value !== 'object') return false;
    value = ownValue(value as Record<string, unknown>, key);
  }
  return value === null;
}

/** One warning that names the fields that could not be checked; none for records evaluated here. */
export function describeUnknown(...records: RunRecord[]): string[] {
  const fields = new Set<string>();
  const ends = records.map(({ protocol }) => protocol.thinkEndToken);
  if (ends.includes(undefined) && ends.some((end) => end != null)) fields.add('thinkEndToken');
  for (const { imported, protocol } of records) {
    if (imported === null) continue;
    if (protocol.harness.version === null) fields.add('harness.version');
    for (const field of RUN_FIELDS) if (protocol[field] === null) fields.add(field);
    for (const task of Object.values(protocol.tasks)) {
      for (const field of unknownOf(task)) fields.add(`tasks.${field}`);
    }
  }
  if (fields.size === 0) return [];
  const who = records.some(({ imported }) => imported !== null)
    ? 'Imported results'
    : 'Records of older versions';
  return [`${who} do not say everything about how they were made. Not checked: ${[...fields].join(', ')}.`];
}

function unknownOf(task: TaskProtocol): string[] {
  return TASK_FIELDS.filter((field) => task[field] === null);
}

/** Task names may hold dots. */
function splitPath({ protocol }: RunRecord, path: string): string[] {
  const task = Object.keys(protocol.tasks).find((name) => path.startsWith(`tasks.${name}.`));
  if (task === undefined) return path.split('.');
  return ['tasks', task, ...path.slice(`tasks.${task}.`.length).split('.')];
}
