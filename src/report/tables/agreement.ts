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
/** Of a terminal, and what lines of a block stand in from its left. */
const WIDTH = 80;
const INDENT = 2;
/** Below so many models it is said how much an interval leaves open. */
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

const HEAD = ['Models', 'n', 'Spearman [95%]', 'p', 'Kendall [95%]', 'spans'];
const ALIGNMENT = 'lrlrlr';

/** A block a pair: a line a view in columns that all blocks share, then what noise and range say of it. */
function pairLines(pairs: readonly AgreementPair[], nameOf: NameOf): string[] {
  const refused = pairs.filter(({ views: [all] }) => all!.refused !== null);
  // Of a matrix of boards that hardly share a model, what can be said is to be found.
  const isLong = refused.length > MAX_REFUSED;
  const shown = pairs.filter((pair) => !isLong || !refused.includes(pair));
  const rows = shown.flatMap(({ views }) =>
    views.flatMap((view) => (view.refused === null ? [viewCells(view)] : [])),
  );
  const [head, ...lines] = table([HEAD, ...rows], ALIGNMENT);
  const width = Math.max(...shown.map(({ views }) => String(views[0]!.n).length), 1);
  const blocks = shown.flatMap((pair, index) => {
    const { tested, reference, adjacent } = pair;
    const isSame = index > 0 && shown[index - 1]!.tested === tested;
    const views = refused.includes(pair) ? pair.views.slice(0, 1) : pair.views;
    return [
      ...(isSame ? [] : ['', nameOf(tested)]),
      ` against ${nameOf(reference)}`,
      ...[
        ...views.map((view) =>
          view.refused === null
            ? lines.shift()!
            : startOf(nameOfView(view), view.n, width) + sayRefused(view),
        ),
        ...(views.length > 1 && adjacent !== null
          ? [startOf(NEIGHBOURS, adjacent.n, width) + adjacentText(adjacent)]
          : []),
        ...views.flatMap(detailLines).flatMap(wrap),
      ].map(indent),
    ];
  });
  const left = isLong ? ['', countRefused(refused.length, 'pair')] : [];
  return [...(rows.length > 0 ? [indent(head!)] : []), ...blocks, ...left, ''];
}
function countRefused(count: number, what: string): string {
  return `Of ${plural(count, `more ${what}`)} nothing is said: --json has each with its reason.`;
}

function nameOfView({ view }: AgreementView): string {
  return view === 'all' ? 'all' : 'top half';
}

function viewCells(view: AgreementView): string[] {
  const { n, spearman, kendall, p, families } = view;
  return [
    nameOfView(view).padEnd(NEIGHBOURS.length),
    String(n),
    formatCorrelation(spearman),
    formatP(p),
    formatCorrelation(kendall),
    formatOpen(spearman, families ?? n),
  ];
}

/** The first two columns of a line whose others are text. */
function startOf(name: string, n: number, width: number): string {
  return `${name.padEnd(NEIGHBOURS.length)}  ${String(n).padStart(width)}  `;
}

function sayRefused({ refused }: { refused: string | null }): string {
  return `not said: ${refused}`;
}

function adjacentText(adjacent: NonNullable<AgreementPair['adjacent']>): string {
  const { n, pairs, refused, agreement } = adjacent;
  if (refused !== null) return sayRefused(adjacent);
  const open = formatOpen(agreement, n);
  return `${formatCorrelation(agreement)} of ${plural(pairs, 'pair')}${open === '' ? '' : `, spans ${open}`}`;
}

const NEIGHBOURS = 'neighbours';

/** What the standard errors leave of a view, how far its scores reach, and how many families it has. */
function detailLines(view: AgreementView): string[] {
  const { refused, families, noise, spread } = view;
  if (refused !== null) return [];
  const name = nameOfView(view);
  const { tested, reference } = spread!;
  return [
    ...(families === null ? [] : [`${name}: ${plural(families, 'family', 'families')}`]),
    ...(noise === null ? [] : [`${name}: noise alone ${signed(noise.ceiling)}; as seen ${range(noise.ci)}`]),
    `${name}: sd (range) ${formatSpread(tested)} / ${formatSpread(reference)}`,
  ];
}
function aggregateLines(rows: readonly AggregateAgreement[], nameOf: NameOf): string[] {
  const refused = rows.filter((row) => row.refused !== null);
  const isLong = refused.length > MAX_REFUSED;
  const listed = isLong ? rows.filter((row) => row.refused === null) : rows;
  const left = isLong ? [countRefused(refused.length, 'board')] : [];
  const head = ['References', 'n', 'Kendall [95%]', 'z among them [95%]', 'spans'];
  const said = listed.filter((row) => row.refused === null);
  const cells = said.map(({ references, n, kendall, z }) => [
    String(references.length),
    String(n),
    formatCorrelation(kendall),
    z === null ? UNKNOWN : `${signed(z.estimate)} ${z.ci === null ? '' : range(z.ci)}`.trim(),
    formatOpen(kendall, n),
  ]);
  const [first, ...lines] = table([head, ...cells], 'rrllr');
  return [
    ...wrap(
      "BenchBench's figure: Kendall with the mean win rate of the references, the tested board and each reference held against the others alone:",
    ),
    ...(said.length > 0 ? [indent(first!)] : []),
    ...listed.flatMap((row) => [
      nameOf(row.tested),
      ...(row.refused === null ? [lines.shift()!] : wrap(`not said: ${row.refused}`)).map(indent),
    ]),
    ...left,
    '',
  ];
}

