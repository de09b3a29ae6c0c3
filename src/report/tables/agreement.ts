import type {
  AggregateAgreement,
  Agreement,
  AgreementPair,
  AgreementView,
  ChangesAgreement,
  Correlation,
} from '../../agreement/schema.ts';
import { plural } from '../../count.ts';
import { escapeTerminal } from '../../markdown/escape.ts';
import { FACTOR_NAMES } from '../../suite/benchmark.ts';
import { findBenchmark } from '../../suite/catalogue.ts';
import { formatP, UNKNOWN } from '../format.ts';
import { layOut } from './layout.ts';

const MAX_NAME_LENGTH = 60;
/** Below so many models a cell says how much its interval leaves open. */
const FEW = 20;
/** More pairs of which nothing is said are counted and not listed. */
const MAX_REFUSED = 20;

/** What `agree` prints: correlations with 95% intervals. */
export function renderAgreement(agreement: Agreement): string {
  const nameOf = namesOf(agreement);
  const { pairs, aggregate, changes } = agreement;
  return `${[
    ...(pairs.length > 0 ? pairLines(pairs, nameOf) : []),
    ...(aggregate.length > 0 ? aggregateLines(aggregate, nameOf) : []),
    ...(changes.length > 0 ? changeLines(changes, nameOf) : []),
    ...explain(agreement),
  ].join('\n')}\n`;
}

type NameOf = (id: string) => string;

function namesOf({ boards }: Agreement): NameOf {
  const names = new Map(
    boards.map(({ id, kind }) => {
      if (kind === 'factor') return [id, FACTOR_NAMES[id as keyof typeof FACTOR_NAMES] ?? id];
      return [id, kind === 'benchmark' ? (findBenchmark(id)?.name ?? id) : id];
    }),
  );
  return (id) => escapeTerminal(names.get(id) ?? id, MAX_NAME_LENGTH);
}

function pairLines(pairs: readonly AgreementPair[], nameOf: NameOf): string[] {
  const head = [
    ...['Board', 'Reference', 'Models', 'n', 'Spearman [95%]', 'p', 'Kendall [95%]'],
    ...['Noise alone: at most', 'sd (range) of both'],
  ];
  const refused = pairs.filter(({ views: [all] }) => all!.refused !== null);
  // Of a matrix of boards that hardly share a model, what can be said is to be found.
  const isLong = refused.length > MAX_REFUSED;
  const rows = pairs
    .filter((pair) => !isLong || !refused.includes(pair))
    .flatMap((pair) => {
      const { tested, reference, adjacent } = pair;
      const views = refused.includes(pair) ? pair.views.slice(0, 1) : pair.views;
      const isWhole = views.length > 1 && adjacent !== null;
      return [
        ...views.map((view) => [view.view === 'all' ? 'all' : 'top half', ...viewCells(view)]),
        ...(isWhole ? [['within 5 points', ...adjacentCells(adjacent)]] : []),
      ].map((row, index) => [...(index === 0 ? [nameOf(tested), nameOf(reference)] : ['', '']), ...row]);
    });
  const left = isLong ? [countRefused(refused.length, 'pair')] : [];
  return [...table([head, ...rows], 'lllrlrlll'), ...left, ''];
}

function countRefused(count: number, what: string): string {
  return `Of ${plural(count, `more ${what}`)} nothing is said: --json has each with its reason.`;
}

function viewCells({ n, refused, spearman, kendall, p, families, noise, spread }: AgreementView): string[] {
  if (refused !== null) return [String(n), `not said: ${refused}`, '', '', '', formatSpread(spread)];
  return [
    String(n),
    formatCorrelation(spearman, { n, families }),
    formatP(p),
    formatCorrelation(kendall, { n, families }),
    noise === null ? UNKNOWN : `${signed(noise.ceiling)}; as seen ${range(noise.ci)}`,
    formatSpread(spread),
  ];
}

function adjacentCells({ n, pairs, refused, agreement }: NonNullable<AgreementPair['adjacent']>): string[] {
  if (refused !== null) return [String(n), `not said: ${refused}`, '', '', '', ''];
  return [
    String(n),
    `${plural(pairs, 'pair')}, same less opposite order: ${formatCorrelation(agreement, { n, families: null })}`,
    ...['', '', '', ''],
  ];
}

