import type { RunRecord } from '../../record/schema.ts';
import type { TemplateChange } from '../schema.ts';

/** Lines of a template that are shown, of each side, and how much of each. */
const MAX_LINES = 12;
const MAX_LINE_LENGTH = 160;

/**
 * What became of the chat template: lines that only one side has, between those that both begin and end with. Null where it is the same, or
 * neither side is known to have one.
 */
export function describeTemplateChange(baseline: RunRecord, candidate: RunRecord): TemplateChange | null {
  const [before, after] = [baseline.subject, candidate.subject];
  if (before.chatTemplateSha256 === after.chatTemplateSha256) return null;
  const lines = [before, after].map(({ chatTemplate }) => chatTemplate?.split('\n') ?? null);
  const [removed, added] = lines[0] && lines[1] ? onlyInOne(lines[0], lines[1]) : [[], []];
  const hidden = Math.max(0, removed.length - MAX_LINES) + Math.max(0, added.length - MAX_LINES);
  return {
    baseline: armOf(before),
    candidate: armOf(after),
    applied:
      baseline.protocol.chatTemplateApplied === true || candidate.protocol.chatTemplateApplied === true,
    removed: removed.slice(0, MAX_LINES).map(cut),
    added: added.slice(0, MAX_LINES).map(cut),
    hidden,
  };
}

function armOf({
  chatTemplateSha256: sha256,
  chatTemplate,
}: RunRecord['subject']): TemplateChange['baseline'] {
  return sha256 === null ? null : { sha256, characters: chatTemplate?.length ?? null };
}

function onlyInOne(a: readonly string[], b: readonly string[]): [readonly string[], readonly string[]] {
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

function cut(line: string): string {
  return line.length <= MAX_LINE_LENGTH ? line : `${line.slice(0, MAX_LINE_LENGTH)}…`;
}