function changeLines(rows: readonly ChangesAgreement[], nameOf: NameOf): string[] {
  const head = ['Changes', 'count as', 'Spearman [95%]', 'Kendall [95%]', 'spans'];
  const said = rows.filter((row) => row.refused === null);
  const cells = said.map(({ n, effective, spearman, kendall }) => [
    String(n),
    effective === null ? UNKNOWN : effective.toFixed(1),
    formatCorrelation(spearman),
    formatCorrelation(kendall),
    formatOpen(spearman, n),
  ]);
  const [first, ...lines] = table([head, ...cells], 'rrllr');
  return [
    ...(said.length > 0 ? [indent(first!)] : []),
    ...rows.flatMap((row) => [
      nameOf(row.tested),
      ` against ${nameOf(row.reference)}`,
      ...(row.refused === null ? [lines.shift()!] : wrap(`not said: ${row.refused}`)).map(indent),
    ]),
    '',
  ];
}

function table(rows: readonly string[][], alignment: string): string[] {
  return layOut(
    rows.map((row) => row.map((text) => ({ text, colour: null }))),
    alignment,
    (text) => text,
  ).map((line) => line.trimEnd());
}

/** Why a number may be trusted, and how far. */
function explain({ pairs, aggregate, changes, preset, seed, permutations, unmatched }: Agreement): string[] {
  const views = pairs.flatMap(({ views }) => views);
  const byFamily = views.some(({ families }) => families !== null);
  return [
    ...(pairs.length > 0
      ? [
          `p: by ${permutations.toLocaleString('en-US')} permutations (seed ${seed}). A correlation is of these models: the shorter their range, the smaller it is.`,
          'Top half: by the reference. Neighbours: pairs at most 5 points apart on the reference, those in the same order less those in the opposite one.',
          'Noise alone: the largest correlation that the standard errors leave, and where the one seen would lie if these models were measured again.',
        ]
      : []),
    ...(pairs.length + aggregate.length + changes.length > 0
      ? [
          `Spans: how much of the 2 from \u22121 to +1 the first interval leaves open, where there are fewer than ${FEW} models.`,
        ]
      : []),
    ...(byFamily ? ['Models of one family depend on one another: intervals by family, and no p.'] : []),
    ...(changes.length > 0 ? ['Changes: of each record from the one before.'] : []),
    ...(preset === null ? [] : [`Factors by preset ${preset}.`]),
    ...(unmatched.length > 0 ? [`Without a partner: ${plural(unmatched.length, 'name')}.`] : []),
  ].flatMap(wrap);
}

/** `+0.52 [+0.18, +0.74]` */
function formatCorrelation(correlation: Correlation | null): string {
  if (correlation === null) return UNKNOWN;
  const { estimate, ci } = correlation;
  return `${signed(estimate)} ${ci === null ? '(no interval)' : range(ci)}`;
}

/** How much the interval of few models leaves open; nothing of many, or without one. */
function formatOpen(correlation: Correlation | null, units: number): string {
  if (correlation === null || correlation.ci === null || units >= FEW) return '';
  const [low, high] = correlation.ci;
  return (high - low).toFixed(2);
}

function formatSpread({ sd, min, max }: NonNullable<AgreementView['spread']>['tested']): string {
  return `${short(sd)} (${short(min)} to ${short(max)})`;
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

function indent(line: string): string {
  return `  ${line}`;
}

/** Words in lines of a terminal's width. */
function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && [...last].length + 1 + [...word].length > WIDTH - INDENT) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

function list(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MAX_LINES ? [`  ... and ${lines.length - MAX_LINES} more`] : [];
  return [`${title}:`, ...lines.slice(0, MAX_LINES).map((line) => `  ${escapeTerminal(line, 200)}`), ...more];
}