function aggregateLines(rows: readonly AggregateAgreement[], nameOf: NameOf): string[] {
  const head = ['Board', 'References', 'n', 'Kendall with their mean win rate [95%]', 'z among them [95%]'];
  const refused = rows.filter((row) => row.refused !== null);
  const isLong = refused.length > MAX_REFUSED;
  const listed = isLong ? rows.filter((row) => row.refused === null) : rows;
  const left = isLong ? [countRefused(refused.length, 'board')] : [];
  const cells = listed.map(({ tested, references, n, refused, kendall, z }) => [
    nameOf(tested),
    references.length > 3 ? String(references.length) : references.map(nameOf).join(', '),
    String(n),
    refused === null ? formatCorrelation(kendall, { n, families: null }) : `not said: ${refused}`,
    z === null ? UNKNOWN : `${signed(z.estimate)} ${z.ci === null ? '' : range(z.ci)}`.trim(),
  ]);
  return [
    "BenchBench's figure, the tested board and each reference held against the others alone:",
    ...(cells.length > 0 ? table([head, ...cells], 'llrll') : []),
    ...left,
    '',
  ];
}

function changeLines(rows: readonly ChangesAgreement[], nameOf: NameOf): string[] {
  const head = ['Change of', 'Change of', 'Changes', 'count as', 'Spearman [95%]', 'Kendall [95%]'];
  const cells = rows.map(({ tested, reference, n, effective, refused, spearman, kendall }) => [
    nameOf(tested),
    nameOf(reference),
    String(n),
    effective === null ? UNKNOWN : effective.toFixed(1),
    refused === null ? formatCorrelation(spearman, { n, families: null }) : `not said: ${refused}`,
    refused === null ? formatCorrelation(kendall, { n, families: null }) : '',
  ]);
  return [...table([head, ...cells], 'llrrll'), ''];
}

function table(rows: readonly string[][], alignment: string): string[] {
  return layOut(
    rows.map((row) => row.map((text) => ({ text, colour: null }))),
    alignment,
    (text) => text,
  ).map((line) => line.trimEnd());
}

/** Why a number may be trusted, and how far. */
function explain({ pairs, changes, preset, seed, permutations, unmatched }: Agreement): string[] {
  const views = pairs.flatMap(({ views }) => views);
  const byFamily = views.some(({ families }) => families !== null);
  return [
    ...(pairs.length > 0
      ? [
          `p: by ${permutations.toLocaleString('en-US')} permutations (seed ${seed}). A correlation is of these models: the shorter their range, the smaller it is.`,
          'Top half: by the reference. Noise alone: the largest correlation that the standard errors leave, and what they do to the one seen.',
        ]
      : []),
    ...(byFamily ? ['Models of one family depend on one another: intervals by family, and no p.'] : []),
    ...(changes.length > 0 ? ['Changes: of each record from the one before.'] : []),
    ...(preset === null ? [] : [`Factors by preset ${preset}.`]),
    ...(unmatched.length > 0 ? [`Without a partner: ${plural(unmatched.length, 'name')}.`] : []),
  ];
}

/** `+0.52 [+0.18, +0.74]`; of few models with how much the interval leaves open. */
function formatCorrelation(
  correlation: Correlation | null,
  { n, families }: { n: number; families: number | null },
): string {
  if (correlation === null) return UNKNOWN;
  const { estimate, ci } = correlation;
  const units = families === null ? plural(n, 'model') : plural(families, 'family', 'families');
  if (ci === null) return `${signed(estimate)} (no interval: ${units})`;
  const open = (families ?? n) < FEW ? ` (${units}: spans ${(ci[1] - ci[0]).toFixed(2)} of 2)` : '';
  return `${signed(estimate)} ${range(ci)}${open}`;
}

function formatSpread(spread: AgreementView['spread']): string {
  if (spread === null) return UNKNOWN;
  return [spread.tested, spread.reference]
    .map(({ sd, min, max }) => `${short(sd)} (${short(min)} to ${short(max)})`)
    .join(' / ');
}

/** Scores in the unit of their board: three digits. */
function short(value: number): string {
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
  return text.replace('-', '\u2212');
}

function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  if (text === '0.00') return text;
  return `${value < 0 ? '\u2212' : '+'}${text}`;
}

function range([low, high]: readonly [number, number]): string {
  return `[${signed(low)}, ${signed(high)}]`;
}

/** More are not printed; `--json` has all. */
const MAX_LINES = 20;

/** Names without a partner and what else was left out, a line each. */
export function describeLeftOut({ unmatched, notes }: Agreement): string[] {
  const lines = unmatched.map(({ model, file }) => `${file ?? 'records'}: ${model}`);
  return [...list('not matched (names count letter by letter)', lines), ...list('notes', notes)];
}

function list(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MAX_LINES ? [`  ... and ${lines.length - MAX_LINES} more`] : [];
  return [`${title}:`, ...lines.slice(0, MAX_LINES).map((line) => `  ${escapeTerminal(line, 200)}`), ...more];
}
