import type { JudgedGames, JudgeGame, JudgeLabel } from '../../src/judge/score/game.ts';
import { summariseGames } from '../../src/judge/score/judge-result.ts';
import type { LoadedRecord } from '../../src/record/schema.ts';
import type { Random } from './random.ts';
import { makeRecord, type Row } from './records.ts';

/** Verdicts of one question: with the reference's answer first, then with the model's. */
export type MadeVerdicts = [JudgeLabel | null, JudgeLabel | null];

/** Games of questions `q0`, `q1`, ... */
export function makeGames(verdicts: readonly MadeVerdicts[], from = 0): JudgeGame[] {
  return verdicts.flatMap(([referenceFirst, modelFirst], index) => {
    const common = { question: `q${from + index}`, answers: { model: null, reference: null } };
    return [
      { ...common, first: 'reference' as const, verdict: referenceFirst },
      { ...common, first: 'model' as const, verdict: modelFirst },
    ];
  });
}

export function makeBoard(games: readonly JudgeGame[], board: Partial<JudgedGames> = {}): JudgedGames {
  return {
    ...{ benchmark: 'arena-hard-v0.1', category: null, judge: 'a-judge', reference: 'a-reference' },
    ...board,
    games,
  };
}

/** A record that judges have seen, with the games or without. */
export function makeJudgedRecord(
  model: string,
  boards: readonly JudgedGames[],
  { keepGames = true, benchmarks = {} }: { keepGames?: boolean; benchmarks?: Record<string, Row> } = {},
): LoadedRecord {
  const loaded = makeRecord({
    model,
    benchmarks,
    edit: (record) => {
      record.judge = boards.map((board) => summariseGames(board));
    },
  });
  return keepGames ? { ...loaded, games: [...boards] } : loaded;
}

const LABELS: JudgeLabel[] = ['A>>B', 'A>B', 'A=B', 'B>A', 'B>>A'];

/** So many questions of a model that wins a game with that probability, both orders alike but for chance. */
export function randomVerdicts(random: Random, count: number, wins: number): MadeVerdicts[] {
  return Array.from({ length: count }, () => {
    const own = Math.min(0.98, Math.max(0.02, wins + 0.25 * random.normal()));
    const label = (first: number) => {
      const win = random.uniform() < first;
      const strong = random.uniform() < 0.4;
      if (random.uniform() < 0.1) return LABELS[2]!;
      return win ? LABELS[strong ? 0 : 1]! : LABELS[strong ? 4 : 3]!;
    };
    return [label(1 - own), label(own)];
  });
}
