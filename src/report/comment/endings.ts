import { escapeMarkdown } from '../../markdown/escape.ts';
import { describeShare, type Endings } from '../../verdict/signs/endings.ts';
import { UNKNOWN } from '../format.ts';
import { fold, type Section, table } from './sections.ts';

/** `cut at the token limit: baseline 1 of 20 (5.0%), candidate 9 of 20 (45.0%)`, as plain text. */
export function describeEndings({ cut, unended }: Endings): string {
  const formatArms = ({ baseline, candidate }: Endings['cut']) =>
    `baseline ${baseline === null ? UNKNOWN : describeShare(baseline)}, candidate ${candidate === null ? UNKNOWN : describeShare(candidate)}`;
  const isReported = ({ baseline, candidate }: Endings['cut']) =>
    Boolean(baseline?.count || candidate?.count);
  return [
    isReported(cut) && `answers cut at the token limit: ${formatArms(cut)}`,
    isReported(unended) && `reasoning without an end: ${formatArms(unended)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** How generated answers ended, where some were cut. */
export function answerEndings(endings: readonly Endings[]): Section | null {
  if (endings.length === 0) return null;
  const cell = (share: Endings['cut']['baseline']) => (share === null ? UNKNOWN : describeShare(share));
  const thinks = endings.some(
    ({ unended: { baseline, candidate } }) => baseline !== null || candidate !== null,
  );
  const rows = endings.map(({ name, cut, unended }) => [
    escapeMarkdown(name),
    cell(cut.baseline),
    cell(cut.candidate),
    ...(thinks ? [cell(unended.baseline), cell(unended.candidate)] : []),
  ]);
  const head = ['Benchmark', 'Cut, baseline', 'Cut, candidate'];
  const more = thinks ? ['No end of reasoning, baseline', 'No end of reasoning, candidate'] : [];
  const title = `Answers cut at the token limit${thinks ? ', or without an end of reasoning' : ''} (${endings.length})`;
  return fold(title, table([[...head, ...more], ...rows], thinks ? 'lrrrr' : 'lrr'), 3);
}
