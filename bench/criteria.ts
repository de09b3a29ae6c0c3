/**
 * Weights of a judge's criteria: 500 questions, 5 criteria, 1,000 redraws (to be < 2 s); with `--coverage`, how often intervals of R² and of shares hold
 * the true value, of 95% that they say.
 *
 *   node bench/criteria.ts
 *   node bench/criteria.ts --coverage [--rounds 1000]
 */
import { parseArgs } from 'node:util';
import { weighCriteria } from '../src/judge/criteria/weights.ts';
import { JUDGE_LABELS, type JudgeGame, type JudgeLabel } from '../src/judge/score/game.ts';
import { correlationMatrix } from '../src/stats/importance/correlation-matrix.ts';
import { shapleyValues } from '../src/stats/importance/shapley-values.ts';
import { subsetFits } from '../src/stats/importance/subset-fits.ts';
import { CRITERIA } from '../src/suite/judge-criteria.ts';
import {
  makeCriteriaAnswers,
  type PlantedCriteria,
  sayByCriterion,
} from '../test/support/fake-criteria-judge.ts';
import { createRandom, type Random } from '../test/support/random.ts';

const { values } = parseArgs({
  options: { coverage: { type: 'boolean', default: false }, rounds: { type: 'string', default: '1000' } },
});

const JUDGES: [what: string, judge: PlantedCriteria, together: number][] = [
  [
    'five alike',
    {
      weights: { correctness: 0.45, completeness: 0.45, safety: 0.45, conciseness: 0.45, style: 0.45 },
      noise: 0.3,
    },
    0,
  ],
  ['one above all, going together', { weights: { correctness: 0.9, style: 0.3 }, noise: 0.3 }, 0.6],
  ['hidden length', { weights: { correctness: 0.4, style: 0.2 }, length: 0.9, noise: 0.3 }, 0.3],
];

if (values.coverage) measureCoverage(Number(values.rounds));
else measureSpeed();

function measureSpeed(): void {
  const games = drawGames(JUDGES[0]![1], 500, 0.3, createRandom(1));
  const before = process.cpuUsage();
  const started = performance.now();
  weighCriteria(games, {});
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(
    `500 questions, 5 criteria, 1,000 redraws: ${wall.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of processor time (to be < 2)\n`,
  );
}

function drawGames(judge: PlantedCriteria, count: number, together: number, random: Random): JudgeGame[] {
  const alike = (own: number[]) => {
    const common = Math.sqrt(together) * random.normal();
    return own.map((quality) => common + Math.sqrt(1 - together) * quality);
  };
  return makeCriteriaAnswers(random, count, alike).flatMap(({ model, reference }) =>
    (['reference', 'model'] as const).map((first): JudgeGame => {
      const pair = first === 'model' ? ([model, reference] as const) : ([reference, model] as const);
      const { overall, ...criteria } = sayByCriterion(judge, pair, random);
      return {
        ...{ question: `q${model.question}`, first, verdict: overall, criteria },
        answers: { model: null, reference: null },
      };
    }),
  );
}

function measureCoverage(rounds: number): void {
  for (const [what, judge, together] of JUDGES) {
    const truth = trueWeights(drawGames(judge, 50_000, together, createRandom(2)));
    for (const count of [100, 250]) {
      const random = createRandom(3);
      let r2 = 0;
      let refused = 0;
      const shares = new Map(CRITERIA.map((name) => [name, 0]));
      for (let round = 0; round < rounds; round++) {
        const found = weighCriteria(drawGames(judge, count, together, random), {});
        if (found.r2 === null || found.shares.length !== CRITERIA.length) {
          refused++;
          continue;
        }
        const holds = ([low, high]: readonly [number, number], value: number) =>
          low <= value && value <= high;
        if (holds(found.r2.ci, truth.r2)) r2++;
        for (const [at, name] of CRITERIA.entries())
          if (holds(found.shares[at]!.ci, truth.shares[at]!)) shares.set(name, shares.get(name)! + 1);
      }
      const percent = (held: number) => `${((100 * held) / (rounds - refused)).toFixed(1)}%`;
      process.stdout.write(
        `${what}, ${count} questions: R² ${truth.r2.toFixed(2)} ${percent(r2)}; shares ${CRITERIA.map((name, at) => `${truth.shares[at]!.toFixed(2)} ${percent(shares.get(name)!)}`).join(', ')}; refused ${refused}\n`,
      );
    }
  }
}

/** With so many questions that chance is out of it. */
function trueWeights(games: readonly JudgeGame[]): { r2: number; shares: number[] } {
  const value = (label: JudgeLabel | null, { first }: JudgeGame) =>
    (first === 'model' ? 1 : -1) * (2 - JUDGE_LABELS.indexOf(label!));
  const column = (labelOf: (game: JudgeGame) => JudgeLabel | null) =>
    Float64Array.from({ length: games.length / 2 }, (_, n) => {
      const [one, other] = [games[2 * n]!, games[2 * n + 1]!];
      return (value(labelOf(one), one) + value(labelOf(other), other)) / 2;
    });
  const columns = [
    ...CRITERIA.map((name) => column((game) => game.criteria![name]!)),
    column((game) => game.verdict),
  ];
  const fits = subsetFits(correlationMatrix(columns, null), CRITERIA.length);
  const r2 = fits.at(-1)!;
  return { r2, shares: [...shapleyValues(fits, CRITERIA.length)].map((share) => share / r2) };
}
