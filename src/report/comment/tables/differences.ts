import { plural } from '../../../count.ts';
import { escapeBlock, escapeCode, escapeMarkdown } from '../../../markdown/escape.ts';
import type { Difference, TemplateChange, Verdict } from '../../../verdict/schema.ts';
import { UNKNOWN } from '../../format.ts';
import { fold, type Section, table } from '../sections.ts';
import { nameField } from './field-names.ts';

export function differingFields({ notComparable }: Verdict): Section | null {
  if (notComparable.length === 0) return null;
  const text = `**Evaluated differently**\n\n${differenceTable(notComparable)}`;
  return { title: 'Differing settings', text, keep: 6 };
}

export function subjectDifferences({ subject, templateChange }: Verdict): Section | null {
  if (subject.length === 0) return null;
  const template = templateChange === null ? [] : [templateText(templateChange)];
  const text = [differenceTable(subject), ...template].join('\n\n');
  return fold(`What else differs between the models (${subject.length})`, text, 3);
}

/** A changed template, line by line: it puts words around every prompt. */
function templateText({ baseline, candidate, applied, removed, added, hidden }: TemplateChange): string {
  const describeTemplate = (what: TemplateChange['baseline']) =>
    what === null
      ? 'none'
      : what.characters === null
        ? 'unknown length'
        : plural(what.characters, 'character');
  const use = applied ? '' : ', not applied in this evaluation';
  const lines = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return [
    `The chat template changed (${describeTemplate(baseline)} → ${describeTemplate(candidate)}${use})${lines.length > 0 ? ':' : '.'}`,
    ...(lines.length > 0 ? [escapeBlock(lines.join('\n'), 6000)] : []),
    ...(hidden > 0 ? [`and ${plural(hidden, 'more line')}.`] : []),
  ].join('\n\n');
}

/** Fields that differ, in words, one row for the same change in many tasks. */
function differenceTable(differences: readonly Difference[]): string {
  const groups = new Map<string, { difference: Difference; paths: string[] }>();
  for (const difference of differences) {
    const { field } = nameField(difference.path);
    const key = JSON.stringify([field, difference.baseline, difference.candidate]);
    const group = groups.get(key);
    if (group) group.paths.push(difference.path);
    else groups.set(key, { difference, paths: [difference.path] });
  }
  const rows = [...groups.values()].map(({ difference, paths }) => [
    showField(paths),
    difference.baseline === null ? UNKNOWN : escapeCode(difference.baseline),
    difference.candidate === null ? UNKNOWN : escapeCode(difference.candidate),
  ]);
  return table([['Setting', 'Baseline', 'Candidate'], ...rows], 'lll');
}

/** `Tokenizer`, `Number of examples (few-shot) in 24 tasks`; what has no words, as it is written. */
function showField(paths: readonly string[]): string {
  const { name, field, isKnown } = nameField(paths[0]!);
  const shown = isKnown
    ? `${name.charAt(0).toUpperCase()}${name.slice(1)}`
    : escapeCode(paths.length > 1 ? field : paths[0]!);
  if (paths.length > 1) return `${shown} in ${paths.length} tasks`;
  const task = /^tasks\.([^.]+)\./.exec(paths[0]!)?.[1];
  return isKnown && task !== undefined ? `${shown} in ${escapeMarkdown(task)}` : shown;
}
