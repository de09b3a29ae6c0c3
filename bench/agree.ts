/**
 * Agreement: 38 boards of 60 models, all 703 pairs with 10,000 permutations each (to be < 3 s); with `--coverage`, how often intervals hold the true
 * correlation, of 95% that they say.
 *
 *   node bench/agree.ts
 *   node bench/agree.ts --coverage [--rounds 4000]
 */
import { parseArgs } from 'node:util';
import { adjacentAgreement } from '../src/stats/correlation/adjacent-agreement.ts';
import { clusterBootstrap } from '../src/stats/correlation/cluster-bootstrap.ts';
import { kendallInterval, spearmanInterval } from '../src/stats/correlation/correlation-intervals.ts';
import { jackknife } from '../src/stats/correlation/jackknife.ts';
import { kendall } from '../src/stats/correlation/kendall.ts';
import { drawPermutations, spearmanPermutationP } from '../src/stats/correlation/permutations.ts';
import { serialSize } from '../src/stats/correlation/serial-size.ts';
import { spearman } from '../src/stats/correlation/spearman.ts';
import { tInterval } from '../src/stats/t-interval.ts';
import { createRandom } from '../test/support/random.ts';
import { agreeOn, drawScores, drawTruth, makeScoreBoard } from '../test/support/score-boards.ts';

const { values } = parseArgs({
  options: { coverage: { type: 'boolean', default: false }, rounds: { type: 'string', default: '4000' } },
});
const BOARDS = 38;
const MODELS = 60;

if (values.coverage) measureCoverage(Number(values.rounds));
else measureSpeed();

function measureSpeed(): void {
  const truth = drawTruth(MODELS, 1);
  const boards = Array.from({ length: BOARDS }, (_, i) =>
    makeScoreBoard(
      `board-${i}`,
      drawScores(truth, 0.5, 100 + i, (value) => 50 + 10 * value),
    ),
  );
  const before = process.cpuUsage();
  const started = performance.now();
  const { pairs, aggregate } = agreeOn(boards);
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - started) / 1000;
  process.stdout.write(
    `${pairs.length} pairs, ${aggregate.length} aggregates: ${wall.toFixed(2)} s, ` +
      `${((user + system) / 1e6).toFixed(2)} s of processor time (to be < 3)\n`,
  );
}

/** A correlated pair of normal variables for each of n models. */
function drawPairs(n: number, rho: number, normal: () => number): [x: number[], y: number[]] {
  const x: number[] = [];
  const y: number[] = [];
  for (let i = 0; i < n; i++) {
    const own = normal();
    x.push(own);
    y.push(rho * own + Math.sqrt(1 - rho * rho) * normal());
  }
  return [x, y];
}

function measureCoverage(rounds: number): void {
  const random = createRandom(20);
  const share = (work: () => [number, number] | null, truth: number) => {
    let inside = 0;
    let given = 0;
    for (let i = 0; i < rounds; i++) {
      const ci = work();
      if (ci === null) continue;
      given++;
      if (ci[0] <= truth && truth <= ci[1]) inside++;
    }
    return `${((100 * inside) / given).toFixed(1)}%`;
  };
  const print = (label: string, cells: readonly string[]) =>
    process.stdout.write(`${label.padEnd(44)}${cells.map((cell) => cell.padStart(8)).join('')}\n`);
  const RHOS = [0, 0.3, 0.6, 0.9];
  const SIZES = [8, 12, 20, 32, 60];
  process.stdout.write(`${rounds} samples a cell, normal scores; columns: correlation ${RHOS.join(', ')}\n`);
  for (const n of SIZES) {
    print(
      `Spearman, Bonett and Wright, n ${n}`,
      RHOS.map((rho) =>
        share(
          () => {
            const [x, y] = drawPairs(n, rho, random.normal);
            return spearmanInterval(spearman(x, y)!, n, 0.95);
          },
          (6 / Math.PI) * Math.asin(rho / 2),
        ),
      ),
    );
    print(
      `Kendall, Fieller, n ${n}`,
      RHOS.map((rho) =>
        share(
          () => {
            const [x, y] = drawPairs(n, rho, random.normal);
            return kendallInterval(kendall(x, y)!, n, 0.95);
          },
          (2 / Math.PI) * Math.asin(rho),
        ),
      ),
    );
  }
  coverFamilies(share, print, random);
  coverChanges(share, print, random);
  coverAdjacent(share, print, random);
  falseAlarms(rounds, print, random);
}

