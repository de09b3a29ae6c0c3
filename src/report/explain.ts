import { formatCount, plural } from '../count.ts';
import { escapeCode, escapeMarkdown } from '../markdown/escape.ts';
import { FACTOR_NAMES, FACTORS } from '../suite/benchmark.ts';
import { findBenchmark } from '../suite/catalogue.ts';
import type { BenchmarkFlips, FlippedItem } from '../verdict/signs/flips.ts';
import { formatPoints } from './format.ts';

/** Items named a direction: an answer is read by people. */
const MAX_ITEMS = 20;

/** What is known of the items whose score changed; or in words why nothing is. */
export type ExplainedFlips = (
  | {
      /** Null where the benchmark was not compared question by question. */
      flips: BenchmarkFlips | null;
      baseline: string | null;
      candidate: string;
      /** Address of the report. */
      report: string;
      /** Whether the report is of the present head. */
      isCurrent: boolean;
      /** Where the whole list is. */
      fullLists: string;
      problem: null;
    }
  | { problem: string }
) & {
  /** Which of the jobs that share the report this is of, and what is known of the others'. */
  leg?: string;
  others?: readonly ExplainedFlips[];
};

/** What a benchmark of SOS-Bench is, and which items of it flipped: an answer to somebody who sees it in a report. */
export function explainBenchmark(id: string, found: ExplainedFlips): string {
  const benchmark = findBenchmark(id);
  if (FACTORS.some((factor) => factor === id)) {
    return `\`${id}\` is a factor: the mean of its benchmarks, weighted by the preset. \`explain\` with one of them names the questions that flipped.`;
  }
  if (benchmark === undefined) {
    const what =
      "A task of the repository's own (`include-path`), in no factor; its definition says what is asked.";
    return `**${escapeMarkdown(id)}**\n\n- ${what}\n\n${explainFlips(found)}`;
  }
  const { name, factor, items, dataset, chance, constantScore, metric, direction, tasks } = benchmark;
  const facts = [
    `${FACTOR_NAMES[factor]}; ${plural(items, 'question')} in ${tasks.length === 1 ? 'one task' : `${tasks.length} tasks`}, from \`${dataset.id}\`.`,
    `Scored by \`${metric}\`${direction === 'lower' ? ', counted inverted: knowing less is safer' : ''}. Guessing scores ${formatPoints(chance)} points${constantScore === null ? '' : `, the best constant answer ${formatPoints(constantScore)}`}.`,
    '`docs/benchmarks.md` says what is asked and what is right.',
  ];
  return `**${name}**\n\n${facts.map((fact) => `- ${fact}`).join('\n')}\n\n${explainFlips(found)}`;
}

/** Of a report that several jobs share, each by its name. */
function explainFlips(found: ExplainedFlips): string {
  const parts = [found, ...(found.others ?? [])].map((part) =>
    part.leg === undefined ? explainOne(part) : `**${escapeMarkdown(part.leg)}**\n\n${explainOne(part)}`,
  );
  return parts.join('\n\n');
}

function explainOne(found: ExplainedFlips): string {
  if (found.problem !== null) return `The flipped questions cannot be listed: ${found.problem}`;
  const { flips, baseline, candidate, report, isCurrent, fullLists } = found;
  const from = baseline === null ? 'a baseline of unknown commit' : escapeCode(baseline.slice(0, 12));
  const where = `[The last report](${report}) compares ${from} with ${escapeCode(candidate.slice(0, 12))}${isCurrent ? '' : ', which is not the head any more'}.`;
  if (flips === null) return `${where} It did not compare this benchmark question by question.`;
  const { lost, gained } = flips;
  if (lost.length + gained.length === 0) return `${where} No question of this benchmark flipped.`;
  const lists = [nameItems('Lost', lost, fullLists), nameItems('Gained', gained, fullLists)].filter(Boolean);
  return [
    where,
    ...lists,
    'A question is named by its index in the task (`doc_id` of `items.parquet`) and the hash of its document. No question or answer leaves the machine it ran on.',
  ].join('\n\n');
}

/** `**Lost (60)**` and a line a task. */
function nameItems(title: string, items: readonly FlippedItem[], fullLists: string): string | null {
  if (items.length === 0) return null;
  const byTask = new Map<string, string[]>();
  for (const { task, docId, docHash } of items.slice(0, MAX_ITEMS)) {
    byTask.set(task, [...(byTask.get(task) ?? []), `${docId} \`${docHash}\``]);
  }
  const lines = [...byTask].map(([task, names]) => `- ${escapeCode(task)}: ${names.join(', ')}`);
  const more = items.length - MAX_ITEMS;
  if (more > 0) lines.push(`- and ${formatCount(more)} more, in ${fullLists}`);
  return `**${title} (${formatCount(items.length)})**\n\n${lines.join('\n')}`;
}
