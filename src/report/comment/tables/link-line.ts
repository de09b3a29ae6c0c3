import { escapeCode } from '../../../markdown/escape.ts';
import type { Verdict } from '../../../verdict/schema.ts';
import { findLosses, isWaived } from '../../../verdict/waiver.ts';
import { linkTo, type ReportLinks } from '../../links.ts';

/** Commands that fit into one line. */
const MAX_COMMANDS = 1;

/**
 * Where to go from here: links, and the commands of the bot where there is one and they would do something. Null where there is nothing.
 *
 * @param verdict null where nothing was compared.
 * @param hasBot whether the repository has the bot.
 * @param canAccept whether there is a store that keeps what the bot's `accept` writes.
 */
export function linkLine(
  verdict: Verdict | null,
  links: ReportLinks,
  hasBot: boolean,
  canAccept = true,
): string | null {
  const named: [keyof ReportLinks, string][] = [
    ['report', 'Full report'],
    ['flips', 'Questions that changed'],
    ['run', 'Run'],
    ['docs', 'How to read this'],
  ];
  const parts = [
    ...named.flatMap(([name, text]) => (links[name] === undefined ? [] : [linkTo(text, links[name])])),
    ...(hasBot && verdict !== null ? describeCommands(verdict, canAccept) : []),
  ];
  return parts.length === 0 ? null : parts.join(' · ');
}

/** What can be asked of the bot about this report, for what fell most. */
function describeCommands(verdict: Verdict, canAccept: boolean): string[] {
  const byLoss = <P extends { delta: { estimate: number | null } }>(parts: readonly P[]) =>
    parts.toSorted((a, b) => (a.delta.estimate ?? 0) - (b.delta.estimate ?? 0));
  const explained = byLoss(verdict.benchmarks).filter(
    ({ outcome, flips }) => outcome === 'regressed' && flips !== null,
  );
  const accepted = new Set(findLosses(verdict).map(({ id }) => id));
  const waivable = [
    ...byLoss(verdict.factors),
    ...byLoss(verdict.benchmarks),
    ...byLoss(verdict.groups ?? []),
  ];
  return [
    ...explained
      .slice(0, MAX_COMMANDS)
      .map(({ id }) => `which questions: ${escapeCode(`/sos-bench explain ${id}`)}`),
    ...waivable
      .filter(
        (part) => canAccept && !verdict.passed && accepted.has(part.id) && !isWaived(part, verdict.waivers),
      )
      .slice(0, MAX_COMMANDS)
      .map(({ id }) => `accept this drop: ${escapeCode(`/sos-bench accept ${id} REASON`)}`),
  ];
}
