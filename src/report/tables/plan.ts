import { formatCount, plural } from '../../count.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { FACTOR_NAMES, FACTORS } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { findGroup } from '../../suite/groups.ts';
import type { Alternative } from '../../suite/plan/alternatives.ts';
import type { ExpectedCost, LooksPreview } from '../../suite/plan/looks/preview-looks.ts';
import type { PlannedFactor, PlanPreview } from '../../suite/plan/preview.ts';
import type { ShardJob } from '../../suite/plan/shards.ts';
import { formatPoints, UNKNOWN } from '../format.ts';
import { type Cell, layOut, type Paint } from './layout.ts';

const MAX_NAME_LENGTH = 40;
const plain: Paint = (text) => text;

/** What `plan` prints on a terminal: questions and detectable drops, cost, what cannot be shown, what else could be had. */
export function renderPlan(
  preview: PlanPreview,
  alternatives: readonly Alternative[],
  /** Parts for several machines; null where none were asked for. */
  matrix: { include: readonly ShardJob[] } | null = null,
  /** Made of the catalogue's sizes alone: there is no plan of that hash, and times are told elsewhere. */
  { isEstimate = false }: { isEstimate?: boolean } = {},
): string {
  const { benchmarks, factors, cost } = preview;
  const cells = (...texts: string[]): Cell[] => texts.map((text) => ({ text, colour: null }));
  const row = (name: string, part: { items: number; available: number; detectable: number | null }) =>
    cells(name, formatCount(part.items), formatCount(part.available), formatPoints(part.detectable));
  const nameOf = (id: string) =>
    escapeTerminal(findBenchmark(id)?.name ?? findGroup(id)?.name ?? id, MAX_NAME_LENGTH);
  const run = benchmarks.filter(({ reason }) => reason === null);
  const rows = factors.flatMap((factor) => [
    row(FACTOR_NAMES[factor.id], factor),
    ...run.filter((b) => b.factor === factor.id).map((b) => row(`  ${nameOf(b.id)}`, b)),
  ]);
  const outside = run.filter(({ factor }) => factor === null).map((b) => row(nameOf(b.id), b));
  const assumed = run.filter(({ spread }) => spread.source === 'assumed').length;
  const lines = [
    ...layOut(
      [cells('Factor, benchmark', 'Questions', 'Of', 'Detectable drop'), ...rows, ...outside],
      'lrrr',
      plain,
    ),
    '',
    `${plural(cost.items, 'question')}${isEstimate ? '' : `, ${describeTime(cost.minutes)}`}. Drops in points, seen with 80% power or better; preset paper.`,
    `Flips between models: ${describeSpreads(run.length - assumed, assumed)}.`,
    ...factors.flatMap((factor) => describeShortfall(factor) ?? []),
    ...benchmarks.flatMap(({ id, reason }) =>
      reason === null ? [] : [`${nameOf(id)}: skipped, ${escapeTerminal(reason)}`],
    ),
    ...(preview.looks === undefined ? [] : describeLooks(preview.looks, nameOf)),
    ...(alternatives.length === 0 ? [] : ['', ...layOut(alternativeRows(alternatives), 'lrrrrr', plain)]),
    ...(matrix === null ? [] : ['', ...layOut(shardRows(matrix.include), 'lrrr', plain)]),
    '',
    `Suite ${preview.suite}, seed ${preview.seed}${isEstimate ? '' : `, plan ${preview.planHash}`}.`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What each look shows of single benchmarks, and what a run is expected to take. */
function describeLooks(
  { count, drops, steps, expected }: LooksPreview,
  nameOf: (id: string) => string,
): string[] {
  const ids = Object.keys(steps[0]?.seen ?? {});
  const text = (...texts: string[]) => texts.map((text): Cell => ({ text, colour: null }));
  const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
  const cost = ({ share, items, minutes }: ExpectedCost) =>
    `${percent(share)} of the plan (${plural(items, 'question')}${minutes === null ? '' : `, ${formatMinutes(minutes)}`})`;
  const planned = FACTORS.flatMap((id) =>
    drops[id] === undefined ? [] : [`${formatPoints(drops[id])} in ${FACTOR_NAMES[id].toLowerCase()}`],
  );
  return [
    '',
    `${count} looks: a factor is decided as soon as it has regressed, or a drop of its size shows no sign (${planned.join(', ')}).`,
    `Expected where nothing changed: ${cost(expected.none)}; at the planned drop in one factor: ${cost(expected.planned)}; at a collapse of three times that: ${cost(expected.collapse)}.`,
    '',
    ...layOut(
      [
        text('Smallest drop seen at look', ...steps.map(({ look }) => String(look))),
        text('Questions so far', ...steps.map(({ items }) => formatCount(items))),
        text('Of the work', ...steps.map(({ share }) => percent(share))),
        ...ids.map((id) => text(nameOf(id), ...steps.map(({ seen }) => formatPoints(seen[id] ?? null)))),
      ],
      `l${'r'.repeat(count)}`,
      plain,
    ),
  ];
}

function shardRows(shards: readonly ShardJob[]): Cell[][] {
  const rows = shards.map(({ shard, chunks, items, share }) => [
    shard,
    formatCount(chunks),
    formatCount(items),
    `${(share * 100).toFixed(1)}%`,
  ]);
  return [['Shard', 'Chunks', 'Questions', 'Expected cost'], ...rows].map((row) =>
    row.map((text) => ({ text, colour: null })),
  );
}

function describeTime(minutes: number | null): string {
  if (minutes === null) return 'device time unknown (give --baseline with a record of this machine)';
  return `about ${formatMinutes(minutes)} of device time`;
}

function formatMinutes(minutes: number | null): string {
  if (minutes === null) return UNKNOWN;
  return minutes < 120 ? `${minutes.toFixed(minutes < 10 ? 1 : 0)} min` : `${(minutes / 60).toFixed(1)} h`;
}

function describeSpreads(measured: number, assumed: number): string {
  const parts = [
    measured > 0 ? `measured for ${plural(measured, 'benchmark')}` : null,
    assumed > 0 ? `assumed for ${assumed} (docs/plans.md)` : null,
  ];
  return parts.filter(Boolean).join(', ');
}

/** Null where the factor shows what it was planned for. */
function describeShortfall({ id, detect, detectable, items, needed }: PlannedFactor): string | null {
  const name = FACTOR_NAMES[id];
  if (items === 0) return `${name}: no questions, nothing can be shown.`;
  if (detectable === null) return `${name}: too few questions to test, or not tested.`;
  if (detect === null || detectable <= detect) return null;
  const more =
    needed === null
      ? ''
      : `; ${formatPoints(detect)} would take about ${plural(needed, 'question')} like ${needed === 1 ? 'this' : 'these'}`;
  return `${name}: a drop below ${formatPoints(detectable)} points goes unseen${more}.`;
}

function alternativeRows(alternatives: readonly Alternative[]): Cell[][] {
  const head = ['Other plans', 'Questions', 'Time', ...FACTORS.map((id) => `${id} sees`)];
  const rows = alternatives.map(({ detect, items, minutes, detectable }) => [
    detect === null ? 'all questions' : `--detect ${formatPoints(detect)}%`,
    formatCount(items),
    formatMinutes(minutes),
    ...FACTORS.map((id) => formatPoints(detectable[id] ?? null)),
  ]);
  return [head, ...rows].map((row) => row.map((text): Cell => ({ text, colour: null })));
}
