import type { Board } from '../../src/agreement/board.ts';
import { type AgreementRequest, measureAgreement } from '../../src/agreement/measure-agreement.ts';
import type { Agreement } from '../../src/agreement/schema.ts';
import { createRandom } from './random.ts';

/** `model-01`, `model-02`, ... */
export function modelNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `model-${String(i + 1).padStart(2, '0')}`);
}

export function makeScoreBoard(
  id: string,
  scores: Record<string, number>,
  { se = null, ...board }: Partial<Pick<Board, 'kind' | 'file'>> & { se?: number | null } = {},
): Board {
  return {
    ...{ id, kind: 'table', file: `${id}.csv` },
    ...board,
    scores: new Map(Object.entries(scores).map(([model, score]) => [model, { score, se }])),
  };
}

/** Scores of models that have the truth in common with other boards drawn of the same truth: `own` is how much is the board's alone. */
export function drawScores(
  truth: Record<string, number>,
  own: number,
  seed: number,
  scale: (value: number) => number = (value) => value,
): Record<string, number> {
  const random = createRandom(seed);
  return Object.fromEntries(
    Object.entries(truth).map(([model, value]) => [model, scale(value + own * random.normal())]),
  );
}

/** A true ability of each model, standard normal. */
export function drawTruth(count: number, seed: number): Record<string, number> {
  const random = createRandom(seed);
  return Object.fromEntries(modelNames(count).map((model) => [model, random.normal()]));
}

export function agreeOn(boards: readonly Board[], request: Partial<AgreementRequest> = {}): Agreement {
  return measureAgreement({
    ...{ boards, chosen: null, references: null, families: new Map(), changes: false },
    ...{ preset: null, seed: 1, notes: [] },
    ...request,
  });
}

/** A CSV of boards with the same models. */
export function toCsv(columns: Record<string, Record<string, number | string>>): string {
  const names = Object.keys(columns);
  const models = [...new Set(names.flatMap((name) => Object.keys(columns[name]!)))];
  const rows = models.map((model) => [model, ...names.map((name) => columns[name]![model] ?? '')].join(','));
  return `${[['model', ...names].join(','), ...rows].join('\n')}\n`;
}
