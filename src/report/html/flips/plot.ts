import { formatCount, plural } from '../../../count.ts';
import { findBenchmark } from '../../../suite/catalogue.ts';
import { nameOf } from '../../../verdict/measure/result-view.ts';
import type { BenchmarkChanges } from '../../../verdict/signs/changes.ts';
import { clip, html, type Markup } from '../markup.ts';
import { type Flip, NEAR_SHARE } from './telling.ts';

const SIZE = 160;
const MIDDLE = SIZE / 2;
/** Medians that the axes reach; what lies beyond is drawn at the edge. */
const REACH = 6;
const MAX_NAME = 60;

/**
 * Where the answers of one benchmark went: the margin before to the right, the margin after upwards. Lost questions lie at the lower right, gained ones at
 * the upper left (where higher is worse, the other way round); near misses on the grey cross. Null where answers have no margins.
 */
export function plotFlips(
  { id, typicalMargin, stayed }: Pick<BenchmarkChanges, 'id' | 'typicalMargin' | 'stayed'>,
  flips: readonly Flip[],
): Markup | null {
  const known = flips.filter(({ kind }) => kind !== 'unknown');
  if (typicalMargin === null || known.length === 0) return null;
  const near = position(NEAR_SHARE) - MIDDLE;
  const [lost, gained] = [true, false].map((isLost) => known.filter((flip) => flip.isLost === isLost));
  const confident = (list: readonly Flip[]) => list.filter(({ kind }) => kind === 'confident').length;
  // Where higher is worse, the answer that counts is the wrong one.
  const isInverted = findBenchmark(id)?.direction === 'lower';
  const ways = isInverted ? ['gained', 'lost'] : ['lost', 'gained'];
  const [right, wrong] = isInverted ? [stayed.wrong, stayed.right] : [stayed.right, stayed.wrong];
  const name = clip(nameOf(id), MAX_NAME);
  const told = [
    `${formatCount(lost!.length)} lost, ${formatCount(confident(lost!))} of them confident`,
    `${formatCount(gained!.length)} gained, ${formatCount(confident(gained!))} of them confident`,
  ].join('; ');
  return html`<figure data-benchmark="${id}"><svg class="strip" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="${name}: ${told}"><rect class="frame" width="${SIZE}" height="${SIZE}"/><path class="near" d="M0 ${MIDDLE - near}H${SIZE}v${2 * near}H0ZM${MIDDLE - near} 0h${2 * near}v${SIZE}h-${2 * near}Z"/><path class="zero" d="M0 ${MIDDLE}H${SIZE}M${MIDDLE} 0V${SIZE}"/>${dots(lost!, typicalMargin, 'bad')}${dots(gained!, typicalMargin, 'good')}<text x="${SIZE - 4}" y="${SIZE - 5}" text-anchor="end">${ways[0]!}</text><text x="4" y="13">${ways[1]!}</text></svg><figcaption><b>${name}</b> ${told}. ${plural(right, 'question')} stayed right, ${formatCount(wrong)} stayed wrong.</figcaption></figure>
`;
}

/** Where a margin of so many medians is: each step of the axis stands for a larger one, so that both near misses and clear answers have room. */
function position(medians: number): number {
  const share = Math.asinh(2 * medians) / Math.asinh(2 * REACH);
  return Math.round(MIDDLE + (MIDDLE - 3) * Math.max(-1, Math.min(1, share)));
}

/** One path of round dots: answers at one point are one dot. */
function dots(flips: readonly Flip[], typical: number, colour: string): Markup | null {
  const points = flips.map(({ before, after }) => {
    const [x, y] = [before.margin, after!.margin].map((margin) => position(margin! / typical));
    return x! * SIZE + (SIZE - y!);
  });
  if (points.length === 0) return null;
  let [lastX, lastY] = [0, 0];
  const path = [...new Set(points)]
    .sort((a, b) => a - b)
    .map((point) => {
      const [x, y] = [Math.floor(point / SIZE), point % SIZE];
      const step = `m${x - lastX} ${y - lastY}h0`;
      [lastX, lastY] = [x, y];
      return step;
    });
  return html`<path class="dots ${colour}" d="M0 0${path.join('')}"/>`;
}