type Share = (work: () => [number, number] | null, truth: number) => string;
type Print = (label: string, cells: readonly string[]) => void;
type Source = ReturnType<typeof createRandom>;

/** Families of three models that share nine tenths of their variance. */
function coverFamilies(share: Share, print: Print, { normal, integer }: Source): void {
  for (const count of [8, 12, 20]) {
    const groups = Array.from({ length: count }, (_, i) => [3 * i, 3 * i + 1, 3 * i + 2]);
    const draw = (rho: number) => {
      const [bx, by] = drawPairs(count, rho, normal);
      const [ox, oy] = drawPairs(3 * count, rho, normal);
      const mix = (base: number[], own: number[]) =>
        own.map((value, i) => Math.sqrt(0.9) * base[Math.floor(i / 3)]! + Math.sqrt(0.1) * value);
      return [mix(bx, ox), mix(by, oy)] as const;
    };
    for (const [name, isByFamily] of [
      ['by family', true],
      ['as if models stood alone', false],
    ] as const) {
      print(
        `Spearman, ${count} families of 3, ${name}`,
        [0, 0.3, 0.6, 0.9].map((rho) =>
          share(
            () => {
              const [x, y] = draw(rho);
              if (!isByFamily) return spearmanInterval(spearman(x, y)!, x.length, 0.95);
              const statistic = (members: readonly number[]) =>
                spearman(
                  members.map((i) => x[i]!),
                  members.map((i) => y[i]!),
                );
              return clusterBootstrap(groups, statistic, { draws: 200, level: 0.95, integer });
            },
            (6 / Math.PI) * Math.asin(rho / 2),
          ),
        ),
      );
    }
  }
}

/** Differences of consecutive scores of which nothing, half, or all is noise of the questions. */
function coverChanges(share: Share, print: Print, { normal }: Source): void {
  for (const n of [20, 40]) {
    for (const noise of [0, 0.5, 1]) {
      const walk = (steps: readonly number[], errors: readonly number[]) => {
        let level = 0;
        const scores = errors.map((error, i) => {
          level += Math.sqrt(1 - noise) * (steps[i] ?? 0);
          return level + Math.sqrt(noise / 2) * error;
        });
        return scores.slice(1).map((score, i) => score - scores[i]!);
      };
      print(
        `changes, ${n} records, ${100 * noise}% noise`,
        [0, 0.3, 0.6, 0.9].map((rho) =>
          share(
            () => {
              const [sx, sy] = drawPairs(n, rho, normal);
              const [ex, ey] = drawPairs(n, rho, normal);
              const [x, y] = [walk(sx, ex), walk(sy, ey)];
              return spearmanInterval(spearman(x, y)!, serialSize(x, y), 0.95);
            },
            (6 / Math.PI) * Math.asin(rho / 2),
          ),
        ),
      );
    }
  }
}

/** Neighbours within half a standard deviation; the true agreement from one sample of 3,000. */
function coverAdjacent(share: Share, print: Print, { normal }: Source): void {
  const all = (n: number) => Array.from({ length: n }, (_, i) => i);
  const RHOS = [0, 0.3, 0.6, 0.9];
  const truths = RHOS.map((rho) => {
    const [x, y] = drawPairs(3000, rho, normal);
    return adjacentAgreement(x, y, 0.5, all(3000))!.agreement;
  });
  for (const n of [12, 20, 32, 60]) {
    print(
      `within 0.5 sd, jackknife, n ${n}`,
      RHOS.map((rho, at) =>
        share(() => {
          const [x, y] = drawPairs(n, rho, normal);
          const estimate = jackknife(
            all(n).map((i) => [i]),
            (members) => adjacentAgreement(x, y, 0.5, members)?.agreement ?? null,
          );
          return estimate === null ? null : tInterval(estimate, 0.95);
        }, truths[at]!),
      ),
    );
  }
}

/** How often p < 0.05 where the two sides have nothing to do with one another. */
function falseAlarms(rounds: number, print: Print, { normal, integer }: Source): void {
  for (const n of [8, 20, 60]) {
    const drawn = drawPermutations(n, 999, integer);
    let found = 0;
    for (let i = 0; i < rounds; i++) {
      const [x, y] = drawPairs(n, 0, normal);
      if (spearmanPermutationP(x, y, drawn)! < 0.05) found++;
    }
    print(`p < 0.05 by permutations, n ${n}`, [`${((100 * found) / rounds).toFixed(1)}%`]);
  }
}
